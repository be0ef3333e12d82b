import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BpfReport, DrillDown } from '../../src/compliance/bpf.schema.ts'
import { bpfDrillDown, bpfReport } from '../../src/compliance/bpf.service.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { bpfExample } from '../support/bpf-example.ts'
import { insertOrganisation, type Organisation } from '../support/random-organisation.ts'

const exercise = '?from=2025-01-01&to=2025-12-31'

let app: TestApp
let admin: Caller
const example = bpfExample()
beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T09:00:00Z' })
  admin = await app.signIn('admin')
  await insertOrganisation(app.deps.db, example.organisation)
})
afterAll(() => app.close())

async function report(query = exercise): Promise<BpfReport> {
  const { status, body } = await admin.get(`/api/reports/bpf${query}`)
  expect(status).toBe(200)
  return body
}

async function drill(line: string, query = exercise): Promise<DrillDown> {
  const { status, body } = await admin.get(`/api/reports/bpf/lines/${line}${query}`)
  expect(status).toBe(200)
  return body
}

const none = { count: 0, hours: 0 }

describe('the BPF of 2025', () => {
  test('frame C holds what was invoiced in the exercise, each line rounded, totals of printed lines', async () => {
    const { frames } = await report()
    expect(frames.C).toEqual({
      '1': 1_201,
      a: 501,
      b: 0,
      c: 0,
      d: 0,
      e: 0,
      f: 0,
      g: 0,
      h: 0,
      '2': 501,
      '3': 0,
      '4': 0,
      '5': 0,
      '6': 0,
      '7': 0,
      '8': 0,
      '9': 200,
      '10': 1_001,
      '11': 0,
      total: 2_903,
      shareOfTurnover: null,
    })
  })

  test('frame E counts co-trainers each in full, on every session, by the engagement of the assignment', async () => {
    const { frames } = await report()
    expect(frames.E).toEqual({
      // Nadia 210 + 200 + 90 minutes, Rose 90
      internal: { count: 2, hours: 10 },
      // Yann 210 + 180 + 30, Rose 60: the second half-day of the cancelled session was never held
      external: { count: 2, hours: 8 },
    })
  })

  test('frame F-1 sorts 625 minutes of six learners, the hour left over to the largest remainder', async () => {
    const { frames } = await report()
    expect(frames.F1).toEqual({
      a: { count: 2, hours: 4 },
      b: { count: 1, hours: 3 },
      c: none,
      d: { count: 1, hours: 1 },
      e: { count: 2, hours: 2 },
      total: { count: 6, hours: 10 },
    })
  })

  test('frame F-2 is what was given out, G what was received', async () => {
    const { frames } = await report()
    expect(frames.F2).toEqual({ total: { count: 2, hours: 4 } })
    expect(frames.G).toEqual({ total: { count: 1, hours: 3 } })
  })

  test('frame F-3 apportions the levels inside their line', async () => {
    const { frames } = await report()
    expect(frames.F3).toEqual({
      a: { count: 3, hours: 5 },
      'a.n6-8': { count: 2, hours: 5 },
      'a.n5': none,
      'a.n4': none,
      'a.n3': none,
      'a.n2': none,
      'a.cqp': none,
      b: { count: 2, hours: 4 },
      c: none,
      d: none,
      e: none,
      f: { count: 1, hours: 1 },
      total: { count: 6, hours: 10 },
    })
  })

  test('frame F-4 names the specialities', async () => {
    const { frames } = await report()
    expect(frames.F4).toEqual({
      rows: [
        {
          nsfCode: '326',
          label: "Informatique, traitement de l'information, réseaux de transmission des données",
          count: 2,
          hours: 5,
        },
        { nsfCode: '313', label: 'Finances, banque, assurances', count: 2, hours: 4 },
        { nsfCode: '100', label: 'Formations générales', count: 1, hours: 0 },
      ],
      other: { count: 1, hours: 1 },
      total: { count: 6, hours: 10 },
    })
  })

  test('every check of the form passes, in the order of the form', async () => {
    const { checks, form, period } = await report()
    expect(checks.map(({ id, ok }) => [id, ok])).toEqual([
      ['C2', true],
      ['Ctotal', true],
      ['F1F3F4', true],
      ['F2inF1', true],
      ['F3levels', true],
      ['GvsC10', true],
      ['FvsC', true],
      ['zero', true],
    ])
    expect([form, period]).toEqual(['10443*17', { from: '2025-01-01', to: '2025-12-31' }])
  })

  test('what a person has to decide is listed by session and learner', async () => {
    const { unresolved } = await report()
    const { straddling, outOfScope, unknownLevel } = example
    const lea = { sessionId: straddling.id, enrolmentId: straddling.learners[2]?.id }
    expect(unresolved).toEqual([
      {
        kind: 'inputsMissing',
        detail: 'Chiffre d’affaires et charges de l’exercice non renseignés (cadres C et D).',
      },
      {
        kind: 'noFundingDecision',
        ...lea,
        detail: `Session ${straddling.reference}, Camille Petit-5\u00a0: des heures suivies, mais ni financement ni exclusion du BPF.`,
      },
      {
        kind: 'noTraineeType',
        ...lea,
        detail: `Session ${straddling.reference}, Camille Petit-5\u00a0: type de stagiaire inconnu, compté en F-1 e.`,
      },
      {
        kind: 'noCertificationLevel',
        sessionId: unknownLevel.id,
        detail: `Session ${unknownLevel.reference}\u00a0: niveau de la certification inconnu, compté en F-3 a sans ligne de niveau.`,
      },
      {
        kind: 'notInvoiced',
        sessionId: outOfScope.id,
        detail: `Session ${outOfScope.reference}\u00a0: le financement de 50,00\u00a0€ n’a pas de date de facture alors que la session est finie.`,
      },
      {
        kind: 'fundingOutOfScope',
        sessionId: outOfScope.id,
        detail: `Session ${outOfScope.reference}\u00a0: le financement de 50,00\u00a0€ finance une session exclue du BPF.`,
      },
    ])
  })
})

