/** From decisions about learners to events in the ledger and the marks that they lead to. */
import type { SessionRow, SlotRow } from '../planning/session.queries.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { type MarkRow, upsertMarks } from './attendance.queries.ts'
import type { MarkFacts } from './attendance.rules.ts'
import type { AppendedEvent, LedgerEntry } from './ledger/ledger.service.ts'
import type { MarkSource, Statement } from './ledger/ledger-event.ts'
import { type Decision, markKey, outranks } from './ledger/ledger-fold.ts'

/** The marks that stand, by `markKey`. */
export type CurrentMarks = ReadonlyMap<string, MarkRow>

export type MarkDecision = {
  slot: Pick<SlotRow, 'id' | 'startsAt' | 'endsAt'>
  enrolmentId: string
  facts: MarkFacts
  source: Exclude<MarkSource, 'addendum'>
  decidedAt: Temporal.Instant
  /** Why evidence is corrected. */
  reason?: string | undefined
  /** Of a device that recorded it without a network: its own time, and what it calls the event. */
  device?: { deviceAt: Temporal.Instant; clientId: string }
  /** The half-day was sealed when it arrived: it changes nothing. */
  isLate?: boolean
}

/** What the ledger says of a decision. */
export function markEntry(decision: MarkDecision): LedgerEntry {
  const { source, device, isLate = false } = decision
  return {
    statement: {
      kind: 'mark',
      ...statedFacts(decision),
      source,
      deviceAt: device?.deviceAt.toString() ?? null,
      clientId: device?.clientId ?? null,
      isLate,
    },
    payload: { note: decision.facts.note ?? undefined, reason: decision.reason },
  }
}

/** A decision about a sealed half-day, by an admin: it outranks whatever was sealed. */
export function addendumEntry(decision: MarkDecision, sealEventId: string): LedgerEntry {
  return {
    statement: {
      kind: 'addendum',
      ...statedFacts(decision),
      source: 'addendum',
      deviceAt: null,
      clientId: null,
      isLate: false,
      sealEventId,
    },
    payload: { note: decision.facts.note ?? undefined, reason: decision.reason },
  }
}

/** What a mark and an addendum state alike. */
function statedFacts({
  slot,
  enrolmentId,
  facts,
  decidedAt,
}: Pick<MarkDecision, 'slot' | 'enrolmentId' | 'facts' | 'decidedAt'>) {
  return {
    slotId: slot.id,
    enrolmentId,
    status: facts.status,
    minutes: facts.attendedMinutes,
    reasonCode: facts.reasonCode,
    justified: facts.justified,
    heldOn: facts.heldOn,
    attendanceKind: facts.kind,
    decidedAt: decidedAt.toString(),
    arrivedAt: facts.arrivedAt?.toString() ?? null,
    leftAt: facts.leftAt?.toString() ?? null,
    slotStartsAt: slot.startsAt.toString(),
    slotEndsAt: slot.endsAt.toString(),
  }
}

/** When a decision was made by whom sees what stands: after that, also where the clock was set back. */
export function decidedAfter(now: Temporal.Instant, current: MarkRow | undefined): Temporal.Instant {
  if (!current || Temporal.Instant.compare(now, current.decidedAt) > 0) return now
  return current.decidedAt.add({ milliseconds: 1 })
}

type MarkStatement = Extract<Statement, { kind: 'mark' | 'addendum' }>

/** Brings the marks to what events just appended state, where these outrank what stands; other kinds are passed over. */
export async function projectMarks(
  ctx: TrxCtx,
  session: Pick<SessionRow, 'id'>,
  appended: readonly AppendedEvent[],
  current: CurrentMarks,
): Promise<void> {
  const standing = new Map<string, Decision>(
    [...current].map(([key, mark]) => [key, { ...mark, decidedAt: mark.decidedAt.toString() }]),
  )
  const rows = new Map<string, ReturnType<typeof rowOf>>()
  for (const event of appended) {
    const { statement, sequence } = event
    if ((statement.kind !== 'mark' && statement.kind !== 'addendum') || statement.isLate) continue
    const key = markKey(statement)
    const before = standing.get(key)
    const decision = { ...statement, sequence }
    if (before && !outranks(decision, before)) continue
    standing.set(key, decision)
    rows.set(key, rowOf(session, statement, event))
  }
  await upsertMarks(ctx.db, [...rows.values()])
}

function rowOf({ id }: Pick<SessionRow, 'id'>, stated: MarkStatement, event: AppendedEvent) {
  const instantOf = (text: string | null) => (text === null ? null : Temporal.Instant.from(text))
  return {
    slotId: stated.slotId,
    enrolmentId: stated.enrolmentId,
    sessionId: id,
    status: stated.status,
    attendedMinutes: stated.minutes,
    reasonCode: stated.reasonCode,
    justified: stated.justified,
    heldOn: stated.heldOn,
    kind: stated.attendanceKind,
    eventId: event.id,
    markedAt: event.recordedAt,
    source: stated.source,
    decidedAt: Temporal.Instant.from(stated.decidedAt),
    arrivedAt: instantOf(stated.arrivedAt),
    leftAt: instantOf(stated.leftAt),
  }
}
