import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canMove,
  faultsOf,
  halfDayOf,
  missingToOpen,
  overlapping,
  referenceStem,
  type SlotTimes,
  slotTimes,
} from '../../src/planning/planning.rules.ts'
import { sessionStatuses } from '../../src/planning/planning.schema.ts'

const slotOn = (date: string, startTime: string, endTime: string, timeZone: string) =>
  slotTimes({ date, startTime, endTime }, timeZone)

function minutesOf(times: ReturnType<typeof slotTimes>): number | string {
  return 'field' in times
    ? `${times.field} ${times.code}`
    : times.startsAt.until(times.endsAt).total('minutes')
}

describe('the minutes of a slot are those that pass', () => {
  const paris = 'Europe/Paris'
  const cases: [string, string, string, string, string, number | string][] = [
    ['an ordinary morning', paris, '2026-03-02', '09:00', '12:30', 210],
    ['the night in which the clocks go forward', paris, '2026-03-29', '00:30', '08:30', 420],
    ['the same hours where they stay', 'Indian/Reunion', '2026-03-29', '00:30', '08:30', 480],
    ['the same hours in the Antilles', 'America/Martinique', '2026-03-29', '00:30', '08:30', 480],
    [
      'a start in the hour that is skipped',
      paris,
      '2026-03-29',
      '02:30',
      '04:00',
      'startTime no-such-local-time',
    ],
    [
      'the first minute that is skipped',
      paris,
      '2026-03-29',
      '02:00',
      '04:00',
      'startTime no-such-local-time',
    ],
    ['the first minute after the gap', paris, '2026-03-29', '03:00', '04:00', 60],
    [
      'an end in the hour that is skipped',
      paris,
      '2026-03-29',
      '01:00',
      '02:15',
      'endTime no-such-local-time',
    ],
    ['up to the gap on the minute', paris, '2026-03-29', '01:00', '01:59', 59],
    ['over the hour that comes twice', paris, '2026-10-25', '00:30', '04:00', 270],
    ['within the hour that comes twice, the earlier', paris, '2026-10-25', '02:10', '02:40', 30],
    ['from the earlier of two to after both', paris, '2026-10-25', '02:30', '03:00', 90],
    ['up to the earlier of two', paris, '2026-10-25', '01:30', '02:30', 60],
    ['a clock that moves by half an hour', 'Australia/Lord_Howe', '2026-04-05', '00:00', '03:00', 210],
    [
      'a day that a zone left out',
      'Pacific/Apia',
      '2011-12-30',
      '09:00',
      '12:00',
      'startTime no-such-local-time',
    ],
    [
      'midnight itself, where the gap begins there',
      'America/Santiago',
      '2026-09-06',
      '00:00',
      '03:00',
      'startTime no-such-local-time',
    ],
    ['the whole day', paris, '2026-03-02', '00:00', '23:59', 1439],
    ['a night that ends the next day', paris, '2026-03-02', '22:00', '02:00', 'endTime not-after-start'],
    ['no time at all', paris, '2026-03-02', '09:00', '09:00', 'endTime not-after-start'],
  ]
  it.each(cases)('%s (%s, %s %s to %s)', (_, zone, date, start, end, minutes) => {
    expect(minutesOf(slotOn(date, start, end, zone))).toBe(minutes)
  })

  it('the hour that comes twice means its first time round', () => {
    const times = slotOn('2026-10-25', '02:30', '02:45', paris)
    expect(times).toMatchObject({ heldOn: '2026-10-25' })
    expect(String((times as SlotTimes).startsAt)).toBe('2026-10-25T00:30:00Z')
  })
})