describe('the exercises around it', () => {
  test('a learner whose session straddles the year is a head of both exercises, with the minutes of each', async () => {
    const before = await report('?from=2024-01-01&to=2024-12-31')
    expect(before.frames.F1.total).toEqual({ count: 2, hours: 8 })
    expect(before.frames.F1.c).toEqual({ count: 1, hours: 4 })
    expect(before.frames.C).toMatchObject({ '7': 800, total: 800 })
    const both = await report('?from=2024-07-01&to=2025-06-30')
    expect(both.frames.F1.total.count).toBe(5)
    expect((await drill('F1/a', '?from=2024-07-01&to=2025-06-30')).exactMinutes).toBe(450)
  })

  test('a half-day without every mark is reported once per session, with how many are missing', async () => {
    const { unresolved } = await report('?from=2024-01-01&to=2024-12-31')
    const { straddling } = example
    expect(unresolved.find((entry) => entry.kind === 'slotNotMarked')).toEqual({
      kind: 'slotNotMarked',
      sessionId: straddling.id,
      detail: `Session ${straddling.reference}\u00a0: un émargement manque dans des créneaux terminés.`,
    })
  })

  test('an exercise without activity says that the declaration of activity would lapse', async () => {
    const { checks, form } = await report('?from=2019-01-01&to=2019-12-31')
    expect(checks.find((check) => check.id === 'zero')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('caduque (L6351-6)'),
    })
    expect(form).toBe('10443*16')
  })
})

