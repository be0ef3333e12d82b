/** Rules of planning without any I/O: the moves of a session's state, where a slot lies in time, what fits together. */
import type { FieldError } from '../platform/problem.ts'
import type { BpfScope, HalfDay, SessionStatus, Subcontracting, Visibility } from './planning.schema.ts'

/** The states of a session and the moves between them; `closed → open` is an admin's, with a reason. */
const sessionMoves = {
  draft: ['open', 'cancelled'],
  open: ['closed', 'cancelled'],
  closed: ['open'],
  cancelled: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

/** Whether a status may follow another; to the same one it may not. */
export function canMove(from: SessionStatus, to: SessionStatus): boolean {
  return (sessionMoves[from] as readonly SessionStatus[]).includes(to)
}

/** Whether a session in this status has attendance: it takes place or took place. */
export function isHeld(status: SessionStatus): boolean {
  return status === 'open' || status === 'closed'
}

/** Closed and cancelled sessions stand as they are; whoever must change one opens it again first. */
export function isChangeable(status: SessionStatus): boolean {
  return status === 'draft' || status === 'open'
}

type LocalTimes = { date: string; startTime: string; endTime: string }
export type SlotTimes = {
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  heldOn: string
  halfDay: HalfDay
}
export type SlotFault = { field: 'startTime' | 'endTime'; code: 'no-such-local-time' | 'not-after-start' }

/**
 * Where a slot (*créneau*) lies: local times in an IANA zone as instants, so that its minutes are those that pass. A
 * local time that comes twice in autumn is the earlier; one that is skipped in spring is a fault.
 */
export function slotTimes(local: LocalTimes, timeZone: string): SlotTimes | SlotFault {
  if (local.endTime <= local.startTime) return { field: 'endTime', code: 'not-after-start' }
  const startsAt = instantOf(local.date, local.startTime, timeZone)
  if (!startsAt) return { field: 'startTime', code: 'no-such-local-time' }
  const endsAt = instantOf(local.date, local.endTime, timeZone)
  if (!endsAt) return { field: 'endTime', code: 'no-such-local-time' }
  return { startsAt, endsAt, heldOn: local.date, halfDay: halfDayOf(local.startTime) }
}

function instantOf(date: string, time: string, timeZone: string): Temporal.Instant | undefined {
  return localInstants(date, time, timeZone)[0]
}

/** When a local time is on that day, in order: once, twice when the clocks go back, never in the gap of spring. */
export function localInstants(date: string, time: string, timeZone: string): Temporal.Instant[] {
  const local = Temporal.PlainDateTime.from(`${date}T${time}`)
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(timeZone, { disambiguation }),
  )
  // Out of a gap Temporal shifts the time instead of failing.
  if (!earlier?.toPlainDateTime().equals(local) || !later) return []
  return earlier.equals(later) ? [earlier.toInstant()] : [earlier.toInstant(), later.toInstant()]
}

/** By the local time at which a slot begins: *matin* before 12:00, *après-midi* before 18:00, else *soir*. */
export function halfDayOf(startTime: string): HalfDay {
  if (startTime < '12:00') return 'morning'
  return startTime < '18:00' ? 'afternoon' : 'evening'
}

type Span = { startsAt: Temporal.Instant; endsAt: Temporal.Instant }

/** The spans that overlap one named before them, by index; touching is not overlapping. */
export function overlapping(spans: readonly Span[]): number[] {
  const byStart = spans
    .map(({ startsAt, endsAt }, index) => ({ startsAt, endsAt, index }))
    .sort((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt) || a.index - b.index)
  const found = new Set<number>()
  let longest = byStart[0]
  for (const span of byStart.slice(1)) {
    if (longest && Temporal.Instant.compare(span.startsAt, longest.endsAt) < 0)
      found.add(Math.max(span.index, longest.index))
    if (!longest || Temporal.Instant.compare(span.endsAt, longest.endsAt) > 0) longest = span
  }
  return [...found].sort((a, b) => a - b)
}

/** Whether a slot is still to be held or was: one that was cancelled stays in sight, and counts nowhere. */
export function stands(slot: { cancelledAt: Temporal.Instant | null }): boolean {
  return slot.cancelledAt === null
}

/** When the first of these slots begins and the last ends; null without slots. */
export function spanOf(slots: readonly Span[]): {
  firstSlotStartsAt: Temporal.Instant | null
  lastSlotEndsAt: Temporal.Instant | null
} {
  const inTime = slots.toSorted((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt))
  return { firstSlotStartsAt: inTime.at(0)?.startsAt ?? null, lastSlotEndsAt: inTime.at(-1)?.endsAt ?? null }
}

export type SessionTerms = {
  capacity: number
  minimumLearners: number | null
  visibility: Visibility
  privateClientId: string | null
  subcontracting: Subcontracting
  subcontractClientId: string | null
  bpfScope: BpfScope
  bpfScopeReason: string | null
}

/** What does not fit together in the terms of a session, as field errors. */
export function faultsOf(terms: SessionTerms): FieldError[] {
  const faults: FieldError[] = []
  const fault = (field: keyof SessionTerms, code: string, detail: string) =>
    faults.push({ pointer: `/${field}`, code, detail })

  if (terms.minimumLearners !== null && terms.minimumLearners > terms.capacity)
    fault('minimumLearners', 'above-capacity', 'must not be more than the capacity')
  if (terms.visibility === 'public' && terms.privateClientId !== null)
    fault('privateClientId', 'only-private', 'goes with a private session only')
  if (terms.subcontracting === 'none' && terms.subcontractClientId !== null)
    fault('subcontractClientId', 'only-subcontracted', 'goes with a subcontracted session only')
  if (terms.subcontracting !== 'none' && terms.subcontractClientId === null)
    fault('subcontractClientId', 'required', 'must name the other training organisation')
  if (terms.bpfScope === 'excluded' && terms.bpfScopeReason === null)
    fault('bpfScopeReason', 'required', 'must say why the session stays out of the BPF')
  if (terms.bpfScope === 'included' && terms.bpfScopeReason !== null)
    fault('bpfScopeReason', 'only-excluded', 'goes with an excluded session only')
  return faults
}

/** What falls away with a change of terms, unless the change says otherwise. */
export function impliedBy(patch: {
  visibility?: Visibility | undefined
  subcontracting?: Subcontracting | undefined
  bpfScope?: BpfScope | undefined
}): Partial<Record<'privateClientId' | 'subcontractClientId' | 'bpfScopeReason', null>> {
  return {
    ...(patch.visibility === 'public' && { privateClientId: null }),
    ...(patch.subcontracting === 'none' && { subcontractClientId: null }),
    ...(patch.bpfScope === 'included' && { bpfScopeReason: null }),
  }
}

/** What a session still lacks before people can enrol; whoever it is given out to brings the trainers. */
export function missingToOpen(session: {
  hasSlots: boolean
  hasTrainers: boolean
  subcontracting: Subcontracting
}): ('slots' | 'trainers')[] {
  const missing: ('slots' | 'trainers')[] = []
  if (!session.hasSlots) missing.push('slots')
  if (!session.hasTrainers && session.subcontracting !== 'givenOut') missing.push('trainers')
  return missing
}

const longestReference = 60

/** `NR-2026-03-02`: the training's code and a civil date, with room for `-1000` after it. */
export function referenceStem(trainingCode: string, date: string): string {
  const room = longestReference - date.length - '-'.length - '-1000'.length
  return `${Array.from(trainingCode).slice(0, room).join('')}-${date}`
}
