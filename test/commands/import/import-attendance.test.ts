import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { addSession, describeOrganisation } from '../../support/world.ts'
import { type Cells, day, dump, importLines } from './import-world.ts'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-06-01T08:00:00Z' })
  await describeOrganisation(app)
  admin = await app.signIn('admin')
  await importLines(app.system, 'trainings', [{}])
})
afterAll(() => app.close())

let session = ''
let count = 0
beforeEach(() => {
  session = `LYO-${++count}`
})
const bring = (...lines: Cells<'attendance'>[]) =>
  importLines(
    app.system,
    'attendance',
    lines.map((line) => ({ session, ...line })),
    { source: 'attendance.csv' },
  )
const awa: Cells<'attendance'> = {}
const jo: Cells<'attendance'> = {
  prenom: 'Jo',
  nom: 'Roy',
  email: 'jo@example.org',
  type_stagiaire: 'salarié',
}
/** Without an address. */
const leo: Cells<'attendance'> = { prenom: 'Léo', nom: 'Le Goff', email: '' }

const row = async (reference = session) =>
  app.deps.db
    .selectFrom('trainingSession')
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirstOrThrow()
const sheet = async () => (await admin.get(`/api/sessions/${(await row()).id}/attendance`)).body
const events = async () =>
  app.deps.db
    .selectFrom('attendanceEvent')
    .select('id')
    .where('sessionId', '=', (await row()).id)
    .execute()
const ledgerFault = async () => verifySessionLedger(app.deps.db, (await row()).id)
const trainers = async () =>
  app.deps.db
    .selectFrom('slotEngagement')
    .innerJoin('slot', 'slot.id', 'slotEngagement.slotId')
    .innerJoin('person', 'person.id', 'slotEngagement.personId')
    .select(['heldOn', 'halfDay', 'lastName', 'engagement'])
    .where('slot.sessionId', '=', (await row()).id)
    .orderBy('slot.startsAt')
    .orderBy('lastName')
    .execute()