describe('drill-down', () => {
  test('learners’ hours open down to marks', async () => {
    const { straddling, slots } = example
    expect(await drill('F3/a.n6-8')).toEqual({
      printed: 5,
      exactMinutes: 310,
      count: 2,
      rows: expect.arrayContaining([
        {
          enrolmentId: straddling.learners[0]?.id,
          sessionId: straddling.id,
          slotId: slots.january.id,
          heldOn: '2025-01-02',
          minutes: 210,
        },
        {
          enrolmentId: straddling.learners[2]?.id,
          sessionId: straddling.id,
          slotId: slots.january.id,
          heldOn: '2025-01-02',
          minutes: 100,
        },
      ]),
    })
  })

  test('trainers’ hours open down to the slots of each', async () => {
    const found = await drill('E/external')
    expect(found).toMatchObject({ printed: 8, exactMinutes: 480, count: 2 })
    const { yann, rose } = example.people
    expect(found.rows.map(({ personId, heldOn, minutes }) => [personId, heldOn, minutes])).toEqual([
      [yann, '2025-01-02', 210],
      [yann, '2025-03-03', 180],
      [rose, '2025-09-01', 60],
      [yann, '2025-12-31', 30],
    ])
  })

  test('income opens down to funding lines, credit notes too', async () => {
    const { givenOut, received } = example
    const learner = givenOut.learners[0]
    expect(await drill('C/9')).toEqual({
      printed: 200,
      exactCents: 200_49,
      rows: [
        {
          fundingLineId: learner?.funding[0]?.id,
          enrolmentId: learner?.id,
          sessionId: givenOut.id,
          invoicedOn: '2025-03-10',
          cents: 300_49,
        },
        {
          fundingLineId: learner?.funding[1]?.id,
          enrolmentId: learner?.id,
          sessionId: givenOut.id,
          invoicedOn: '2025-04-01',
          cents: -100_00,
        },
      ],
    })
    const ofSession = await drill('C/10')
    expect(ofSession.rows).toEqual([
      {
        fundingLineId: received.funding[0]?.id,
        sessionId: received.id,
        invoicedOn: '2025-06-30',
        cents: 1_000_50,
      },
    ])
    expect(await drill('C/total')).toMatchObject({ printed: 2_903, exactCents: 2_902_48 })
  })

  test('a speciality opens by its code, those without a row together', async () => {
    expect(await drill('F4/326')).toMatchObject({ printed: 5, exactMinutes: 310, count: 2 })
    expect(await drill('F4/other')).toMatchObject({ printed: 1, exactMinutes: 60, count: 1 })
    expect(await drill('F4/total')).toMatchObject({ printed: 10, exactMinutes: 625, count: 6 })
  })

  test.for([
    'F4/340',
    'F4/999',
    'F1/f',
    'F1/__proto__',
    'F1/toString',
    'F2/a',
    'C/12',
    'C/shareOfTurnover',
    'E/total',
    'H/total',
    'constructor/name',
  ])('%s is no line of the report', async (line) => {
    const { status, body } = await admin.get(`/api/reports/bpf/lines/${line}${exercise}`)
    expect([status, body.code]).toEqual([404, 'platform/not-found'])
  })
})

