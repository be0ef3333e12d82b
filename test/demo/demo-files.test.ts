import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { missingForPublishing } from '../../src/catalogue/catalogue.rules.ts'
import { trainingInput } from '../../src/catalogue/catalogue.schema.ts'
import { parseAttendance } from '../../src/commands/import/attendance.csv.ts'
import { groupSessions } from '../../src/commands/import/attendance-sessions.ts'
import { parseFunding } from '../../src/commands/import/funding.csv.ts'
import { parsePeople } from '../../src/commands/import/people.csv.ts'
import { parseTrainings } from '../../src/commands/import/trainings.csv.ts'
import { nsfLabels } from '../../src/compliance/nsf.ts'
import { fundingSources } from '../../src/enrolment/enrolment.schema.ts'
import { fold } from '../../src/platform/fold.ts'

const folder = join(import.meta.dirname, '../../demo')
const bytesOf = (name: string) => readFile(join(folder, name))

const people = parsePeople(await bytesOf('people.csv'))
const trainings = parseTrainings(await bytesOf('trainings.csv'))
const attendance = parseAttendance(await bytesOf('attendance.csv'))
const funding = parseFunding(await bytesOf('funding.csv'))
const { sessions, problems: contradictions } = groupSessions(attendance.rows)

type Named = { email: string | null; firstName: string | null; lastName: string | null }
const nameOf = (person: Named) => fold(`${person.firstName} ${person.lastName}`)

/** Everybody whom these words may mean, as an import would look them up. */
const peopleCalled = (person: Named) =>
  people.rows.filter((row) =>
    person.email === null
      ? nameOf(row) === nameOf(person)
      : row.email === person.email && nameOf(row) === nameOf(person),
  )

describe('the files of the demonstration', () => {
  test('are made anew byte for byte', async () => {
    const target = await mkdtemp(join(tmpdir(), 'preau-demo-'))
    try {
      await promisify(execFile)(process.execPath, [join(folder, 'generate.ts'), target])
      const names = await readdir(target)
      expect(names.sort()).toEqual(['attendance.csv', 'funding.csv', 'people.csv', 'trainings.csv'])
      for (const name of names) {
        const [made, kept] = [await readFile(join(target, name)), await bytesOf(name)]
        expect(made.equals(kept), name).toBe(true)
      }
    } finally {
      await rm(target, { recursive: true })
    }
  })

  test('are read without a problem', () => {
    expect({ ...people, rows: [] }).toEqual({ rows: [], problems: [] })
    expect(trainings.problems).toEqual([])
    expect(attendance.problems).toEqual([])
    expect(funding.problems).toEqual([])
    expect(contradictions).toEqual([])
  })

  test('are each in another dialect and weigh little', async () => {
    const files = await Promise.all(
      ['people.csv', 'trainings.csv', 'attendance.csv', 'funding.csv'].map(bytesOf),
    )
    const [members, catalogue, sheets, invoices] = files.map((bytes) => bytes.toString('utf8'))
    expect(members).toMatch(/^\ufeffprenom;nom;[^\n]*\r\n/)
    expect(catalogue).toMatch(/^code;intitule;.*\n.*"[^"]*\n[^"]*"/)
    expect(sheets).toMatch(/^session;formation;.*\n[^;]*;[^;]*;\d\d\/\d\d\/\d{4};/)
    expect(invoices).toMatch(/^session,email,/)
    expect(invoices).toMatch(/,"1\u00a0\d{3},00",\d{4}-\d\d-\d\d,/)
    expect(files.reduce((total, bytes) => total + bytes.length, 0)).toBeLessThan(1_500_000)
  })
})

