/** Present and unsigned: the trainer says why (a hand in plaster, a refusal). */
import type { SessionRow } from '../../planning/session.queries.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { invalidField } from '../../platform/problems.ts'
import { alreadySigned } from '../attendance.problems.ts'
import { lockEnrolments } from '../attendance.queries.ts'
import { appendEvents } from '../ledger/ledger.service.ts'
import { assertBegun, lockSlotTo } from '../slot-access.ts'
import { sealingPermissions as may } from './sealing.permissions.ts'
import { alreadyWaived, notPresent } from './sealing.problems.ts'
import type { WaiverRow } from './sealing.queries.ts'
import * as queries from './sealing.queries.ts'
import type { WaiverInput } from './sealing.schema.ts'
import { assertNotSealed } from './sealing-state.ts'

/**
 * Says why a learner who was present did not sign. The same again is answered with what stands. Throws 409 unless they
 * are marked present, once they have signed, on another reason than the one that stands, and on a sealed half-day.
 */
export async function waiveSignature(ctx: Ctx, slotId: string, input: WaiverInput): Promise<WaiverRow> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['attendance.waive'])
    await lockEnrolments(ctx.db, [input.enrolmentId])
    const learners = await queries.listSlotLearners(ctx.db, slot)
    const learner = learners.find(({ enrolmentId }) => enrolmentId === input.enrolmentId)
    if (!learner)
      throw invalidField('/enrolmentId', 'not-of-this-session', 'is not a learner of this half-day')
    const waiver = { slotId: slot.id, enrolmentId: learner.enrolmentId, ...reasonOf(input) }
    const standing = (await queries.listWaivers(ctx.db, { sessionId: session.id, slotId: slot.id })).find(
      ({ enrolmentId }) => enrolmentId === learner.enrolmentId,
    )
    if (standing?.reasonCode === waiver.reasonCode && standing.note === waiver.note) return standing
    assertBegun(ctx, session, slot)
    await assertNotSealed(ctx.db, [slot.id])
    if (standing) throw alreadyWaived()
    if (learner.signature !== null) throw alreadySigned()
    if (learner.markStatus !== 'present' && learner.markStatus !== 'partial') throw notPresent()
    await record(ctx, session, waiver)
    return waiver
  })
}

function reasonOf({ reasonCode, note }: WaiverInput) {
  return { reasonCode, note: note ?? null }
}

async function record(ctx: TrxCtx, session: SessionRow, { note, ...waiver }: WaiverRow): Promise<void> {
  const events = await appendEvents(
    ctx,
    session.id,
    [{ statement: { kind: 'waiver', ...waiver }, payload: note === null ? {} : { note } }],
    'attendance.waive',
  )
  for (const { id: eventId } of events)
    await queries.insertWaiver(ctx.db, { ...waiver, sessionId: session.id, eventId })
}
