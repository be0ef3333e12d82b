/** From signatures to events in the ledger and the rows that they lead to. */
import type { SessionRow, SlotRow } from '../../planning/session.queries.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { sessionClosed, sheetSealed } from '../attendance.problems.ts'
import { factsOf } from '../attendance.rules.ts'
import type { AppendedEvent, LedgerEntry } from '../ledger/ledger.service.ts'
import type { EventPayload, SigningWay } from '../ledger/ledger-event.ts'
import { markKey, signatureCounts } from '../ledger/ledger-fold.ts'
import { type MarkDecision, markEntry } from '../mark-recording.ts'
import { assertBegun } from '../slot-access.ts'
import { type SignatureRow, upsertSignatures } from './signature.queries.ts'
import { fingerprintOf, type Strokes } from './strokes.ts'

export type LearnerSignature = {
  slot: Pick<SlotRow, 'id'>
  enrolment: { id: string; personId: string }
  way: SigningWay
  /** In milliseconds (`ledgerTime`). */
  signedAt: Temporal.Instant
  deviceAt?: Temporal.Instant | null | undefined
  /** What a device without a network calls it. */
  clientId?: string | null
  /** The person who handed over their device, showed the link on it, or read the signature on paper. */
  handedOverBy?: string | null
  linkId?: string | null
  scanId?: string | null
  /** Null: on paper. */
  strokes: Strokes | null
  /** The half-day was sealed when it arrived: it changes nothing. */
  isLate?: boolean
}

/**
 * Throws 409 once the half-day is sealed, in a session that is a draft or cancelled, before the half-day begins, and where
 * the signature would be the first that is heard of somebody in a session that is closed.
 */
export function assertSignable(
  ctx: TrxCtx,
  session: SessionRow,
  slot: SlotRow & { sealedAt: Temporal.Instant | null },
  isMarked: boolean,
): void {
  if (slot.sealedAt) throw sheetSealed()
  assertBegun(ctx, session, slot)
  if (session.status === 'closed' && !isMarked) throw sessionClosed()
}

/** What the ledger says of a signature, with where it came from. */
export function signatureEntry(ctx: Pick<TrxCtx, 'client'>, signature: LearnerSignature): LedgerEntry {
  const { slot, enrolment, way, signedAt, deviceAt, strokes } = signature
  return {
    statement: {
      kind: 'signature',
      slotId: slot.id,
      enrolmentId: enrolment.id,
      personId: enrolment.personId,
      way,
      signedAt: signedAt.toString(),
      deviceAt: deviceAt?.toString() ?? null,
      clientId: signature.clientId ?? null,
      handedOverBy: signature.handedOverBy ?? null,
      linkId: signature.linkId ?? null,
      scanId: signature.scanId ?? null,
      isLate: signature.isLate ?? false,
    },
    payload: { ...(strokes && { strokes }), ...originOf(ctx) },
  }
}

const longestUserAgent = 500

/** The address and what the browser says of itself. */
export function originOf({ client }: Pick<TrxCtx, 'client'>): Pick<EventPayload, 'address' | 'userAgent'> {
  return {
    ...(client?.address !== undefined && { address: client.address }),
    ...(client?.userAgent !== undefined && { userAgent: client.userAgent.slice(0, longestUserAgent) }),
  }
}

/** Of whom nobody has decided anything: they were there, since they signed. */
export function presenceEntry(
  session: Parameters<typeof factsOf>[2],
  slot: MarkDecision['slot'] & Parameters<typeof factsOf>[1],
  enrolmentId: string,
  signedAt: Temporal.Instant,
): LedgerEntry {
  const facts = factsOf({ enrolmentId, status: 'present' }, slot, session)
  return markEntry({ slot, enrolmentId, facts, source: 'signature', decidedAt: signedAt })
}

type StandingSignature = Pick<SignatureRow, 'signedAt' | 'clientId' | 'sequence' | 'way' | 'handedOverBy'>

/**
 * Brings the signatures to what events just appended state, where these count before what stands (`standing`, by
 * `markKey`); other kinds are passed over. `entries` are those that were appended, in the same order.
 */
export async function projectSignatures(
  ctx: TrxCtx,
  session: { id: string },
  entries: readonly LedgerEntry[],
  appended: readonly AppendedEvent[],
  standing: ReadonlyMap<string, StandingSignature> = new Map(),
): Promise<void> {
  const first = new Map(
    [...standing].map(([key, row]) => [key, { ...row, signedAt: row.signedAt.toString() }]),
  )
  const rows = new Map<string, Parameters<typeof upsertSignatures>[1][number]>()
  for (const [index, { id, sequence, statement }] of appended.entries()) {
    if (statement.kind !== 'signature' || statement.isLate) continue
    const key = markKey(statement)
    const place = { ...statement, sequence }
    const before = first.get(key)
    if (before && !signatureCounts(place, before)) continue
    first.set(key, place)
    const strokes = entries[index]?.payload?.strokes
    rows.set(key, {
      slotId: statement.slotId,
      enrolmentId: statement.enrolmentId,
      sessionId: session.id,
      way: statement.way,
      signedAt: Temporal.Instant.from(statement.signedAt),
      deviceAt: statement.deviceAt === null ? null : Temporal.Instant.from(statement.deviceAt),
      fingerprint: strokes ? fingerprintOf(strokes) : null,
      scanId: statement.scanId,
      eventId: id,
    })
  }
  await upsertSignatures(ctx.db, [...rows.values()])
}
