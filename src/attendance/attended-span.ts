/** When somebody was there who came late or left early: from times on the clock of the session to minutes. */
import { localInstants } from '../planning/planning.rules.ts'
import type { FieldError } from '../platform/problem.ts'

/** A half-day, and the clock that its times are told by. */
export type TimedSlot = {
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  heldOn: string
  durationMinutes: number
}

/** Local times `HH:MM` on the slot's own day; none: there from the beginning, or until the end. */
type GivenTimes = { arrivedAt?: string | null | undefined; leftAt?: string | null | undefined }

type AttendedSpan = {
  arrivedAt: Temporal.Instant | null
  leftAt: Temporal.Instant | null
  /** Of the half-day: what was before and after it does not count. */
  minutes: number
}

export function hasTimes(given: GivenTimes): boolean {
  return given.arrivedAt != null || given.leftAt != null
}

/** A local time that comes twice in autumn means the first one that lies in the half-day. */
export function attendedSpan(given: GivenTimes, slot: TimedSlot, timeZone: string): AttendedSpan {
  const instantOf = (time: string | null | undefined) => {
    if (time == null) return null
    const readings = localInstants(slot.heldOn, time, timeZone)
    return readings.find((instant) => liesIn(instant, slot)) ?? readings[0] ?? null
  }
  const arrivedAt = instantOf(given.arrivedAt)
  const leftAt = instantOf(given.leftAt)
  const from = latest(arrivedAt ?? slot.startsAt, slot.startsAt)
  const to = earliest(leftAt ?? slot.endsAt, slot.endsAt)
  return { arrivedAt, leftAt, minutes: Math.max(0, Math.round(from.until(to).total('minutes'))) }
}

/** What is wrong with times of a partial presence; `pointer` is where the mark stands in the request. */
export function spanErrors(
  given: GivenTimes,
  slot: TimedSlot,
  timeZone: string,
  pointer: string,
): FieldError[] {
  const skipped = (['arrivedAt', 'leftAt'] as const).filter(
    (field) => given[field] != null && localInstants(slot.heldOn, given[field], timeZone).length === 0,
  )
  if (skipped.length > 0)
    return skipped.map((field) => ({
      pointer: `${pointer}/${field}`,
      code: 'no-such-local-time',
      detail: 'does not exist on that day, when the clocks go forward',
    }))
  const { minutes } = attendedSpan(given, slot, timeZone)
  const field = given.arrivedAt == null ? 'leftAt' : 'arrivedAt'
  if (minutes === 0)
    return [{ pointer: `${pointer}/${field}`, code: 'outside-slot', detail: 'leaves no minute of the slot' }]
  if (minutes < slot.durationMinutes) return []
  return [
    { pointer: `${pointer}/${field}`, code: 'too-big', detail: 'leaves the whole slot: that is present' },
  ]
}

function liesIn(instant: Temporal.Instant, { startsAt, endsAt }: TimedSlot): boolean {
  return Temporal.Instant.compare(startsAt, instant) <= 0 && Temporal.Instant.compare(instant, endsAt) <= 0
}

function latest(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b
}

function earliest(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b
}
