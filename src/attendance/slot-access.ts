/** How verbs on the attendance of a half-day begin. */
import { slotCancelled } from '../planning/planning.problems.ts'
import { isHeld, stands } from '../planning/planning.rules.ts'
import { findSlot, type SessionRow, type SlotRow } from '../planning/session.queries.ts'
import { authoriseOnSession, findSessionTo } from '../planning/session-access.ts'
import { nothingFor, type Relation } from '../platform/access.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { sessionNotHeld, slotNotStarted } from './attendance.problems.ts'
import { lockSessionOfSlot } from './attendance.queries.ts'

/** The slot and its session, to be read. Throws 401, 403 and 404 as `findSessionTo`. */
export async function findSlotTo(
  ctx: Ctx | TrxCtx,
  slotId: string,
  act: readonly Relation[],
): Promise<{ session: SessionRow; slot: SlotRow }> {
  const slot = await findSlot(ctx.db, slotId)
  if (!slot) throw nothingFor(ctx.actor)
  return { slot, session: await findSessionTo(ctx, slot.sessionId, act) }
}

/**
 * The slot, and its session locked against everybody else who marks, signs or seals in it. Throws 401, 403 and 404 as
 * `lockSessionTo`.
 */
export async function lockSlotTo(
  ctx: TrxCtx,
  slotId: string,
  act: readonly Relation[],
): Promise<{ session: SessionRow; slot: SlotRow }> {
  const session = await lockSessionOfSlot(ctx.db, slotId)
  if (!session) throw nothingFor(ctx.actor)
  await authoriseOnSession(ctx, session, act)
  const slot = await findSlot(ctx.db, slotId)
  if (!slot) throw nothingFor(ctx.actor)
  return { session, slot }
}

/** Throws 409 in a session that is a draft or cancelled. */
export function assertHeld(session: SessionRow): void {
  if (!isHeld(session.status)) throw sessionNotHeld()
}

/** Throws as `assertHeld`, and 409 for a half-day that was cancelled, and before it begins. */
export function assertBegun(ctx: TrxCtx, session: SessionRow, slot: SlotRow): void {
  assertHeld(session)
  if (!stands(slot)) throw slotCancelled()
  if (Temporal.Instant.compare(ctx.now(), slot.startsAt) < 0)
    throw slotNotStarted({ detail: `The slot starts at ${slot.startsAt}.` })
}
