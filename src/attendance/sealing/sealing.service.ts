/** A half-day is closed for good (*scellement*): what it stands on is named in the ledger, and signed. */
import type { SessionRow, SlotRow } from '../../planning/session.queries.ts'
import { type Actor, isAdmin, personIdOf } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { forbidden } from '../../platform/problems.ts'
import { appendEvents } from '../ledger/ledger.service.ts'
import { queueSealReceipt } from '../ledger/ledger-receipt.ts'
import { assertBegun, lockSlotTo } from '../slot-access.ts'
import { sealingPermissions as may } from './sealing.permissions.ts'
import { notOnPaper, notReadyToSeal, slotNotEnded } from './sealing.problems.ts'
import type { Seal } from './sealing.queries.ts'
import * as queries from './sealing.queries.ts'
import { isOnPaper, missingForSeal, type SlotLearner, type SlotTrainer } from './sealing.rules.ts'

/**
 * Seals a half-day as one of its trainers; an admin one that was signed on paper. Sealed already: the seal that stands.
 * Throws 403 to a trainer of other half-days; 409 before the half-day has ended, and naming whoever neither signed nor
 * was absent or unsigned for a reason.
 */
export async function sealSlot(ctx: Ctx, slotId: string): Promise<Seal> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['attendance.seal'])
    const grounds = await groundsOf(ctx, slot)
    assertMaySeal(ctx.actor, grounds.trainers)
    const standing = await queries.findSeal(ctx.db, slot.id)
    if (standing) return standing
    assertBegun(ctx, session, slot)
    if (Temporal.Instant.compare(ctx.now(), slot.endsAt) < 0)
      throw slotNotEnded({ detail: `The slot ends at ${slot.endsAt}.` })
    assertReady(ctx.actor, grounds)
    return record(ctx, session, slot, grounds)
  })
}

/** What a seal stands on. */
type Grounds = { learners: SlotLearner[]; trainers: SlotTrainer[]; scanIds: string[] }

async function groundsOf(ctx: TrxCtx, slot: SlotRow): Promise<Grounds> {
  const trainers = await queries.listSlotTrainers(ctx.db, slot.sessionId)
  return {
    learners: await queries.listSlotLearners(ctx.db, slot),
    trainers: trainers.filter(({ slotId }) => slotId === slot.id),
    scanIds: await queries.listScanIds(ctx.db, slot.id),
  }
}

/** Who teaches in another half-day alone does not close this one. */
function assertMaySeal(actor: Actor, trainers: readonly SlotTrainer[]): void {
  if (!isTrainerOf(actor, trainers) && !isAdmin(actor)) throw forbidden()
}

function isTrainerOf(actor: Actor, trainers: readonly SlotTrainer[]): boolean {
  const personId = personIdOf(actor)
  return trainers.some((trainer) => trainer.isEngaged && trainer.personId === personId)
}

function assertReady(actor: Actor, { learners, trainers, scanIds }: Grounds): void {
  const onPaper = isOnPaper(learners, scanIds)
  if (!onPaper && !isTrainerOf(actor, trainers)) throw notOnPaper()
  const missing = missingForSeal(learners, trainers, { isOnPaper: onPaper })
  if (missing) throw notReadyToSeal({ extra: { missing } })
}

async function record(ctx: TrxCtx, session: SessionRow, slot: SlotRow, grounds: Grounds): Promise<Seal> {
  const { trainers, scanIds } = grounds
  const trainerPersonId = isTrainerOf(ctx.actor, trainers) ? (personIdOf(ctx.actor) ?? null) : null
  const statement = {
    kind: 'seal' as const,
    slotId: slot.id,
    trainerPersonId,
    slotStartsAt: slot.startsAt.toString(),
    slotEndsAt: slot.endsAt.toString(),
    learners: grounds.learners.flatMap(({ enrolmentId, mark, signature, waiver }) =>
      mark === null ? [] : [{ enrolmentId, mark, signature, waiver }],
    ),
    countersignatures: trainers.flatMap(({ countersignature }) => countersignature ?? []),
    scanIds,
  }
  const [event] = await appendEvents(ctx, session.id, [{ statement }], 'attendance.seal')
  if (!event) throw new Error('a seal is always news')
  const seal = {
    slotId: slot.id,
    sessionId: session.id,
    sealedAt: event.recordedAt,
    trainerPersonId,
    eventId: event.id,
  }
  await queries.insertSeal(ctx.db, seal)
  await queueSealReceipt(ctx, { session, slot, trainerPersonId, event })
  const { sequence, hash, keyId, signature } = event
  return { ...seal, sequence, hash, keyId, signature }
}