describe('turnover and expenses', () => {
  const period = '?from=2025-01-01&to=2025-12-31'
  const inputs = {
    turnoverCents: 1_000_000_00,
    expenses: { totalCents: 2_000_50, trainersPayCents: 1_000_00, purchasesCents: 500_49 },
  }

  test('are given for an exercise, given anew, and then stand in frames C and D', async () => {
    const own = await testAppForOneTest({ now: '2026-03-02T09:00:00Z' })
    const boss = await own.signIn('admin')
    await insertOrganisation(own.deps.db, bpfExample().organisation)
    const wrong = await boss.put(`/api/reports/bpf/inputs${period}`, { ...inputs, turnoverCents: 1_00 })
    expect(wrong.status).toBe(200)
    const right = await boss.put(`/api/reports/bpf/inputs${period}`, inputs)
    expect(right.body).toEqual({
      ...inputs,
      period: { from: '2025-01-01', to: '2025-12-31' },
      version: 2,
      updatedAt: '2026-03-02T09:00:00Z',
    })
    const { frames, unresolved } = (await boss.get(`/api/reports/bpf${period}`)).body as BpfReport
    expect(frames.D).toEqual({ total: 2_001, trainersPay: 1_000, purchases: 500 })
    expect(frames.C.shareOfTurnover).toBe(1)
    expect(unresolved.map((entry) => entry.kind)).not.toContain('inputsMissing')
    const expenses = await boss.get(`/api/reports/bpf/lines/D/purchases${period}`)
    expect(expenses.body).toEqual({ printed: 500, exactCents: 500_49, rows: [] })
    const entries = await own.deps.db
      .selectFrom('auditEntry')
      .select('changes')
      .where('action', '=', 'bpf.setInputs')
      .orderBy('sequence')
      .execute()
    expect(entries.at(-1)?.changes).toEqual({
      period: { from: '2025-01-01', to: '2025-12-31' },
      turnoverCents: [1_00, 1_000_000_00],
    })
  })

  test('of another exercise do not count', async () => {
    const { status } = await admin.put('/api/reports/bpf/inputs?from=2023-01-01&to=2023-12-31', inputs)
    expect(status).toBe(200)
    expect((await report()).frames.D).toEqual({ total: 0, trainersPay: 0, purchases: 0 })
  })

  test('a part above the whole is refused', async () => {
    const expenses = { totalCents: 100, trainersPayCents: 101, purchasesCents: 101 }
    const { status, body } = await admin.put(`/api/reports/bpf/inputs${period}`, { ...inputs, expenses })
    expect(status).toBe(422)
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/expenses/trainersPayCents',
      '/expenses/purchasesCents',
    ])
  })
})

describe('any exercise', () => {
  test.for([
    ['?from=2025-12-31&to=2025-01-01', '/to'],
    ['?from=2016-01-01&to=2026-01-01', '/to'],
    ['?from=2025-02-30&to=2025-12-31', '/from'],
    ['?from=2025-01-01', '/to'],
    ['?from=2025-01-01&to=2025-12-31&frame=C', '/frame'],
  ])('%s is refused', async ([query, pointer]) => {
    const { status, body } = await admin.get(`/api/reports/bpf${query}`)
    expect([status, body.errors[0].pointer]).toEqual([422, pointer])
  })

  test('may last a day or ten years', async () => {
    expect((await report('?from=2025-01-02&to=2025-01-02')).frames.F1.total).toEqual({ count: 2, hours: 5 })
    expect((await report('?from=2016-01-01&to=2025-12-31')).frames.F1.total.count).toBe(7)
  })

  test('is read by admins only', async () => {
    const member = await app.signIn('trainer')
    expect((await member.get(`/api/reports/bpf${exercise}`)).status).toBe(403)
    expect((await app.anonymous.get(`/api/reports/bpf.csv${exercise}`)).status).toBe(401)
  })
})

test('a report of many learners takes as many SQL statements as one of few, and lists a thousand cases of a kind', async () => {
  const own = await testAppForOneTest({ now: '2026-03-02T09:00:00Z' })
  const boss = await own.signIn('admin')
  const path = `/api/reports/bpf${exercise}`
  const few = bpfExample()
  await insertOrganisation(own.deps.db, few.organisation)
  // The day on which a token was last used is written down once a day.
  await boss.get('/api/me')
  const withFew = await own.countQueries(() => boss.get(path))

  await insertOrganisation(own.deps.db, crowd(1_002))
  let body: BpfReport | undefined
  const withMany = await own.countQueries(async () => {
    body = (await boss.get(path)).body
  })
  expect(withMany).toBe(withFew)
  expect(body?.frames.F1.total.count).toBe(6 + 1_002)
  const untyped = body?.unresolved.filter((entry) => entry.kind === 'noTraineeType') ?? []
  expect(untyped).toHaveLength(1_001)
  // One of the six of the small organisation has no type either.
  expect(untyped.at(-1)).toEqual({ kind: 'noTraineeType', detail: 'Et 3 autres cas.' })
})

