/** The trainer's signature of a half-day (*contre-émargement*): their own, and of nobody else. */
import { assertAccount } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { forbidden } from '../../platform/problems.ts'
import { alreadySigned } from '../attendance.problems.ts'
import { appendEvents, type LedgerEntry, ledgerTime } from '../ledger/ledger.service.ts'
import { canonicalJson } from '../ledger/ledger.ts'
import { originOf } from '../signing/signature-recording.ts'
import { assertDrawn, type Strokes } from '../signing/strokes.ts'
import { assertBegun, lockSlotTo } from '../slot-access.ts'
import { sealingPermissions as may } from './sealing.permissions.ts'
import * as queries from './sealing.queries.ts'
import type { CountersignatureInput } from './sealing.schema.ts'
import { assertNotSealed } from './sealing-state.ts'

export type Countersignature = { slotId: string; personId: string; signedAt: Temporal.Instant }

/**
 * Signs for a half-day as one of its trainers; each of several may. The same strokes again are answered with what
 * stands. Throws 403 to a trainer of other half-days, 409 before it begins, once it is sealed, and on other strokes.
 */
export async function countersign(
  ctx: Ctx,
  slotId: string,
  { strokes }: CountersignatureInput,
): Promise<Countersignature> {
  const { personId } = assertAccount(ctx.actor)
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['attendance.countersign'])
    const trainers = await queries.listSlotTrainers(ctx.db, session.id)
    const isTheirs = (one: (typeof trainers)[number]) => one.slotId === slot.id && one.personId === personId
    if (!trainers.some((one) => isTheirs(one) && one.isEngaged)) throw forbidden()
    const standing = await queries.findCountersignature(ctx.db, { slotId: slot.id, personId })
    if (standing && canonicalJson(standing.strokes) === canonicalJson(strokes)) return standing
    if (standing) throw alreadySigned()
    assertDrawn(strokes, '/strokes')
    assertBegun(ctx, session, slot)
    await assertNotSealed(ctx.db, [slot.id])
    return record(ctx, session.id, { slotId: slot.id, personId, strokes, signedAt: ledgerTime(ctx) })
  })
}

/** A trainer's signature as it was drawn, at once or on a device without a network. */
type TrainerSignature = {
  slotId: string
  personId: string
  strokes: Strokes
  /** In milliseconds (`ledgerTime`). */
  signedAt: Temporal.Instant
  /** Of a device without a network: its own time, and what it calls the event. */
  device?: { deviceAt: Temporal.Instant; clientId: string }
  /** The half-day was sealed when it arrived: it changes nothing. */
  isLate?: boolean
}

/** What the ledger says of a trainer's signature, with where it came from. */
export function countersignatureEntry(
  ctx: Pick<TrxCtx, 'client'>,
  { slotId, personId, strokes, signedAt, device, isLate = false }: TrainerSignature,
): LedgerEntry {
  return {
    statement: {
      kind: 'countersignature',
      slotId,
      personId,
      signedAt: signedAt.toString(),
      deviceAt: device?.deviceAt.toString() ?? null,
      clientId: device?.clientId ?? null,
      isLate,
    },
    payload: { strokes, ...originOf(ctx) },
  }
}

async function record(
  ctx: TrxCtx,
  sessionId: string,
  signature: TrainerSignature,
): Promise<Countersignature> {
  const { slotId, personId, signedAt } = signature
  const entries = [countersignatureEntry(ctx, signature)]
  for (const { id: eventId } of await appendEvents(ctx, sessionId, entries, 'attendance.countersign'))
    await queries.insertCountersignature(ctx.db, {
      slotId,
      personId,
      sessionId,
      signedAt,
      deviceAt: null,
      eventId,
    })
  return { slotId, personId, signedAt }
}
