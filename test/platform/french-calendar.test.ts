import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addWorkingDays,
  easterSunday,
  holidayOn,
  holidaysAnywhere,
  isWeekend,
  publicHolidays,
  territoryOf,
} from '../../src/platform/french-calendar.ts'

const years = fc.integer({ min: 1950, max: 2199 })

describe('Easter', () => {
  it.for([
    ['1954-04-18', 1954],
    ['1961-04-02', 1961],
    ['1981-04-19', 1981],
    ['2000-04-23', 2000],
    ['2008-03-23', 2008],
    ['2011-04-24', 2011],
    ['2024-03-31', 2024],
    ['2025-04-20', 2025],
    ['2026-04-05', 2026],
    ['2038-04-25', 2038],
    ['2049-04-18', 2049],
    ['2076-04-19', 2076],
  ] as const)('is on %s', ([date, year]) => {
    expect(easterSunday(year).toString()).toBe(date)
  })

  it('is a Sunday between 22 March and 25 April, every year', () => {
    fc.assert(
      fc.property(years, (year) => {
        const easter = easterSunday(year)
        expect(easter.dayOfWeek).toBe(7)
        expect(easter.toString() >= `${year}-03-22` && easter.toString() <= `${year}-04-25`).toBe(true)
      }),
    )
  })
})

describe('the public holidays', () => {
  it('of 2026 are the eleven of the Code du travail', () => {
    expect([...publicHolidays(2026).keys()].sort()).toEqual([
      ...['2026-01-01', '2026-04-06', '2026-05-01', '2026-05-08', '2026-05-14', '2026-05-25'],
      ...['2026-07-14', '2026-08-15', '2026-11-01', '2026-11-11', '2026-12-25'],
    ])
  })

  it('are eleven names every year, also where the 1 May or the 8 May is the Ascension', () => {
    fc.assert(
      fc.property(years, (year) => {
        const ascension = easterSunday(year).add({ days: 39 }).toString()
        const meets = [`${year}-05-01`, `${year}-05-08`].includes(ascension)
        expect(publicHolidays(year).size).toBe(meets ? 10 : 11)
      }),
    )
  })

  it('have Good Friday and 26 December in Alsace and Moselle alone', () => {
    expect(holidayOn('2026-04-03', 'alsaceMoselle')).toContain('Vendredi saint')
    expect(holidayOn('2026-12-26', 'alsaceMoselle')).toContain('Saint-Étienne')
    expect(holidayOn('2026-04-03')).toBeUndefined()
    expect(holidayOn('2026-12-26', 'reunion')).toBeUndefined()
  })

  it.for([
    ['guadeloupe', '2026-05-27'],
    ['martinique', '2026-05-22'],
    ['guyane', '2026-06-10'],
    ['reunion', '2026-12-20'],
    ['mayotte', '2026-04-27'],
  ] as const)('have the abolition of slavery in %s on %s', ([territory, date]) => {
    expect(holidayOn(date, territory)).toContain('esclavage')
    expect(holidayOn(date)).toBeUndefined()
  })

  it('are known for all places together, to look for them at once', () => {
    expect(holidaysAnywhere('2026-12-01', '2027-01-02')).toEqual([
      ...['2026-12-20', '2026-12-25', '2026-12-26', '2027-01-01'],
    ])
  })

  it('follow the place: its time zone first, then the region of its chapter', () => {
    expect(territoryOf({ timeZone: 'Indian/Reunion', regionCode: '11' })).toBe('reunion')
    expect(territoryOf({ timeZone: 'Europe/Paris', regionCode: '44' })).toBe('alsaceMoselle')
    expect(territoryOf({ timeZone: 'Europe/Paris', regionCode: '84' })).toBeUndefined()
    expect(territoryOf({ timeZone: 'Europe/Paris', regionCode: null })).toBeUndefined()
  })
})

describe('three working days', () => {
  it.for([
    ['2026-03-02', '2026-03-05', 'a Monday'],
    ['2026-03-05', '2026-03-10', 'over a weekend'],
    ['2026-03-07', '2026-03-11', 'from a Saturday'],
    ['2026-04-03', '2026-04-09', 'over Easter Monday'],
    ['2026-05-12', '2026-05-18', 'over the Ascension and a weekend'],
    ['2026-12-24', '2026-12-30', 'over Christmas'],
  ] as const)('after %s are %s: %s', ([from, to]) => {
    expect(addWorkingDays(from, 3)).toBe(to)
  })

  it('never end on a day off, and are never fewer than three days', () => {
    const dates = fc
      .tuple(years, fc.integer({ min: 0, max: 364 }))
      .map(([year, days]) => Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days }).toString())
    fc.assert(
      fc.property(dates, (date) => {
        const due = addWorkingDays(date, 3)
        expect(isWeekend(due) || holidayOn(due) !== undefined).toBe(false)
        expect(Temporal.PlainDate.from(date).until(due).days).toBeGreaterThanOrEqual(3)
      }),
    )
  })
})