describe('a session of the past', () => {
  test('is closed with its half-days, learners and minutes, and certificates can be issued', async () => {
    const outcome = await bring(
      ...day({}, awa, jo),
      { ...leo, present: 'retard', minutes: '150' },
      { ...leo, debut: '14h', fin: '17h30', present: 'non' },
    )
    expect(outcome).toMatchObject({
      created: 6,
      updated: 0,
      unchanged: 0,
      besides: { sessions: 1, slots: 2, enrolments: 3, closedSessions: 1 },
      notices: [],
      problems: [],
    })
    expect(await row()).toMatchObject({
      status: 'closed',
      visibility: 'private',
      modality: 'onsite',
      timeZone: 'Europe/Paris',
      capacity: 3,
      nsfCode: '326',
      objective: 'other',
    })
    expect(await sheet()).toMatchObject({
      slots: [
        { date: '2026-03-02', halfDay: 'morning', startsAt: '2026-03-02T08:00:00Z', durationMinutes: 210 },
        { date: '2026-03-02', halfDay: 'afternoon', durationMinutes: 210 },
      ],
      learners: [
        { name: 'Awa Diop', status: 'completed', attendedMinutes: 420 },
        { name: 'Léo Le Goff', attendedMinutes: 150, marks: [{ status: 'partial' }, { status: 'absent' }] },
        { name: 'Jo Roy', attendedMinutes: 420, plannedMinutes: 420 },
      ],
      attendedMinutes: 990,
    })
    expect(await ledgerFault()).toBeUndefined()
    const { body } = await admin.post(`/api/sessions/${(await row()).id}/certificates`, {})
    expect(body).toMatchObject({ issued: [{}, {}, {}], refused: [] })
  })

  test('is imported once: the same file again makes no event and writes nothing', async () => {
    const lines = [...day({}, awa, jo, leo), ...day({ date: '03/03/2026' }, awa, jo, leo)]
    await bring(...lines)
    const before = await dump(app.deps.db)
    expect(await bring(...lines.toReversed())).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 12,
      besides: {},
      notices: [],
      problems: [],
    })
    expect(await dump(app.deps.db)).toEqual(before)
    expect(await events()).toHaveLength(12)
  })

  test('stays open while attendance is missing, and a later file closes it', async () => {
    const first = await bring(...day({}, awa), jo)
    expect(first.notices).toMatchObject([{ line: 2, reason: expect.stringContaining('reste ouverte') }])
    expect(await row()).toMatchObject({ status: 'open' })
    expect(await bring(...day({}, awa, jo))).toMatchObject({
      created: 1,
      unchanged: 3,
      besides: { closedSessions: 1 },
    })
    expect(await row()).toMatchObject({ status: 'closed' })
  })

  test('has the trainee types and the employers of its learners', async () => {
    await importLines(app.system, 'people', [
      { prenom: 'Ève', nom: 'Petit', email: 'eve@example.org', employeur: 'Atelier des Rives' },
    ])
    await bring(jo, { prenom: 'Ève', nom: 'Petit', email: 'EVE@example.org', type_stagiaire: '' })
    const enrolments = async () =>
      app.deps.db
        .selectFrom('enrolment')
        .innerJoin('person', 'person.id', 'enrolment.personId')
        .leftJoin('client', 'client.id', 'enrolment.employerClientId')
        .select(['lastName', 'traineeType', 'client.name as employer'])
        .where('sessionId', '=', (await row()).id)
        .orderBy('lastName')
        .execute()
    expect(await enrolments()).toEqual([
      { lastName: 'Petit', traineeType: null, employer: 'Atelier des Rives' },
      { lastName: 'Roy', traineeType: 'privateEmployee', employer: null },
    ])
    expect(
      await bring(jo, { prenom: 'Ève', nom: 'Petit', email: 'EVE@example.org', type_stagiaire: 'salariée' }),
    ).toMatchObject({ unchanged: 2, besides: { correctedSessions: 1 } })
    expect(await enrolments()).toMatchObject([{ traineeType: 'privateEmployee' }, {}])
    expect(await events()).toHaveLength(2)
  })

  test('lies on the clock of the organisation, in summer time and out of it', async () => {
    await bring({ date: '27/03/2026' }, { date: '30/03/2026' })
    expect((await sheet()).slots).toMatchObject([
      { startsAt: '2026-03-27T08:00:00Z', durationMinutes: 210 },
      { startsAt: '2026-03-30T07:00:00Z', durationMinutes: 210 },
    ])
  })

  test('attended on site by some and remotely by others is hybrid', async () => {
    await bring(...day({ modalite: 'visio' }, awa), { ...awa, date: '03/03/2026' })
    expect(await row()).toMatchObject({ modality: 'hybrid' })
    const kinds = await app.deps.db
      .selectFrom('attendedTime')
      .select(['heldOn', 'kind'])
      .distinct()
      .where('sessionId', '=', (await row()).id)
      .orderBy('heldOn')
      .execute()
    expect(kinds).toEqual([
      { heldOn: '2026-03-02', kind: 'synchronous' },
      { heldOn: '2026-03-03', kind: 'onsite' },
    ])
  })

  test('given out or received names the other organisation, which may be an employer already', async () => {
    await importLines(app.system, 'people', [{ nom: 'Zed', employeur: 'Rives Formation' }])
    const { notices } = await bring({
      sous_traitance: 'confiée : Rives Formation',
      formateur: '',
      lien_formateur: '',
    })
    expect(notices).toMatchObject([
      { line: 2, reason: expect.stringContaining('devient un organisme de formation') },
    ])
    const { subcontracting, subcontractClientId } = await row()
    const clients = await app.deps.db
      .selectFrom('client')
      .selectAll()
      .where('name', '=', 'Rives Formation')
      .execute()
    expect(subcontracting).toBe('givenOut')
    expect(clients).toMatchObject([{ id: subcontractClientId, kind: 'trainingOrganisation' }])
  })
})

