/** Rules of attendance without any I/O: who can be marked where, how many minutes a mark is worth, what is new. */
import type { EnrolmentStatus } from '../enrolment/enrolment.schema.ts'
import type { SessionStatus, SlotModality } from '../planning/planning.schema.ts'
import type { FieldError } from '../platform/problem.ts'
import type { AttendanceKind, MarkInput, MarkStatus, ReasonCode } from './attendance.schema.ts'
import { attendedSpan, hasTimes, spanErrors, type TimedSlot } from './attended-span.ts'
import type { MarkSource } from './ledger/ledger-event.ts'

/** All that a mark states, apart from who it is about and when it was made. */
export type MarkFacts = {
  status: MarkStatus
  attendedMinutes: number
  reasonCode: ReasonCode | null
  justified: boolean | null
  heldOn: string
  kind: AttendanceKind
  note: string | null
  /** Of who came late or left early. */
  arrivedAt: Temporal.Instant | null
  leftAt: Temporal.Instant | null
}

type MarkedSlot = TimedSlot & { modality: SlotModality | null }
type MarkedSession = {
  id: string
  status: SessionStatus
  modality: 'onsite' | 'remote' | 'hybrid'
  timeZone: string
}
type MarkedEnrolment = { sessionId: string; status: EnrolmentStatus; interruptedOn: string | null }

/** A hybrid session's slot that does not say otherwise is held on site. */
export function kindOf(
  slot: Pick<MarkedSlot, 'modality'>,
  session: Pick<MarkedSession, 'modality'>,
): AttendanceKind {
  return (slot.modality ?? session.modality) === 'remote' ? 'synchronous' : 'onsite'
}

/** What a mark of the request states in this slot: its minutes, date and kind are the slot's, as they are now. */
export function factsOf(mark: MarkInput, slot: MarkedSlot, session: MarkedSession): MarkFacts {
  return {
    status: mark.status,
    ...attendedOf(mark, slot, session.timeZone),
    reasonCode: mark.reasonCode ?? null,
    justified: mark.justified ?? null,
    heldOn: slot.heldOn,
    kind: kindOf(slot, session),
    note: mark.note ?? null,
  }
}

function attendedOf(
  mark: MarkInput,
  slot: MarkedSlot,
  timeZone: string,
): Pick<MarkFacts, 'attendedMinutes' | 'arrivedAt' | 'leftAt'> {
  const untimed = { arrivedAt: null, leftAt: null }
  switch (mark.status) {
    case 'present':
      return { ...untimed, attendedMinutes: slot.durationMinutes }
    case 'partial': {
      if (!hasTimes(mark)) return { ...untimed, attendedMinutes: mark.attendedMinutes ?? 0 }
      const { minutes, ...times } = attendedSpan(mark, slot, timeZone)
      return { ...times, attendedMinutes: minutes }
    }
    case 'absent':
      return { ...untimed, attendedMinutes: 0 }
  }
}

type StandingMark = MarkFacts & { source: MarkSource; decidedAt: Temporal.Instant }

/**
 * A decision that says what already stands is no event: a call may be repeated. What stands by the learner's signature
 * alone is yet to be decided, and what was decided before a half-day that was moved begins is to be decided again.
 */
export function isNews(
  current: StandingMark | undefined,
  next: MarkFacts,
  slot: Pick<TimedSlot, 'startsAt'>,
): boolean {
  if (current === undefined || current.source === 'signature') return true
  if (Temporal.Instant.compare(current.decidedAt, slot.startsAt) < 0) return true
  // As text, so that equal instants are equal.
  return (Object.keys(next) as (keyof MarkFacts)[]).some((fact) => `${current[fact]}` !== `${next[fact]}`)
}

/**
 * Why a learner cannot be marked in a slot, as the code of a field error. Confirmed learners can; completed ones once
 * the session is closed; who abandoned, by an admin and up to the day they left; and whoever has a mark there, by an
 * admin: what was attended stays evidence whatever became of the enrolment, and evidence can be wrong.
 */
function whyNotMarkable(
  enrolment: MarkedEnrolment | undefined,
  slot: MarkedSlot,
  session: MarkedSession,
  by: { isAdmin: boolean; hasMark: boolean },
): 'not-of-this-session' | 'not-confirmed' | undefined {
  if (enrolment?.sessionId !== session.id) return 'not-of-this-session'
  if (by.isAdmin && by.hasMark) return undefined
  if (session.status === 'cancelled') return 'not-confirmed'
  const isMarkable =
    enrolment.status === 'confirmed' ||
    (enrolment.status === 'completed' && session.status === 'closed') ||
    (enrolment.status === 'abandoned' &&
      by.isAdmin &&
      (enrolment.interruptedOn === null || slot.heldOn <= enrolment.interruptedOn))
  return isMarkable ? undefined : 'not-confirmed'
}

const details = {
  'not-of-this-session': 'is not an enrolment of this session',
  'not-confirmed': 'is not a confirmed enrolment',
} as const

/** What is wrong with these marks of one slot; `pointer` is where they stand in the request. */
export function markErrors(
  marks: readonly MarkInput[],
  enrolments: ReadonlyMap<string, MarkedEnrolment>,
  slot: MarkedSlot,
  session: MarkedSession,
  options: { isAdmin: boolean; hasMark: (enrolmentId: string) => boolean; pointer: string },
): FieldError[] {
  return marks.flatMap((mark, index) => {
    const errors: FieldError[] = []
    const enrolment = enrolments.get(mark.enrolmentId)
    const by = { isAdmin: options.isAdmin, hasMark: options.hasMark(mark.enrolmentId) }
    const code = whyNotMarkable(enrolment, slot, session, by)
    if (code) errors.push({ pointer: `${options.pointer}/${index}/enrolmentId`, code, detail: details[code] })
    if (hasTimes(mark))
      errors.push(...spanErrors(mark, slot, session.timeZone, `${options.pointer}/${index}`))
    else if (mark.status === 'partial' && (mark.attendedMinutes ?? 0) >= slot.durationMinutes)
      errors.push({
        pointer: `${options.pointer}/${index}/attendedMinutes`,
        code: 'too-big',
        detail: `must be less than the ${slot.durationMinutes} minutes of the slot`,
      })
    return errors
  })
}