describe('for any zone and any local times', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const two = (value: number) => String(value).padStart(2, '0')
  const time = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`)
  const date = fc
    .integer({ min: 0, max: 365 * 60 })
    .map((days) => Temporal.PlainDate.from('1990-01-01').add({ days }).toString())
  // Days on which some clock changes are rare: half of the cases are looked for there.
  const changing = fc.constantFrom(
    '2026-03-29',
    '2026-10-25',
    '2026-03-08',
    '2026-11-01',
    '2026-04-05',
    '2026-10-04',
  )
  const local = fc.record({
    timeZone: fc.oneof(
      fc.constantFrom(...zones),
      fc.constantFrom('Europe/Paris', 'Indian/Reunion', 'America/Martinique'),
    ),
    date: fc.oneof(date, changing),
    startTime: time,
    endTime: time,
  })

  it('a slot lies where the clock of its zone says, and lasts as long as its instants are apart', () => {
    fc.assert(
      fc.property(local, ({ timeZone, ...given }) => {
        const times = slotTimes(given, timeZone)
        const exists = (clock: string) => {
          const wall = Temporal.PlainDateTime.from(`${given.date}T${clock}`)
          return wall.toZonedDateTime(timeZone).toPlainDateTime().equals(wall)
        }
        if ('field' in times) {
          if (times.code === 'not-after-start') return given.endTime <= given.startTime
          return !exists(given[times.field])
        }
        const start = times.startsAt.toZonedDateTimeISO(timeZone)
        const end = times.endsAt.toZonedDateTimeISO(timeZone)
        expect(start.toPlainTime().toString({ smallestUnit: 'minute' })).toBe(given.startTime)
        expect(end.toPlainTime().toString({ smallestUnit: 'minute' })).toBe(given.endTime)
        expect(start.toPlainDate().toString()).toBe(times.heldOn)
        expect(times.heldOn).toBe(given.date)
        const clocksMoved = (end.offsetNanoseconds - start.offsetNanoseconds) / 60e9
        const onTheClock = Temporal.PlainTime.from(given.startTime).until(given.endTime).total('minutes')
        expect(minutesOf(times)).toBeCloseTo(onTheClock - clocksMoved, 6)
        expect(minutesOf(times)).toBeGreaterThan(0)
        expect(times.halfDay).toBe(start.hour < 12 ? 'morning' : start.hour < 18 ? 'afternoon' : 'evening')
        return true
      }),
      { numRuns: 1_000 },
    )
  })
})

it.each([
  ['00:00', 'morning'],
  ['11:59', 'morning'],
  ['12:00', 'afternoon'],
  ['17:59', 'afternoon'],
  ['18:00', 'evening'],
  ['23:59', 'evening'],
])('a slot that begins at %s is held in the %s', (startTime, halfDay) => {
  expect(halfDayOf(startTime)).toBe(halfDay)
})

describe('slots that overlap', () => {
  const span = ([from, to]: [number, number]) => ({
    startsAt: Temporal.Instant.fromEpochMilliseconds(from * 60_000),
    endsAt: Temporal.Instant.fromEpochMilliseconds(to * 60_000),
  })

  it.each<[string, [number, number][], number[]]>([
    [
      'one after the other, touching',
      [
        [0, 10],
        [10, 20],
      ],
      [],
    ],
    [
      'the second begins in the first',
      [
        [0, 10],
        [5, 20],
      ],
      [1],
    ],
    [
      'named in the other order',
      [
        [5, 20],
        [0, 10],
      ],
      [1],
    ],
    [
      'the same twice',
      [
        [0, 10],
        [0, 10],
      ],
      [1],
    ],
    [
      'two short ones within a long one',
      [
        [0, 100],
        [10, 20],
        [30, 40],
      ],
      [1, 2],
    ],
    [
      'a long one named last',
      [
        [10, 20],
        [30, 40],
        [0, 100],
      ],
      [2],
    ],
    ['nothing', [], []],
  ])('%s', (_, spans, expected) => {
    expect(overlapping(spans.map(span))).toEqual(expected)
  })

  it('are found whenever any two do', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(60), fc.integer({ min: 1, max: 15 }))
        .map(([from, length]): [number, number] => [from, from + length]),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(spans, (given) => {
        const anyTwo = given.some(([from, to], index) =>
          given.slice(index + 1).some(([otherFrom, otherTo]) => from < otherTo && otherFrom < to),
        )
        expect(overlapping(given.map(span)).length > 0).toBe(anyTwo)
      }),
    )
  })
})

describe('the terms of a session', () => {
  const terms = {
    capacity: 10,
    minimumLearners: null,
    visibility: 'public' as const,
    privateClientId: null,
    subcontracting: 'none' as const,
    subcontractClientId: null,
    bpfScope: 'included' as const,
    bpfScopeReason: null,
  }
  it.each([
    ['that are usual', {}, []],
    ['with as many learners needed as there are seats', { minimumLearners: 10 }, []],
    ['with more learners needed than seats', { minimumLearners: 11 }, ['/minimumLearners']],
    ['public, but for one company', { privateClientId: 'c' }, ['/privateClientId']],
    ['private, for one company', { visibility: 'private' as const, privateClientId: 'c' }, []],
    ['given out to nobody', { subcontracting: 'givenOut' as const }, ['/subcontractClientId']],
    ['received from an OF', { subcontracting: 'received' as const, subcontractClientId: 'c' }, []],
    ['with an OF and no subcontracting', { subcontractClientId: 'c' }, ['/subcontractClientId']],
    ['outside the BPF without a reason', { bpfScope: 'excluded' as const }, ['/bpfScopeReason']],
    ['outside the BPF', { bpfScope: 'excluded' as const, bpfScopeReason: 'atelier bénévole' }, []],
    ['inside the BPF with a reason not to be', { bpfScopeReason: 'atelier' }, ['/bpfScopeReason']],
  ])('%s', (_, fields, pointers) => {
    expect(faultsOf({ ...terms, ...fields }).map((fault) => fault.pointer)).toEqual(pointers)
  })
})

describe('what a session lacks to be open', () => {
  it.each([
    [{ hasSlots: true, hasTrainers: true, subcontracting: 'none' as const }, []],
    [{ hasSlots: false, hasTrainers: true, subcontracting: 'none' as const }, ['slots']],
    [{ hasSlots: false, hasTrainers: false, subcontracting: 'received' as const }, ['slots', 'trainers']],
    [{ hasSlots: true, hasTrainers: false, subcontracting: 'givenOut' as const }, []],
  ])('%o lacks %o', (session, missing) => {
    expect(missingToOpen(session)).toEqual(missing)
  })
})

it('the states of a session have exactly these moves', () => {
  const moves = sessionStatuses.flatMap((from) =>
    sessionStatuses.filter((to) => canMove(from, to)).map((to) => `${from} → ${to}`),
  )
  expect(moves).toEqual([
    'draft → open',
    'draft → cancelled',
    'open → closed',
    'open → cancelled',
    'closed → open',
  ])
})

it('a reference made from the longest code still has room for a number', () => {
  expect(referenceStem('NR', '2026-03-02')).toBe('NR-2026-03-02')
  expect(`${referenceStem('X'.repeat(50), '2026-03-02')}-1000`).toHaveLength(60)
})