describe('the training of a session', () => {
  const trainingOf = async () =>
    app.deps.db
      .selectFrom('trainingVersion')
      .innerJoin('training', 'training.id', 'trainingVersion.trainingId')
      .select(['code', 'title', 'status', 'durationMinutes'])
      .where('trainingVersion.id', '=', (await row()).trainingVersionId)
      .executeTakeFirst()

  test.each(['rgpd', 'RGPD au quotidien', 'rgpd AU QUOTIDIEN'])(
    'is known by code or title: %s',
    async (formation) => {
      await bring({ formation })
      expect(await trainingOf()).toMatchObject({ code: 'RGPD', status: 'published' })
    },
  )

  test('that the catalogue does not know is archived once, and shown to nobody', async () => {
    const formation = 'Faire vivre un lieu à plusieurs, des premières envies aux comptes partagés'
    const twice = await bring({ formation }, { session: `${session}-b`, formation: formation.toUpperCase() })
    expect(twice).toMatchObject({ besides: { sessions: 2, archivedTrainings: 1 } })
    expect(await trainingOf()).toMatchObject({ title: formation, status: 'archived' })
    expect((await admin.get('/api/trainings?q=Faire%20vivre')).body.items).toEqual([])
    expect((await app.anonymous.get('/api/catalogue?q=lieu')).body.items).toEqual([])
    const later = await bring({ session: `${session}-c`, formation })
    expect(later.besides).not.toHaveProperty('archivedTrainings')
  })

  test('that is still a draft lends the past its title', async () => {
    await importLines(app.system, 'trainings', [
      { code: 'FACIL', intitule: 'Faciliter un collectif', nsf: '' },
    ])
    await bring({ formation: 'FACIL' })
    expect(await trainingOf()).toMatchObject({
      title: 'Faciliter un collectif',
      status: 'archived',
      durationMinutes: 420,
    })
    expect(await bring({ formation: 'FACIL' })).toMatchObject({ unchanged: 1, problems: [] })
    // Once it is published the past stays what it was, and new sessions are held by the programme.
    await importLines(app.system, 'trainings', [{ code: 'FACIL', intitule: 'Faciliter un collectif' }])
    expect(await bring({ formation: 'FACIL' })).toMatchObject({ unchanged: 1, problems: [] })
    session = `${session}-b`
    await bring({ formation: 'FACIL' })
    expect(await trainingOf()).toMatchObject({ code: 'FACIL', status: 'published' })
  })

  test('that two programmes share the title of is asked by code', async () => {
    for (const code of ['VAE-1', 'VAE-2'])
      await importLines(app.system, 'trainings', [{ code, intitule: 'Se préparer' }])
    expect((await bring({ formation: 'Se préparer' })).problems).toMatchObject([
      { line: 2, column: 'formation', reason: expect.stringContaining('VAE-1, VAE-2') },
    ])
  })
})

describe('the people of a file', () => {
  test('are those who are known, and new ones are made once', async () => {
    const before = await app.deps.db.selectFrom('person').select('id').execute()
    const nom = `Nouveau-${count}`
    const outcome = await bring(
      awa,
      { prenom: 'Zoé', nom, email: '' },
      { ...leo, prenom: 'Zoé', nom, debut: '14h', fin: '17h' },
    )
    expect(outcome.besides.people).toBe(1)
    expect(await app.deps.db.selectFrom('person').select('id').execute()).toHaveLength(before.length + 1)
  })

  test('with a name that several have are a doubt', async () => {
    const nom = `Roy-${count}`
    await importLines(app.system, 'people', [
      { prenom: 'Jo', nom, email: `jo1.${count}@example.org` },
      { prenom: 'Jo', nom, email: `jo2.${count}@example.org` },
    ])
    expect((await bring(awa, { prenom: 'Jo', nom, email: '' })).problems).toMatchObject([
      { line: 3, column: 'nom' },
    ])
    expect((await bring({ formateur: `Jo ${nom}` })).problems).toMatchObject([
      { line: 2, column: 'formateur' },
    ])
  })

  test('cannot teach and learn in one session', async () => {
    expect((await bring(awa, { ...jo, formateur: 'Awa Diop <awa@example.org>' })).problems).toEqual([
      { line: 2, column: 'nom', reason: 'Awa Diop est aussi formateur de la session' },
    ])
  })
})

