/** Rules of enrolment without any I/O: the moves of its state, who holds a seat, which status a newcomer gets. */
import type { Approval } from '../planning/planning.schema.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'

/**
 * The states of an enrolment and the moves between them. `completed` ends it; only reopening the whole session takes
 * that back.
 */
const enrolmentMoves = {
  requested: ['confirmed', 'waitlisted', 'refused', 'cancelled'],
  waitlisted: ['confirmed', 'requested', 'refused', 'cancelled'],
  confirmed: ['completed', 'abandoned', 'cancelled'],
  refused: [],
  cancelled: [],
  completed: [],
  abandoned: [],
} as const satisfies Record<EnrolmentStatus, readonly EnrolmentStatus[]>

/** Whether a status may follow another; to the same one it may not. */
export function canMove(from: EnrolmentStatus, to: EnrolmentStatus): boolean {
  return (enrolmentMoves[from] as readonly EnrolmentStatus[]).includes(to)
}

/** A request holds its seat until it is answered; whoever abandoned had begun, so the seat was used. */
const seatHolding = ['requested', 'confirmed', 'completed', 'abandoned'] as const satisfies EnrolmentStatus[]

/** Whether an enrolment in this status takes one of the session's seats. */
export function holdsSeat(status: EnrolmentStatus): boolean {
  return (seatHolding as readonly EnrolmentStatus[]).includes(status)
}

/** Whether somebody in this status is a learner (*stagiaire*) of the session: signs, and is asked for at the seal. */
export function takesPart(status: EnrolmentStatus): boolean {
  return status === 'confirmed' || status === 'completed'
}

/** What the cancellation of the session, or its end, still has to settle. */
export const unsettled = ['requested', 'waitlisted', 'confirmed'] as const satisfies EnrolmentStatus[]

/** The status that comes with a seat: under manual approval (*inscription sur validation*) a request. */
export function seatedStatus(approval: Approval): 'confirmed' | 'requested' {
  return approval === 'manual' ? 'requested' : 'confirmed'
}

/** Nobody overtakes those who wait, even where a seat is free because nobody was seated by hand yet. */
export function statusOnArrival(session: {
  approval: Approval
  seatsLeft: number
  waiting: number
}): 'confirmed' | 'requested' | 'waitlisted' {
  return session.seatsLeft > 0 && session.waiting === 0 ? seatedStatus(session.approval) : 'waitlisted'
}

/** A session without slots has not started. */
export function hasStarted(
  session: { firstSlotStartsAt: Temporal.Instant | null },
  now: Temporal.Instant,
): boolean {
  return session.firstSlotStartsAt !== null && Temporal.Instant.compare(now, session.firstSlotStartsAt) >= 0
}

/** Once its last slot is over; a session without slots has not ended. */
export function hasEnded(
  session: { lastSlotEndsAt: Temporal.Instant | null },
  now: Temporal.Instant,
): boolean {
  return session.lastSlotEndsAt !== null && Temporal.Instant.compare(now, session.lastSlotEndsAt) >= 0
}

/**
 * When who gets a seat now came in, for who must be marked in what: the half-days begun before are none of theirs. Null
 * before the session starts, and once it is over: history written down afterwards is expected of everybody.
 */
export function joinedAt(
  session: { firstSlotStartsAt: Temporal.Instant | null; lastSlotEndsAt: Temporal.Instant | null },
  now: Temporal.Instant,
): Temporal.Instant | null {
  return hasStarted(session, now) && !hasEnded(session, now) ? now : null
}

type EnrolmentDates = { startedOn: string | null; interruptedOn: string | null; endedOn: string | null }

/** The first of the dates that lies before one that must precede it (start, interruption, end). */
export function dateOutOfOrder(dates: EnrolmentDates): keyof EnrolmentDates | undefined {
  const order = ['startedOn', 'interruptedOn', 'endedOn'] as const
  return order.find((field, index) =>
    order.slice(0, index).some((earlier) => (dates[earlier] ?? '') > (dates[field] ?? '9999')),
  )
}
