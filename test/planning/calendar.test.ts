/** Calendars as files: read back by a library that did not write them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalendarEntry, writeCalendar } from '../../src/planning/calendar.ts'
import { readCalendar } from '../support/calendars.ts'

const noBreak = '\u00a0'

function at(local: string, timeZone: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant()
}

/** `2026-03-28 09:00-12:30` in a zone. */
function entry(span: string, facts: Partial<CalendarEntry> = {}): CalendarEntry {
  const [date, times = ''] = span.split(' ')
  const [start, end] = times.split('-')
  const timeZone = facts.timeZone ?? 'Europe/Paris'
  return {
    slotId: `${date}-${start}`,
    revision: 0,
    changedAt: Temporal.Instant.from('2026-02-01T08:00:00Z'),
    startsAt: at(`${date}T${start}`, timeZone),
    endsAt: at(`${date}T${end}`, timeZone),
    timeZone,
    title: 'Éco-conception web',
    reference: 'NR-2026-03',
    topic: null,
    place: null,
    remoteUrl: null,
    trainers: [],
    isTentative: false,
    cancelledAt: null,
    ...facts,
  }
}

async function written(...entries: CalendarEntry[]) {
  const text = await writeCalendar('Formations', entries)
  return { text, ...readCalendar(text) }
}

describe('a calendar', () => {
  it('tells nine o’clock in Paris the day before and after both changes of the clocks', async () => {
    const days = ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25']
    const { events } = await written(...days.map((day) => entry(`${day} 09:00-12:30`)))
    expect(events.map(({ start, end }) => [start, end])).toEqual([
      ['2026-03-28T08:00:00Z', '2026-03-28T11:30:00Z'],
      ['2026-03-29T07:00:00Z', '2026-03-29T10:30:00Z'],
      ['2026-10-24T07:00:00Z', '2026-10-24T10:30:00Z'],
      ['2026-10-25T08:00:00Z', '2026-10-25T11:30:00Z'],
    ])
    for (const { description } of events)
      expect(description).toContain(`de 9${noBreak}h à 12${noBreak}h${noBreak}30`)
  })

  it('tells a night over a change of the clocks with the hours that it really has', async () => {
    const { events } = await written(
      entry('2026-03-29 00:30-08:30'),
      entry('2026-03-30 00:30-08:30', { timeZone: 'Indian/Reunion' }),
    )
    const minutes = events.map(({ start, end }) =>
      Temporal.Instant.from(start).until(Temporal.Instant.from(end)).total('minutes'),
    )
    expect(minutes).toEqual([420, 480])
  })

  it('tells nine o’clock in Réunion, whatever the clocks of Paris do, and says whose hour it is', async () => {
    const timeZone = 'Indian/Reunion'
    const { text, events } = await written(
      entry('2026-03-28 09:00-12:00', { timeZone }),
      entry('2026-03-30 09:00-12:00', { timeZone }),
    )
    expect(events.map(({ start }) => start)).toEqual(['2026-03-28T05:00:00Z', '2026-03-30T05:00:00Z'])
    expect(events[0]?.description).toContain(
      `Horaire${noBreak}: de 9${noBreak}h à 12${noBreak}h (heure locale, Indian/Reunion)`,
    )
    // A time without a zone or Z would float: another hour on every clock.
    expect(text.match(/^DT(START|END|STAMP).*$/gm)).toHaveLength(6)
    for (const line of text.match(/^(DT\w+|LAST-MODIFIED).*$/gm) ?? []) expect(line).toMatch(/:\d{8}T\d{6}Z$/)
  })

  it('keeps accents, commas, semicolons and backslashes', async () => {
    const title = 'Éco-concevoir : mesurer, réduire ; « C:\\sites », l’été 🌿'
    const { events, name } = await written(
      entry('2026-03-02 09:00-12:30', { title, place: 'Salle 2, 1er étage; porte B' }),
    )
    expect(events).toMatchObject([{ summary: title, location: 'Salle 2, 1er étage; porte B' }])
    expect(name).toBe('Formations')
  })

  it('folds long lines at 75 octets, between letters, and ends each with CRLF', async () => {
    const title = 'Être là où ça compte, 🌿 à l’œuvre ; '.repeat(20).trim()
    const { text, events } = await written(entry('2026-03-02 09:00-12:30', { title }))
    const lines = text.split('\r\n')
    expect(lines.pop()).toBe('')
    expect(
      lines.filter((line) => /[\r\n]/.test(line) || !line.isWellFormed() || line.includes('\ufffd')),
    ).toEqual([])
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect(events[0]?.summary).toBe(title)
  })

  it('reads back as it was written, whatever a title, a place and a topic are made of', async () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
      .map((text) => `a${text}z`.normalize('NFC'))
    await fc.assert(
      fc.asyncProperty(words, words, async (title, place) => {
        const { text, events } = await written(entry('2026-03-02 09:00-12:30', { title, place }))
        expect(events).toMatchObject([{ summary: title, location: place }])
        expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
      }),
      { numRuns: 60 },
    )
  })

  it('tells the address of a virtual room as it is, and asks that it be kept private', async () => {
    const remoteUrl = 'https://visio.example/salle;a=1,2?cle=%C3%A9&nom=a,b'
    const { events } = await written(entry('2026-03-02 09:00-12:30', { remoteUrl }))
    expect(events).toMatchObject([{ location: remoteUrl, conference: remoteUrl, class: 'PRIVATE' }])
    expect(events[0]?.description).toContain(remoteUrl)
  })

  it('tells of what is cancelled when it would have been, and neither where nor with whom', async () => {
    const cancelledAt = Temporal.Instant.from('2026-02-10T08:00:00Z')
    const facts = { cancelledAt, revision: 3, place: 'Lyon', trainers: ['Maud Tanguy'], topic: 'Mesurer' }
    const { text, events } = await written(entry('2026-03-02 09:00-12:30', facts))
    expect(events).toMatchObject([
      {
        status: 'CANCELLED',
        transparency: 'TRANSPARENT',
        sequence: 3,
        start: '2026-03-02T08:00:00Z',
        summary: `Annulé${noBreak}: Éco-conception web`,
        location: undefined,
      },
    ])
    for (const hidden of ['Lyon', 'Maud', 'Mesurer']) expect(text).not.toContain(hidden)
  })

  it('says the same whatever the order in which half-days were read', async () => {
    const entries = ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30', '2026-03-03 09:00-12:30'].map(
      (span) => entry(span),
    )
    expect(await writeCalendar('Formations', entries.toReversed())).toBe(
      await writeCalendar('Formations', entries),
    )
  })
})