describe('trainers', () => {
  test('teach the half-days that name them, also when the session gains another later', async () => {
    const both = { formateur: 'Yann Le Bihan + Ana Costa', lien_formateur: 'externe + interne' }
    await bring(
      ...day({}, awa),
      { date: '03/03/2026', ...both },
      { date: '04/03/2026', formateur: '', lien_formateur: '' },
    )
    const first = [
      { heldOn: '2026-03-02', halfDay: 'morning', lastName: 'Le Bihan', engagement: 'external' },
      { heldOn: '2026-03-02', halfDay: 'afternoon', lastName: 'Le Bihan', engagement: 'external' },
      { heldOn: '2026-03-03', halfDay: 'morning', lastName: 'Costa', engagement: 'internal' },
      { heldOn: '2026-03-03', halfDay: 'morning', lastName: 'Le Bihan', engagement: 'external' },
      { heldOn: '2026-03-04', halfDay: 'morning', lastName: 'Costa', engagement: 'internal' },
      { heldOn: '2026-03-04', halfDay: 'morning', lastName: 'Le Bihan', engagement: 'external' },
    ]
    expect(await trainers()).toEqual(first)
    await bring({ date: '05/03/2026', formateur: 'Éva Sy', lien_formateur: 'interne' })
    expect(await trainers()).toEqual([
      ...first,
      { heldOn: '2026-03-05', halfDay: 'morning', lastName: 'Sy', engagement: 'internal' },
    ])
  })

  test('are filled in where the session had none', async () => {
    await bring(...day({ formateur: '', lien_formateur: '' }))
    expect(await trainers()).toEqual([])
    expect(await bring(...day({}))).toMatchObject({ unchanged: 2, besides: { correctedSessions: 1 } })
    expect(await trainers()).toHaveLength(2)
    const before = await dump(app.deps.db)
    await bring(...day({}))
    expect(await dump(app.deps.db)).toEqual(before)
  })

  test('of a session that is known stay as they are, and the file is told', async () => {
    await bring(...day({}))
    const outcome = await bring(...day({ formateur: 'Éva Sy', lien_formateur: 'interne' }))
    expect(outcome).toMatchObject({ unchanged: 2, problems: [], notices: [{ line: 2 }, { line: 3 }] })
    expect(await trainers()).toMatchObject([{ lastName: 'Le Bihan' }, { lastName: 'Le Bihan' }])
    expect((await bring(...day({ lien_formateur: 'interne' }))).notices).toMatchObject([{ line: 2 }])
  })

  test('of a session made by hand keep its half-days when another joins with a later one', async () => {
    const trainer = await app.signIn('trainer')
    const made = await addSession(app, {
      title: 'RGPD',
      slots: ['2026-03-02 09:00-12:30'],
      learners: 0,
      trainer,
    })
    session = made.reference
    await bring({ date: '03/03/2026' })
    expect((await trainers()).map(({ heldOn, engagement }) => [heldOn, engagement])).toEqual([
      ['2026-03-02', 'internal'],
      ['2026-03-03', 'external'],
    ])
  })
})

