import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  candidatesFor,
  type KnownLearner,
  matchOf,
  minutesOf,
  participantsOf,
  type Span,
  spansOf,
  union,
} from '../../../src/attendance/remote/connection-log.rules.ts'
import { readConnectionLog } from '../../../src/attendance/remote/connection-log-reading.ts'
import { readDuration, readTime } from '../../../src/attendance/remote/connection-times.ts'
import { logFiles, teamsEnglish, utf16, zoomEnglish, zoomLogOf } from '../../support/connection-logs.ts'

const morning = {
  startsAt: Temporal.Instant.from('2026-03-02T08:00:00Z'),
  endsAt: Temporal.Instant.from('2026-03-02T11:30:00Z'),
}
const options = { timeZone: 'Europe/Paris', near: morning.startsAt }

function read(bytes: Uint8Array) {
  const log = readConnectionLog(bytes, options)
  if ('problems' in log) throw new Error(JSON.stringify(log.problems))
  return log
}

const problemsOf = (bytes: Uint8Array) => {
  const log = readConnectionLog(bytes, options)
  return 'problems' in log ? log.problems : []
}

const minutesByName = (bytes: Uint8Array) =>
  participantsOf(read(bytes).connections).map((one) => [
    one.email ?? one.name,
    minutesOf(spansOf(one, morning)),
  ])