describe('the people', () => {
  const withRole = (role: 'admin' | 'ambassador' | 'trainer' | 'member') =>
    people.rows.filter(({ roles }) => roles.includes(role))

  test('are some two hundred members, one admin, trainers, and an ambassador for each chapter', () => {
    expect(withRole('admin')).toMatchObject([
      { firstName: 'Camille', lastName: 'Le Goff', email: 'admin@example.org' },
    ])
    expect(withRole('member').length).toBeGreaterThanOrEqual(190)
    expect(withRole('member').length).toBeLessThanOrEqual(220)
    expect(withRole('trainer').length).toBeGreaterThanOrEqual(12)
    expect(
      withRole('ambassador')
        .map(({ chapterName }) => chapterName)
        .toSorted(),
    ).toEqual(['Bordeaux', 'Bretagne', 'Lyon', 'Marseille', 'Paris'])
  })

  test('have addresses at example.org only, or none', () => {
    const emails = people.rows.flatMap(({ email }) => email ?? [])
    expect(emails.filter((email) => !email.endsWith('@example.org'))).toEqual([])
    expect(people.rows.length - emails.length).toBeGreaterThan(10)
  })

  test('have a few homonyms, whom the e-mail tells apart', () => {
    const homonyms = [...Map.groupBy(people.rows, nameOf).values()].filter(({ length }) => length > 1)
    expect(homonyms.length).toBeGreaterThanOrEqual(3)
    for (const same of homonyms) expect(new Set(same.map(({ email }) => email)).size).toBe(same.length)
    expect(homonyms.flat().filter(({ email }) => email === null)).toEqual([])
  })

  test('have names of many origins', () => {
    const names = people.rows.map(({ firstName, lastName }) => `${firstName} ${lastName}`).join('\n')
    for (const letter of ['Ł', 'ễ', 'ç', 'ï', 'é', 'ã', '-', '’', ' de ', 'Le '])
      expect(names).toContain(letter)
  })
})

describe('the trainings', () => {
  test('are a dozen or so, each ready to be published with a speciality that exists', () => {
    expect(trainings.rows.length).toBeGreaterThanOrEqual(12)
    for (const { line, certification, ...training } of trainings.rows) {
      const whole = trainingInput.parse({ ...training, certification })
      const publishable = {
        ...training,
        certification: certification && {
          register: certification.register,
          code: certification.code,
          title: certification.title ?? '',
          certifier: certification.certifier ?? '',
          level: certification.level,
        },
      }
      expect(missingForPublishing(publishable), `line ${line}`).toEqual([])
      expect(nsfLabels[whole.nsfCode ?? ''], whole.code).toBeDefined()
    }
  })

  test('lead to a certification of each register for two of them', () => {
    const registers = trainings.rows.flatMap(({ certification }) => certification?.register ?? [])
    expect(registers.toSorted()).toEqual(['RNCP', 'RS'])
  })
})

describe('the history', () => {
  const dates = attendance.rows.map(({ date }) => date).toSorted()

  test('is fifty-four sessions on weekdays of the three years before the reference date', () => {
    expect(sessions).toHaveLength(54)
    expect(dates[0]! >= '2023-01-01').toBe(true)
    expect(dates[0]! < '2023-01-15').toBe(true)
    expect(dates.at(-1)! < '2026-01-01').toBe(true)
    expect(new Set(dates.map((date) => Temporal.PlainDate.from(date).dayOfWeek))).toEqual(
      new Set([1, 2, 3, 4, 5]),
    )
  })

  test('has 6 to 14 learners in each session, and thirty in an online class of ninety minutes', () => {
    const [classes, others] = [
      sessions.filter((one) => one.learners.length > 14),
      sessions.filter((one) => one.learners.length <= 14),
    ]
    expect(classes).toMatchObject([
      { modality: 'remote', slots: [{ startTime: '12:30', endTime: '14:00' }], learners: { length: 30 } },
    ])
    for (const { learners } of others) expect(learners.length).toBeGreaterThanOrEqual(6)
  })

  test('has late arrivals, absences, one who joined on the second day and some who never came', () => {
    expect(attendance.rows.filter(({ status }) => status === 'partial').length).toBeGreaterThan(40)
    expect(attendance.rows.filter(({ status }) => status === 'absent').length).toBeGreaterThan(20)
    const late = sessions.flatMap(({ slots, learners }) =>
      learners.filter(({ marks }) => marks.length < slots.length),
    )
    expect(late).toMatchObject([{ marks: [{ slot: 2 }, { slot: 3 }, { slot: 4 }, { slot: 5 }] }])
    const neverCame = sessions.flatMap(({ learners }) =>
      learners.filter(({ marks }) => marks.every(({ status }) => status === 'absent')),
    )
    expect(neverCame.length).toBeGreaterThan(0)
  })

  test('has sessions given out and received in each exercise, co-trainers, and trainers of both kinds', () => {
    for (const year of ['2024', '2025']) {
      const ofYear = sessions.filter(({ slots }) => slots[0]?.date.startsWith(year))
      const directions = ofYear.map(({ subcontracting }) => subcontracting.direction)
      expect(new Set(directions)).toEqual(new Set(['none', 'givenOut', 'received']))
      const engagements = ofYear.flatMap(({ trainers }) => trainers.map(({ engagement }) => engagement))
      expect(new Set(engagements)).toEqual(new Set(['internal', 'external']))
      expect(ofYear.some(({ trainers }) => trainers.length > 1)).toBe(true)
    }
  })

  test('has learners of every type', () => {
    const types = new Set(attendance.rows.map(({ traineeType }) => traineeType))
    expect(types).toEqual(new Set(['privateEmployee', 'apprentice', 'jobSeeker', 'selfFunded', 'other']))
  })

  test('names only people of the file of people, each without doubt, and nobody on both sides of the room', () => {
    for (const { reference, learners, trainers } of sessions) {
      for (const learner of learners)
        expect(peopleCalled(learner), `${reference} ${nameOf(learner)}`).toHaveLength(1)
      for (const trainer of trainers)
        expect(peopleCalled(trainer), `${reference} ${nameOf(trainer)}`).toHaveLength(1)
      const learnerNames = learners.map(nameOf)
      expect(trainers.map(nameOf).filter((name) => learnerNames.includes(name))).toEqual([])
    }
  })

  test('puts nobody in two sessions on one day', () => {
    const days = sessions.flatMap(({ reference, slots, learners, trainers }) =>
      [...learners, ...trainers].flatMap((person) =>
        slots.map(({ date }) => ({ key: `${nameOf(person)} ${person.email ?? ''} ${date}`, reference })),
      ),
    )
    const clashes = [...Map.groupBy(days, ({ key }) => key).values()].filter(
      (same) => new Set(same.map(({ reference }) => reference)).size > 1,
    )
    expect(clashes).toEqual([])
  })

  test('is of trainings in the catalogue, but for one that was given up', () => {
    const titles = new Set(trainings.rows.map(({ title }) => title))
    expect(sessions.map(({ training }) => training).filter((title) => !titles.has(title))).toEqual([
      'Rédiger pour le web',
    ])
  })
})