describe('a session that is closed', () => {
  beforeEach(async () => {
    await bring(...day({}, awa, jo))
    expect(await row()).toMatchObject({ status: 'closed' })
  })

  test('gets a changed mark as a correction, with the file as its reason', async () => {
    const outcome = await bring({ ...awa, present: 'partiel', minutes: '100' }, { ...jo })
    expect(outcome).toMatchObject({ created: 0, updated: 1, unchanged: 1 })
    expect(await row()).toMatchObject({ status: 'closed' })
    expect((await sheet()).learners[0]).toMatchObject({ attendedMinutes: 310 })
    expect(await ledgerFault()).toBeUndefined()
    const reasons = await app.deps.db
      .selectFrom('attendancePayload')
      .innerJoin('attendanceEvent', 'attendanceEvent.id', 'attendancePayload.eventId')
      .select('content')
      .where('sessionId', '=', (await row()).id)
      .execute()
    expect(reasons).toEqual([{ content: { reason: 'Import de attendance.csv' } }])
  })

  test('keeps the reason of an absence that somebody added by hand', async () => {
    await bring({ ...awa, present: 'non' })
    const { slots, learners } = await sheet()
    await admin.put(`/api/slots/${slots[0].id}/attendance`, {
      marks: [{ enrolmentId: learners[0].enrolmentId, status: 'absent', reasonCode: 'illness' }],
      reason: 'arrêt reçu',
    })
    expect(await bring({ ...awa, present: 'non' })).toMatchObject({ unchanged: 1, updated: 0 })
    const marks = await app.deps.db
      .selectFrom('attendanceMark')
      .select('reasonCode')
      .where('slotId', '=', slots[0].id)
      .where('status', '=', 'absent')
      .execute()
    expect(marks).toEqual([{ reasonCode: 'illness' }])
  })

  test('is opened for a learner or a half-day that it lacked, and closed again', async () => {
    expect(await bring(...day({}, leo))).toMatchObject({
      created: 2,
      besides: { enrolments: 1, closedSessions: 1 },
      notices: [],
    })
    expect(await bring(...day({ date: '03/03/2026' }, awa, jo, leo))).toMatchObject({
      created: 6,
      besides: { slots: 2 },
    })
    expect(await row()).toMatchObject({ status: 'closed' })
    expect(
      (await sheet()).learners.map(({ status, attendedMinutes }: Record<string, unknown>) => [
        status,
        attendedMinutes,
      ]),
    ).toEqual([
      ['completed', 840],
      ['completed', 840],
      ['completed', 840],
    ])
    expect(await ledgerFault()).toBeUndefined()
  })

  test('does not grow while its certificates stand', async () => {
    await admin.post(`/api/sessions/${(await row()).id}/certificates`, {})
    const before = await dump(app.deps.db)
    expect((await bring(...day({}, leo))).problems).toEqual([
      { line: 2, column: 'session', reason: expect.stringContaining('révoquez-les') },
    ])
    expect(await dump(app.deps.db)).toEqual(before)
  })

  test('is not corrected where it is sealed, and may be said again', async () => {
    await bring(awa)
    const { slotId, sessionId, eventId } = await app.deps.db
      .selectFrom('attendanceMark')
      .selectAll()
      .where('sessionId', '=', (await row()).id)
      .executeTakeFirstOrThrow()
    const sealedAt = Temporal.Instant.from('2026-05-01T08:00:00Z')
    // As a row: how a half-day is sealed is told elsewhere.
    await app.deps.db
      .insertInto('slotSeal')
      .values({ slotId, sessionId, sealedAt, trainerPersonId: null, eventId })
      .execute()
    expect((await bring(awa)).problems).toEqual([])
    expect((await bring({ ...awa, minutes: '60' })).problems).toEqual([
      { line: 2, column: 'session', reason: expect.stringContaining('avenant') },
    ])
  })
})