test('marks that come in while a figure is being read change neither the figure nor its rows', async () => {
  const own = await testAppForOneTest()
  await insertOrganisation(own.deps.db, bpfExample().organisation)
  let statements = 0
  const interrupted = own.deps.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements += 1
      // The first one sets the time limit; the second is the first that reads.
      if (statements === 2) await insertOrganisation(own.deps.db, bpfExample().organisation)
      return result
    },
  })
  const period = { from: '2025-01-01', to: '2025-12-31' }
  const during = await bpfDrillDown({ ...own.system, db: interrupted }, period, 'F1', 'total')
  expect(during).toMatchObject({ exactMinutes: 625, count: 6 })
  expect(during.rows.reduce((sum, row) => sum + (row.minutes ?? 0), 0)).toBe(625)
  const afterwards = await bpfDrillDown(own.system, period, 'F1', 'total')
  expect(afterwards).toMatchObject({ exactMinutes: 1_250, count: 12 })
})

test('a period that is none is refused on the command line too', async () => {
  const period = { from: '2025-02-30', to: 'demain' }
  await expect(bpfReport(app.system, period)).rejects.toThrow('platform/invalid')
})

/** One session with many learners whose type nobody gave. */
function crowd(learners: number): Organisation {
  const { organisation, unknownLevel } = bpfExample()
  const pattern = unknownLevel.learners[0]
  const session = unknownLevel
  if (!pattern) throw new Error('the example has a learner')
  const personIds = Array.from({ length: learners }, () => crypto.randomUUID())
  return {
    personIds: [...organisation.personIds, ...personIds],
    sessions: [
      {
        ...session,
        learners: personIds.map((personId) => ({
          ...pattern,
          id: crypto.randomUUID(),
          personId,
          traineeType: null,
          funding: [],
        })),
      },
    ],
  }
}

describe('the sheet to copy from', () => {
  test('has the lines of the form in its order, and opens in a French Excel', async () => {
    const { status, body, headers } = await admin.get(`/api/reports/bpf.csv${exercise}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="bpf-2025-01-01-2025-12-31.csv"')
    const lines = (body as string).split('\r\n')
    expect(lines.slice(0, 5)).toEqual([
      // Response.text() has taken the byte order mark away.
      'Cadre;Ligne;Libellé;Montant HT (€);Nombre;Heures',
      'Formulaire;;Cerfa n° 10443*17',
      'B;;Exercice comptable du 1er\u00a0janvier\u00a02025 au 31\u00a0décembre\u00a02025',
      'C;1;Entreprises, pour la formation de leurs salariés;1201;;',
      'C;a;Organismes gestionnaires des fonds – contrats d’apprentissage;501;;',
    ])
    const keys = lines.slice(3).map((line) => line.split(';').slice(0, 2).join(' '))
    expect(keys.slice(0, keys.indexOf('Contrôle C2')).join(', ')).toBe(
      [
        'C 1, C a, C b, C c, C d, C e, C f, C g, C h, C 2, C 3, C 4, C 5, C 6, C 7, C 8, C 9, C 10, C 11, C total, C %',
        'D , D , D , E , E ',
        'F-1 a, F-1 b, F-1 c, F-1 d, F-1 e, F-1 (1), F-2 (2)',
        'F-3 a, F-3 , F-3 , F-3 , F-3 , F-3 , F-3 , F-3 b, F-3 c, F-3 d, F-3 e, F-3 f, F-3 (3)',
        'F-4 326, F-4 313, F-4 100, F-4 , F-4 (4), G (5)',
      ].join(', '),
    )
    expect(lines).toContain('F-1;a;Salariés d’employeurs privés hors apprentis;;2;4')
    expect(lines).toContain('F-3;;dont de niveau 6 à 8;;2;5')
    expect(lines).toContain('F-4;313;Finances, banque, assurances;;2;4')
    expect(lines.filter((line) => line.startsWith('À résoudre;'))).toHaveLength(6)
  })
})