describe('a connection log', () => {
  it.for(logFiles)('of $says tells who was there for how long', ({ provider, bytes }) => {
    expect(read(bytes).provider).toBe(provider)
    const [trainer, maelle, theo] = minutesByName(bytes)
    expect(trainer?.[1]).toBe(210)
    // 9:00 to 10:31 and 10:46 to 12:30; of one line for both stays, what must have been inside.
    expect(maelle?.[1]).toBe(195)
    expect(theo?.[1]).toBe(189)
  })

  it('counts nobody who waited to be let in, and no total beside the stays it sums up', () => {
    const stays = read(logFiles[0]!.bytes).connections.filter(({ name }) => name === 'Maëlle Le Bihan')
    expect(stays.map(({ line }) => line)).toEqual([7, 8])
    expect(read(utf16(teamsEnglish)).connections.map(({ line }) => line)).toEqual([17, 18, 19, 20])
    // Without the stays, the totals are all there is.
    expect(minutesByName(utf16(teamsEnglish.slice(0, 14)))[1]).toEqual(['maelle@lebihan.example', 195])
  })

  it('says in which lines it cannot be read, and why', () => {
    const log = zoomLogOf(
      'Ana,,03/02/2026 09:00:00 AM,03/02/2026 12:00:00 PM,180,Yes,,No',
      'Bao,,vers 9 h,03/02/2026 12:00:00 PM,180,Yes,,No',
      'Chloé,,03/02/2026 12:00:00 PM,03/02/2026 09:00:00 AM,180,Yes,,No',
    )
    expect(problemsOf(log)).toEqual([
      { line: 6, column: 'Join Time', reason: 'n’est pas une date et une heure' },
      { line: 7, column: 'Leave Time', reason: 'précède l’arrivée' },
    ])
  })

  it('is told from a summary without times, a spreadsheet, a picture and another table', () => {
    const reasonOf = (content: string | Uint8Array) => problemsOf(Buffer.from(content))[0]?.reason
    expect(
      reasonOf('Name (Original Name),User Email,Total Duration (Minutes),Guest\nAna,,180,Yes\n'),
    ).toMatch(/sans heure d’arrivée/)
    expect(reasonOf(zoomEnglish.slice(0, 4).join('\n'))).toMatch(/aucune ligne de titres/)
    expect(reasonOf('nom;prenom\nLe Bihan;Maëlle\n')).toMatch(/aucune ligne de titres/)
    expect(reasonOf('PK\u0003\u0004 etc.')).toMatch(/classeur/)
    expect(reasonOf('%PDF-1.7')).toMatch(/PDF/)
    expect(reasonOf(Uint8Array.from({ length: 64 }, (_, index) => index % 9))).toMatch(/pas un fichier texte/)
    expect(reasonOf('')).toMatch(/vide/)
  })

  it('never fails otherwise, whatever is in it', () => {
    const cell = fc.oneof(
      fc.constantFrom('Name', 'Join Time', 'Leave Time', 'Duration', '', '03/02/2026 09:00:00 AM', '"', '-'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const line = fc.tuple(fc.array(cell, { maxLength: 5 }), fc.constantFrom(',', '\t', ';'))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.map(([cells, delimiter]) => cells.join(delimiter)).join('\n')
        expect(Object.keys(readConnectionLog(Buffer.from(text), options)).length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a time in a log', () => {
  const at = (text: string, order: 'dayFirst' | 'monthFirst' = 'dayFirst') =>
    readTime(text, { order, timeZone: 'Europe/Paris' })?.toString()

  it('is read as people and programs write it', () => {
    for (const text of [
      '02/03/2026 09:00:41',
      '2/3/26, 9:00:41',
      '02.03.2026 09:00:41',
      '02/03/2026 à 09:00:41',
    ])
      expect(at(text), text).toBe('2026-03-02T08:00:41Z')
    for (const text of ['3/2/26, 9:00:41\u202fAM', '03/02/2026 09:00:41 a.m.', '2026-03-02 09:00:41'])
      expect(at(text, 'monthFirst'), text).toBe('2026-03-02T08:00:41Z')
    expect(at('02.03.26 09:00', 'monthFirst')).toBe('2026-03-02T08:00:00Z')
    expect(at('3/2/26, 12:05:00 AM', 'monthFirst')).toBe('2026-03-01T23:05:00Z')
    expect(at('3/2/26, 12:05:00 PM', 'monthFirst')).toBe('2026-03-02T11:05:00Z')
    expect(at('2026-03-02T08:00:41Z')).toBe('2026-03-02T08:00:41Z')
    expect(at('2026-03-02 10:00:41 +02:00')).toBe('2026-03-02T08:00:41Z')
  })

  it('is none where no calendar or clock shows it', () => {
    for (const text of [
      '31/02/2026 09:00',
      '02/03/2026 25:00',
      '02/03/2026 13:00 PM',
      '02/03/2026',
      'hier',
      '',
    ])
      expect(at(text), text).toBeUndefined()
  })

  it('has its day and month in the order that brings the file nearer to the half-day', () => {
    const stay = (from: string, to: string) => zoomLogOf(`Ana,,${from},${to},60,Yes,,No`)
    const [french] = read(stay('02/03/2026 09:00:00', '02/03/2026 10:00:00')).connections
    const [american] = read(stay('03/02/2026 09:00:00', '03/02/2026 10:00:00')).connections
    expect(french?.from.toString()).toBe('2026-03-02T08:00:00Z')
    expect(american?.from.toString()).toBe('2026-03-02T08:00:00Z')
  })

  it('lasts as long as is written', () => {
    const durations = {
      '57': 3_420,
      '01:10:00': 4_200,
      '1h 13m 42s': 4_422,
      '1 h 13 min 42 s': 4_422,
      '59m 29s': 3_569,
    }
    for (const [text, seconds] of Object.entries(durations)) expect(readDuration(text), text).toBe(seconds)
    for (const text of ['', '-', 'longtemps', '1:2:3']) expect(readDuration(text), text).toBeUndefined()
  })
})

describe('presence', () => {
  const spans = fc.array(
    fc.tuple(fc.nat(300), fc.nat(60)).map(([from, length]): Span => [from, from + length]),
    { maxLength: 12 },
  )

  it('is the union of the stays, however they overlap and in whatever order they come', () => {
    fc.assert(
      fc.property(spans, (spans) => {
        const seconds = new Set(
          spans.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index)),
        )
        const counted = union(spans).reduce((total, [from, to]) => total + to - from, 0)
        expect(counted).toBe(seconds.size)
        expect(union(spans.toReversed())).toEqual(union(spans))
        expect(minutesOf(spans)).toBe(Math.floor(seconds.size / 60))
      }),
    )
  })

  it('of a line that sums up several stays is what must have been within the half-day', () => {
    const stay = (from: string, to: string, minutes: number) => ({
      line: 1,
      name: '',
      email: null,
      from: Temporal.Instant.from(`2026-03-02T${from}Z`),
      to: Temporal.Instant.from(`2026-03-02T${to}Z`),
      connectedSeconds: minutes * 60,
    })
    const minutes = (...args: Parameters<typeof stay>) =>
      minutesOf(spansOf({ line: 1, name: '', email: null, connections: [stay(...args)] }, morning))
    expect(minutes('08:00:00', '11:30:00', 180)).toBe(180)
    // An hour before it began: in the worst case all of it was spent in the room.
    expect(minutes('07:00:00', '11:30:00', 180)).toBe(120)
    expect(minutes('06:00:00', '08:10:00', 60)).toBe(0)
  })
})

describe('who is who', () => {
  const learner = (enrolmentId: string, name: string, email?: string): KnownLearner => ({
    enrolmentId,
    names: [name],
    emails: email === undefined ? [] : [email],
  })
  const learners = [
    learner('maelle', 'Maëlle Le Bihan', 'maelle@lebihan.example'),
    learner('theo', 'Théo Nguyen', 'contact@entreprise.example'),
    learner('lea', 'Léa Nguyen', 'contact@entreprise.example'),
    learner('jean', 'Jean Martin'),
    learner('jean-2', 'Jean Martin'),
  ]
  const who = (name: string, email: string | null = null) => matchOf({ name, email }, learners)

  it('is sure by an address or a name that is of one learner', () => {
    expect(who('Utilisateur Zoom', 'maelle@lebihan.example')).toEqual({ enrolmentId: 'maelle', by: 'email' })
    expect(who('LE BIHAN Maelle', 'prive@ailleurs.example')).toEqual({ enrolmentId: 'maelle', by: 'name' })
    expect(who('Tablette (Le Bihan Maëlle)')).toEqual({ enrolmentId: 'maelle', by: 'name' })
    expect(who('Le Bihan, Maëlle (External)')).toEqual({ enrolmentId: 'maelle', by: 'name' })
    // An address of two, and the name of one of them.
    expect(who('Léa Nguyen', 'contact@entreprise.example')).toEqual({ enrolmentId: 'lea', by: 'email' })
  })

  it('is unsure where they contradict each other, or are of two or nearly of one', () => {
    expect(who('Théo Nguyen', 'maelle@lebihan.example')).toBeUndefined()
    expect(who('Invité', 'contact@entreprise.example')).toBeUndefined()
    expect(who('Jean Martin')).toBeUndefined()
    expect(who('Maëlle')).toBeUndefined()
    expect(who('')).toBeUndefined()
  })

  it('then has the likeliest as candidates, and none for a stranger', () => {
    const candidates = (name: string, email: string | null = null) => candidatesFor({ name, email }, learners)
    expect(candidates('Maëlle')).toEqual(['maelle'])
    expect(candidates('Jean Martin')).toEqual(['jean', 'jean-2'])
    expect(candidates('Théo N.', 'contact@entreprise.example')).toEqual(['theo', 'lea'])
    expect(candidates('Galaxy S24', 'mlebihan@ailleurs.example')).toEqual([])
    expect(candidates('Galaxy S24', 'm.le-bihan@ailleurs.example')).toEqual(['maelle'])
    expect(candidates('Paul Durand', 'paul@ailleurs.example')).toEqual([])
  })
})
