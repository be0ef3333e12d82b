import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attendedSpan, spanErrors, type TimedSlot } from '../../src/attendance/attended-span.ts'
import { slotTimes } from '../../src/planning/planning.rules.ts'

const timeOf = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

function slotOn(date: string, startTime: string, endTime: string, timeZone: string): TimedSlot | undefined {
  const times = slotTimes({ date, startTime, endTime }, timeZone)
  if ('field' in times) return undefined
  return { ...times, durationMinutes: times.startsAt.until(times.endsAt).total('minutes') }
}

/** What a clock on the wall shows in each minute of the half-day, told by counting them one by one. */
function minutesCounted(given: { arrivedAt?: string; leftAt?: string }, slot: TimedSlot, timeZone: string) {
  const shown = Array.from({ length: slot.durationMinutes }, (_, index) =>
    slot.startsAt.add({ minutes: index }).toZonedDateTimeISO(timeZone).toPlainTime().toString().slice(0, 5),
  )
  const arrival = given.arrivedAt === undefined ? 0 : shown.indexOf(given.arrivedAt)
  const departure = given.leftAt === undefined ? shown.length : shown.indexOf(given.leftAt)
  return Math.max(0, departure - arrival)
}

describe('who came late or left early', () => {
  it.each([
    ['late', { arrivedAt: '09:40' }, 170],
    ['early', { leftAt: '11:15' }, 135],
    ['both', { arrivedAt: '09:40', leftAt: '11:15' }, 95],
    ['before it began, and left early', { arrivedAt: '08:40', leftAt: '11:15' }, 135],
    ['late, and stayed on', { arrivedAt: '09:40', leftAt: '13:00' }, 170],
  ])('was there for the minutes of the half-day in between: %s', (_, given, minutes) => {
    const slot = slotOn('2026-03-02', '09:00', '12:30', 'Europe/Paris') as TimedSlot
    expect(attendedSpan(given, slot, 'Europe/Paris').minutes).toBe(minutes)
    expect(spanErrors(given, slot, 'Europe/Paris', '/marks/0')).toEqual([])
  })

  it.each([
    ['after the end', { arrivedAt: '12:30' }, '/marks/0/arrivedAt', 'outside-slot'],
    ['gone before the beginning', { leftAt: '09:00' }, '/marks/0/leftAt', 'outside-slot'],
    ['gone before they came', { arrivedAt: '11:00', leftAt: '10:00' }, '/marks/0/arrivedAt', 'outside-slot'],
    ['there all along', { arrivedAt: '09:00', leftAt: '12:30' }, '/marks/0/arrivedAt', 'too-big'],
  ])('was not partly there: %s', (_, given, pointer, code) => {
    const slot = slotOn('2026-03-02', '09:00', '12:30', 'Europe/Paris') as TimedSlot
    expect(spanErrors(given, slot, 'Europe/Paris', '/marks/0')).toMatchObject([{ pointer, code }])
  })

  it('cannot have come in the hour that the clocks skip', () => {
    const slot = slotOn('2026-03-29', '01:00', '06:00', 'Europe/Paris') as TimedSlot
    expect(spanErrors({ arrivedAt: '02:30' }, slot, 'Europe/Paris', '')).toMatchObject([
      { pointer: '/arrivedAt', code: 'no-such-local-time' },
    ])
  })

  it('came, in the hour that comes twice, when it first lay in the half-day', () => {
    const night = slotOn('2025-10-26', '00:30', '08:30', 'Europe/Paris') as TimedSlot
    expect(attendedSpan({ arrivedAt: '02:30' }, night, 'Europe/Paris').minutes).toBe(420)
    const later = { ...night, startsAt: Temporal.Instant.from('2025-10-26T01:15:00Z') }
    expect(attendedSpan({ arrivedAt: '02:30' }, later, 'Europe/Paris').arrivedAt?.toString()).toBe(
      '2025-10-26T01:30:00Z',
    )
  })

  it('was there for as many minutes as the clock on the wall counts, on any day in any zone', () => {
    const days = ['2026-03-29', '2025-10-26', '2026-03-08', '2026-11-01', '2026-04-05', '2026-06-10']
    const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Indian/Reunion']
    const minute = fc.integer({ min: 0, max: 1_439 })
    fc.assert(
      fc.property(
        fc.constantFrom(...days),
        fc.constantFrom(...zones),
        fc.uniqueArray(minute, { minLength: 4, maxLength: 4 }),
        fc.constantFrom('arrivedAt', 'leftAt', 'both'),
        (date, timeZone, minutes, which) => {
          const [start = '', arrivedAt = '', leftAt = '', end = ''] = minutes
            .toSorted((a, b) => a - b)
            .map(timeOf)
          const slot = slotOn(date, start, end, timeZone)
          const given = {
            ...(which !== 'leftAt' && { arrivedAt }),
            ...(which !== 'arrivedAt' && { leftAt }),
          }
          if (
            !slot ||
            spanErrors(given, slot, timeZone, '').some(({ code }) => code === 'no-such-local-time')
          )
            return
          const span = attendedSpan(given, slot, timeZone)
          expect(span.minutes).toBe(minutesCounted(given, slot, timeZone))
        },
      ),
      { numRuns: 60 },
    )
  })
})