describe('the funding', () => {
  test('has every source in both exercises, and in any other twelve months of the history', () => {
    const end = Temporal.PlainDate.from('2026-01-01')
    let from = Temporal.PlainDate.from('2023-07-03')
    const windows: [string, string][] = []
    for (; Temporal.PlainDate.compare(from.add({ years: 1 }), end) <= 0; from = from.add({ days: 1 }))
      windows.push([from.toString(), from.add({ years: 1 }).toString()])
    expect(windows).toContainEqual(['2024-01-01', '2025-01-01'])
    expect(windows).toContainEqual(['2025-01-01', '2026-01-01'])
    for (const [first, next] of windows) {
      const invoiced = funding.rows.filter(
        ({ invoicedOn }) => invoicedOn !== null && invoicedOn >= first && invoicedOn < next,
      )
      const used = new Set(invoiced.map(({ source }) => source))
      expect(
        fundingSources.filter((source) => !used.has(source)),
        `from ${first}`,
      ).toEqual([])
    }
  })

  test('has group prices, credit notes, unpaid invoices and lines not yet invoiced', () => {
    expect(funding.rows.filter(({ learner }) => learner === null).length).toBeGreaterThan(20)
    expect(funding.rows.filter(({ amountCents }) => amountCents < 0).length).toBeGreaterThan(1)
    expect(
      funding.rows.filter(({ invoicedOn, paidOn }) => invoicedOn !== null && paidOn === null).length,
    ).toBeGreaterThan(3)
    expect(funding.rows.filter(({ invoicedOn }) => invoicedOn === null).length).toBeGreaterThan(0)
  })

  test('is for learners of the session it names, and other organisations pay for nothing else than what they gave', () => {
    const byReference = new Map(sessions.map((session) => [session.reference, session]))
    for (const { session, learner, source, line } of funding.rows) {
      const held = byReference.get(session) ?? expect.unreachable(`line ${line}`)
      expect(source === 'trainingOrganisation', `line ${line}`).toBe(
        held.subcontracting.direction === 'received',
      )
      if (learner === null) continue
      const same = held.learners.filter(
        (one) => nameOf(one) === nameOf(learner) && one.email === learner.email,
      )
      expect(same, `line ${line}`).toHaveLength(1)
    }
  })

  test('knows every payer and employer by one SIRET', () => {
    const clients = [
      ...funding.rows.map(({ payer }) => payer),
      ...people.rows.map(({ employer }) => employer),
    ]
    const sirets = Map.groupBy(
      clients.filter((client) => client !== null),
      ({ name }) => name,
    )
    for (const [name, same] of sirets) expect(new Set(same.map(({ siret }) => siret)).size, name).toBe(1)
    const distinct = [...sirets.values()].map(([first]) => first?.siret)
    expect(new Set(distinct).size).toBe(distinct.length)
  })
})
