/** What the sheet shows besides what stands: how it was corrected, and what does not go together. */
import type { MarkStatus, ReasonCode } from '../attendance.schema.ts'
import type { EventBody } from '../ledger/ledger-event.ts'
import { decisionOf, type MarkEvent, markKey, outranks } from '../ledger/ledger-fold.ts'

/** What an addendum may change, of those facts that people look at. */
type MarkState = {
  status: MarkStatus
  attendedMinutes: number
  reasonCode: ReasonCode | null
  justified: boolean | null
  kind: MarkEvent['attendanceKind']
}

/** A correction of a sealed half-day (*avenant*) with what stood before it. */
export type Addendum = {
  slotId: string
  enrolmentId: string
  sequence: number
  at: Temporal.Instant
  reason: string | null
  by: string | null
  before: MarkState | null
  after: MarkState
}

/** An event with what the sheet shows of it besides. */
export type ToldEvent = { body: EventBody; reason: string | null; by: string | null }

/** The addenda among these events, which come in the order of the ledger with all that their marks go back to. */
export function addendaOf(events: readonly ToldEvent[]): Addendum[] {
  const standing = new Map<string, MarkEvent>()
  return events.flatMap(({ body, reason, by }) => {
    if ((body.kind !== 'mark' && body.kind !== 'addendum') || (body.format === 2 && body.isLate)) return []
    const key = markKey(body)
    const before = standing.get(key)
    if (!before || outranks(decisionOf(body), decisionOf(before))) standing.set(key, body)
    if (body.kind !== 'addendum') return []
    const { slotId, enrolmentId, sequence } = body
    const at = Temporal.Instant.from(body.recordedAt)
    const states = { before: before ? stateOf(before) : null, after: stateOf(body) }
    return [{ slotId, enrolmentId, sequence, at, reason, by, ...states }]
  })
}

function stateOf({ status, minutes, reasonCode, justified, attendanceKind }: MarkEvent): MarkState {
  return { status, attendedMinutes: minutes, reasonCode, justified, kind: attendanceKind }
}

/** Whether what is certified is another after it: minutes, or how they were attended. */
export function changesMinutes({ before, after }: Pick<Addendum, 'before' | 'after'>): boolean {
  const minutesBefore = before?.attendedMinutes ?? 0
  if (minutesBefore !== after.attendedMinutes) return true
  return minutesBefore > 0 && before?.kind !== after.kind
}

export const conflictKinds = [
  'signed-but-absent',
  'late-mark',
  'late-signature',
  'late-countersignature',
  'half-day-moved',
  'clock-off',
] as const
export type ConflictKind = (typeof conflictKinds)[number]

export type Conflict = {
  slotId: string
  /** Null for a trainer's signature. */
  enrolmentId: string | null
  kind: ConflictKind
  at: Temporal.Instant
}

/** Whoever is marked absent and has signed: the decision holds, and a person has to look at it. */
export function signedButAbsent(
  marks: readonly { slotId: string; enrolmentId: string; status: MarkStatus }[],
  signatures: ReadonlyMap<string, { signedAt: Temporal.Instant }>,
): Conflict[] {
  return marks.flatMap((mark) => {
    const signature = mark.status === 'absent' ? signatures.get(markKey(mark)) : undefined
    if (!signature) return []
    const { slotId, enrolmentId } = mark
    return [{ slotId, enrolmentId, kind: 'signed-but-absent' as const, at: signature.signedAt }]
  })
}

const lateKinds = {
  mark: 'late-mark',
  addendum: 'late-mark',
  signature: 'late-signature',
  countersignature: 'late-countersignature',
} as const satisfies Partial<Record<EventBody['kind'], ConflictKind>>

/**
 * What arrived too late, recorded without changing anything; and what comes from a device whose clock was off, once for
 * each learner in each half-day.
 */
export function deviceConflicts(events: readonly EventBody[]): Conflict[] {
  const conflicts = events.flatMap((event): Conflict[] => {
    if (event.format !== 2 || !('isLate' in event)) return []
    const { slotId, kind, deviceAt } = event
    const enrolmentId = 'enrolmentId' in event ? event.enrolmentId : null
    const at = Temporal.Instant.from('signedAt' in event ? event.signedAt : event.decidedAt)
    return [
      ...(event.isLate ? [{ slotId, enrolmentId, kind: lateKinds[kind], at }] : []),
      ...(isClockOff(deviceAt, at) ? [{ slotId, enrolmentId, kind: 'clock-off' as const, at }] : []),
    ]
  })
  const seen = new Set<string>()
  return conflicts.filter(({ slotId, enrolmentId, kind }) => {
    const key = `${slotId} ${enrolmentId}`
    if (kind !== 'clock-off') return true
    return !seen.has(key) && seen.add(key)
  })
}

/** By more than the way through the network takes. */
export const leastClockOffsetSeconds = 120

function isClockOff(deviceAt: string | null, at: Temporal.Instant): boolean {
  if (deviceAt === null) return false
  return Math.abs(Temporal.Instant.from(deviceAt).until(at).total('seconds')) >= leastClockOffsetSeconds
}

/** Marks that no longer fit their half-day, which was moved: to be made again before it is sealed. */
export function movedConflicts(
  marks: readonly { slotId: string; enrolmentId: string; decidedAt: Temporal.Instant }[],
  moved: ReadonlySet<string>,
): Conflict[] {
  return marks
    .filter((mark) => moved.has(markKey(mark)))
    .map(({ slotId, enrolmentId, decidedAt: at }) => ({ slotId, enrolmentId, kind: 'half-day-moved', at }))
}
