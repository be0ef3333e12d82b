/** Changing a slot of which attendance may have been recorded: the ledger keeps it as it was, and as it became. */
import { planningPermissions } from '../planning/planning.permissions.ts'
import { stands } from '../planning/planning.rules.ts'
import type { SlotPatch } from '../planning/planning.schema.ts'
import { type SlotView, viewSlot } from '../planning/session-view.ts'
import * as slots from '../planning/slot.service.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { signedBefore } from './attendance.problems.ts'
import { appendEvents } from './ledger/ledger.service.ts'
import { assertNotSealed } from './sealing/sealing-state.ts'
import { lockSlotTo } from './slot-access.ts'
import { firstSignedAt, isRecorded } from './slot-changes.queries.ts'

/**
 * Changes a slot as planning does. Once attendance has been recorded in it, the ledger keeps its time and trainers as they
 * were and as they became, with the reason if one is given; marks keep their minutes, and those that no longer fit must be
 * made again before the half-day is sealed or the session closed. Throws as `changeSlot`, 409 on a sealed half-day and
 * where somebody would have signed before it begins.
 */
export async function changeSlot(
  ctx: Ctx,
  id: string,
  patch: SlotPatch,
  ifMatch: number | '*',
): Promise<SlotView> {
  return keepingBoth(ctx, id, patch.reason, (ctx) => slots.changeSlot(ctx, id, patch, ifMatch))
}

/**
 * Cancels a slot as planning does: what was attended in it counts nowhere any more, and stays in the ledger. Throws as
 * `cancelSlot`, 409 on a sealed half-day.
 */
export async function cancelSlot(ctx: Ctx, id: string, reason: string): Promise<SlotView> {
  return keepingBoth(ctx, id, reason, (ctx) => slots.cancelSlot(ctx, id, reason))
}

async function keepingBoth(
  ctx: Ctx,
  id: string,
  reason: string | undefined,
  change: (ctx: TrxCtx) => Promise<SlotView>,
): Promise<SlotView> {
  return inTransaction(ctx, async (ctx) => {
    const { session } = await lockSlotTo(ctx, id, planningPermissions['session.change'])
    const before = await viewSlot(ctx, session, id)
    const after = await change(ctx)
    if (after.version === before.version) return after
    await assertNotSealed(ctx.db, [id])
    await assertNotSignedBefore(ctx, before, after)
    const [was, is] = [stateOf(before), stateOf(after)]
    if (JSON.stringify(was) === JSON.stringify(is) || !(await isRecorded(ctx.db, id))) return after
    const statement = { kind: 'slotChange' as const, slotId: id, before: was, after: is }
    await appendEvents(ctx, session.id, [{ statement, payload: { reason } }], 'attendance.slotChange')
    return after
  })
}

/** A signature is never replaced: who has signed could not sign the half-day when it is held. */
async function assertNotSignedBefore(ctx: TrxCtx, before: SlotView, after: SlotView): Promise<void> {
  if (Temporal.Instant.compare(after.startsAt, before.startsAt) <= 0) return
  const signedAt = await firstSignedAt(ctx.db, after.id)
  if (signedAt && Temporal.Instant.compare(signedAt, after.startsAt) < 0) throw signedBefore()
}

/** What of a slot bears on the evidence: who held it counts as much as when. */
function stateOf(slot: SlotView) {
  return {
    startsAt: slot.startsAt.toString(),
    endsAt: slot.endsAt.toString(),
    heldOn: slot.heldOn,
    modality: slot.modality,
    trainerPersonIds: slot.trainerPersonIds.toSorted(),
    isCancelled: !stands(slot),
  }
}