describe('is refused whole', () => {
  test.each<[string, Cells<'attendance'>, string, string]>([
    ['with a half-day that is yet to come', { date: '02/06/2026' }, 'date', 'n’a pas commencé'],
    [
      'with a time that the clocks skip',
      { date: '29/03/2026', debut: '2h30', fin: '4h' },
      'debut',
      'les horloges sautent',
    ],
  ])('%s', async (_, change, column, reason) => {
    const before = await dump(app.deps.db)
    const outcome = await bring(awa, { ...jo, ...change, session: `${session}-b` })
    expect(outcome).toMatchObject({
      created: 0,
      problems: [{ line: 3, column, reason: expect.stringContaining(reason) }],
    })
    expect(await dump(app.deps.db)).toEqual(before)
  })

  test('with a session that contradicts itself or the one that stands', async () => {
    await bring(awa)
    expect((await bring({ fin: '12h' })).problems).toMatchObject([{ line: 2, column: 'fin' }])
    expect((await bring({ debut: '10h' })).problems).toMatchObject([{ line: 2, column: 'debut' }])
    expect((await bring({ formation: 'Autre chose' })).problems).toMatchObject([
      { line: 2, column: 'formation' },
    ])
    expect((await bring({ sous_traitance: 'reçue : Rives' })).problems).toMatchObject([
      { line: 2, column: 'sous_traitance' },
    ])
    expect((await bring(awa, { ...jo, formation: 'Autre chose' })).problems).toMatchObject([
      { line: 3, column: 'formation' },
    ])
  })

  test('with a session that is cancelled or a draft', async () => {
    for (const status of ['cancelled', 'draft'] as const) {
      session = (await addSession(app, { title: 'RGPD', status, slots: [], learners: 0 })).reference
      expect((await bring(awa)).problems).toMatchObject([{ line: 2, column: 'session' }])
    }
  })

  test('with a learner whose enrolment is not confirmed', async () => {
    const learners = [{ firstName: 'Awa', lastName: 'Waits', status: 'requested' as const }]
    session = (await addSession(app, { title: 'RGPD', slots: ['2026-03-02 09:00-12:30'], learners }))
      .reference
    expect((await bring(jo, { nom: 'Waits', email: '' })).problems).toEqual([
      { line: 3, column: 'nom', reason: 'son inscription n’est pas confirmée' },
    ])
  })

  test('with as many minutes as a half-day that the change of clocks shortened', async () => {
    const night = { date: '29/03/2026', debut: '1h', fin: '4h', present: 'partiel' }
    expect((await bring({ ...night, minutes: '130' })).problems).toMatchObject([
      { line: 2, column: 'minutes' },
    ])
    expect((await bring({ ...night, minutes: '110' })).problems).toEqual([])
  })

  test('one bad line among a thousand, all of it', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => ({
      session: `${session}-${index % 50}`,
      prenom: `Awa-${Math.floor(index / 50)}`,
      nom: `Mille-${count}`,
      email: '',
      ...(index === 700 && { date: '02/07/2026' }),
    }))
    const before = await dump(app.deps.db)
    expect(await bring(...lines)).toMatchObject({
      created: 0,
      besides: {},
      problems: [{ line: 702, column: 'date' }],
    })
    expect(await dump(app.deps.db)).toEqual(before)
  })
})

test('a dry run counts the same and writes nothing', async () => {
  const lines = day({ session, formation: `Nouvelle ${count}` }, awa, {
    ...jo,
    nom: `Roy-${count}`,
    email: '',
  })
  const before = await dump(app.deps.db)
  const tried = await importLines(app.system, 'attendance', lines, { dryRun: true })
  const after = await dump(app.deps.db)
  expect(after).toEqual(before)
  expect(tried).toMatchObject({ created: 4, besides: { people: 1, archivedTrainings: 1, sessions: 1 } })
  expect(await importLines(app.system, 'attendance', lines)).toEqual(tried)
})

test('two imports of one file at the same moment end as one', async () => {
  const lines = day({}, awa, jo, { ...leo, nom: `Goff-${count}` })
  const outcomes = await Promise.all([bring(...lines), bring(...lines)])
  expect(outcomes.map(({ created, unchanged }) => created * 10 + unchanged).toSorted()).toEqual(
    [60, 6].toSorted(),
  )
  expect(await events()).toHaveLength(6)
  expect(await ledgerFault()).toBeUndefined()
})

test('the statements grow with the sessions and not with the learners, and a repetition needs a few', async () => {
  const learners = (many: number) =>
    Array.from({ length: many }, (_, index) => ({ prenom: `Awa-${index}`, email: '' }))
  const few = await app.countQueries(() => bring(...day({}, ...learners(12))))
  const lines = day({ session: `${session}-b` }, ...learners(40))
  expect(await app.countQueries(() => bring(...lines))).toBe(few)
  expect(few).toBeLessThan(60)
  expect(await app.countQueries(() => bring(...lines))).toBeLessThan(20)
})

test('whoever imports hears how far it is, in lines', async () => {
  const heard: [number, number][] = []
  const lines = [...day({ session }), ...day({ session: `${session}-b` })]
  await importLines(app.system, 'attendance', lines, { onProgress: (done, of) => heard.push([done, of]) })
  expect(heard).toEqual([
    [2, 4],
    [4, 4],
  ])
})
