/** Correcting what is sealed (*avenant à la feuille d'émargement*): kept beside what it corrects, never in its place. */
import type { Ctx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { listMarks, type MarkRow } from '../attendance.queries.ts'
import { recordMarks } from '../attendance.service.ts'
import { lockSlotTo } from '../slot-access.ts'
import { sealingPermissions as may } from './sealing.permissions.ts'
import { notSealed } from './sealing.problems.ts'
import { findSeal } from './sealing.queries.ts'
import type { AddendumInput } from './sealing.schema.ts'

/**
 * Corrects marks of a sealed half-day, with a reason; what already stands makes no event. Returns all marks of the
 * half-day, learners by name. Throws 409 unless it is sealed, 422 with a pointer to each mark that cannot be.
 */
export async function addAddendum(
  ctx: Ctx,
  slotId: string,
  { marks, reason }: AddendumInput,
): Promise<MarkRow[]> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['attendance.correct'])
    const seal = await findSeal(ctx.db, slot.id)
    if (!seal) throw notSealed()
    await recordMarks(ctx, session, [{ slot, marks }], { reason, addendumTo: seal })
    return listMarks(ctx.db, { slotIds: [slot.id] })
  })
}
