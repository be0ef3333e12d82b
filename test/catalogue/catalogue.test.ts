import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { aProgramme, aSession, enrolments, newCode, publishedTraining } from '../support/trainings.ts'

const now = '2026-03-02T08:00:00Z'

let preau: TestApp
let admin: Caller
let visitor: Caller

beforeAll(async () => {
  preau = await testApp({ now })
  admin = await preau.signIn('admin')
  visitor = preau.anonymous
})
afterAll(() => preau.close())

async function codesFor(query: string): Promise<string[]> {
  const { status, body } = await visitor.get(`/api/catalogue?${query}`)
  expect(status).toBe(200)
  return body.items.map((item: { code: string }) => item.code)
}

test('anyone reads published programmes, and no draft', async () => {
  const training = await publishedTraining(admin)
  const draft = await admin.post('/api/trainings', { code: newCode(), ...aProgramme })
  const codes = await codesFor('limit=200')
  expect(codes).toContain(training.code)
  expect(codes).not.toContain(draft.body.code)
  expect((await visitor.get(`/api/catalogue/${draft.body.code}`)).status).toBe(404)
  expect((await visitor.get('/api/catalogue/unknown')).status).toBe(404)
})

test('the programme of a training is found whatever the case of its code, with all that it must say', async () => {
  await publishedTraining(admin, { code: 'Num Resp/1' })
  const answer = await visitor.get(`/api/catalogue/${encodeURIComponent('NUM RESP/1')}`)
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({
    ...aProgramme,
    code: 'Num Resp/1',
    publishedVersion: 1,
    publishedAt: now,
    sessions: [],
  })
})

test('a training shows its next five open public sessions, in order, with the seats left', async () => {
  const { id, code } = await publishedTraining(admin)
  const days = ['2026-04-09', '2026-04-02', '2026-04-07', '2026-04-01', '2026-04-08', '2026-04-03']
  for (const day of days) await aSession(preau, id, { startsAt: `${day}T07:00:00Z` })
  await aSession(preau, id, { startsAt: '2026-03-02T07:59:00Z' })
  await aSession(preau, id, { startsAt: '2026-03-10T08:00:00Z', status: 'draft' })
  await aSession(preau, id, { startsAt: '2026-03-10T08:00:00Z', status: 'cancelled' })
  await aSession(preau, id, { startsAt: '2026-03-10T08:00:00Z', visibility: 'private' })

  const { body } = await visitor.get(`/api/catalogue?q=${code}`)
  const [item] = body.items
  expect(item.sessions.map((session: { startsAt: string }) => session.startsAt)).toEqual([
    '2026-04-01T07:00:00Z',
    '2026-04-02T07:00:00Z',
    '2026-04-03T07:00:00Z',
    '2026-04-07T07:00:00Z',
    '2026-04-08T07:00:00Z',
  ])
  const programme = await visitor.get(`/api/catalogue/${code}`)
  expect(programme.body.sessions).toHaveLength(6)
})

test('a session of an earlier version still shows under its training', async () => {
  const { id, code, version } = await publishedTraining(admin)
  await aSession(preau, id, { startsAt: '2026-04-01T07:00:00Z' })
  await admin.patch(`/api/trainings/${id}`, { title: 'Titre suivant' }, { 'if-match': `"${version}"` })
  await admin.post(`/api/trainings/${id}/publish`)
  const { body } = await visitor.get(`/api/catalogue/${code}`)
  expect(body).toMatchObject({ title: 'Titre suivant', publishedVersion: 2 })
  expect(body.sessions).toHaveLength(1)
})

test('seats are held by confirmed learners and by requests, not by those who wait or left', async () => {
  const { id, code } = await publishedTraining(admin)
  const session = await aSession(preau, id, { startsAt: '2026-04-01T07:00:00Z', capacity: 5 })
  await enrolments(preau, session.id, 'confirmed', 2)
  await enrolments(preau, session.id, 'requested', 1)
  await enrolments(preau, session.id, 'waitlisted', 2)
  await enrolments(preau, session.id, 'cancelled', 2)
  const { body } = await visitor.get(`/api/catalogue/${code}`)
  expect(body.sessions[0]).toMatchObject({ reference: session.reference, capacity: 5, seatsLeft: 2 })
})

test('a session with more learners than seats has none left, not fewer', async () => {
  const { id, code } = await publishedTraining(admin)
  const session = await aSession(preau, id, { startsAt: '2026-04-01T07:00:00Z', capacity: 1 })
  await enrolments(preau, session.id, 'confirmed', 3)
  const { body } = await visitor.get(`/api/catalogue/${code}`)
  expect(body.sessions[0].seatsLeft).toBe(0)
})

test('where to connect is not public', async () => {
  const { id, code } = await publishedTraining(admin)
  await aSession(preau, id, { startsAt: '2026-04-01T07:00:00Z' })
  const { body } = await visitor.get(`/api/catalogue/${code}`)
  expect(Object.keys(body.sessions[0]).sort()).toEqual([
    'capacity',
    'chapterId',
    'endsAt',
    'id',
    'modality',
    'place',
    'reference',
    'seatsLeft',
    'startsAt',
    'timeZone',
  ])
})

test('the catalogue of a chapter holds the trainings to come there, with the sessions of that chapter', async () => {
  const { body: lyon } = await admin.post('/api/chapters', { name: 'Lyon', city: 'Lyon', regionCode: '84' })
  const there = await publishedTraining(admin)
  const elsewhere = await publishedTraining(admin)
  const past = await publishedTraining(admin)
  await aSession(preau, there.id, { startsAt: '2026-04-01T07:00:00Z' })
  const session = await aSession(preau, there.id, { startsAt: '2026-04-02T07:00:00Z', chapterId: lyon.id })
  await aSession(preau, elsewhere.id, { startsAt: '2026-04-01T07:00:00Z' })
  await aSession(preau, past.id, { startsAt: '2026-02-01T07:00:00Z', chapterId: lyon.id })
  const { body } = await visitor.get(`/api/catalogue?chapterId=${lyon.id}`)
  expect(body.items).toHaveLength(1)
  expect(body.items[0].code).toBe(there.code)
  expect(body.items[0].sessions).toMatchObject([{ reference: session.reference }])
})

test('the catalogue is filtered by domain and modality', async () => {
  const ess = await publishedTraining(admin, { domain: 'Économie sociale', modality: 'remote' })
  await publishedTraining(admin, { domain: 'Numérique', modality: 'remote' })
  await publishedTraining(admin, { domain: 'Économie sociale', modality: 'hybrid' })
  expect(await codesFor(`domain=${encodeURIComponent('économie SOCIALE')}&modality=remote`)).toEqual([
    ess.code,
  ])
  expect((await visitor.get('/api/catalogue?modality=online')).status).toBe(422)
})

test('the catalogue is read page by page, by title without regard to case, none twice and none left out', async () => {
  const own = await testAppForOneTest({ now })
  const editor = await own.signIn('admin')
  const titles = ['zoom', 'Écoute', 'animer', 'Bilan', 'ateliers', 'Écoute', 'œuvrer']
  for (const title of titles) await publishedTraining(editor, { title })
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await own.anonymous.get(`/api/catalogue?limit=2${cursor}`)
    seen.push(...body.items.map((item: { title: string }) => item.title))
    cursor = body.nextCursor && `&cursor=${body.nextCursor}`
  } while (cursor)
  expect(seen).toEqual(['animer', 'ateliers', 'Bilan', 'Écoute', 'Écoute', 'œuvrer', 'zoom'])
  expect((await own.anonymous.get('/api/catalogue?cursor=nonsense')).status).toBe(422)
})

test('a list of a hundred trainings with sessions takes as many statements as one of ten', async () => {
  const own = await testAppForOneTest({ now })
  const editor = await own.signIn('admin')
  async function publishSome(count: number) {
    for (let index = 0; index < count; index++) {
      const { id } = await publishedTraining(editor)
      await aSession(own, id, { startsAt: '2026-04-01T07:00:00Z' })
    }
  }
  async function statementsFor(trainings: number) {
    return own.countQueries(async () => {
      const { body } = await own.anonymous.get('/api/catalogue?limit=200')
      expect(body.items).toHaveLength(trainings)
    })
  }
  await publishSome(10)
  const forTen = await statementsFor(10)
  await publishSome(90)
  expect(await statementsFor(100)).toBe(forTen)
  expect(forTen).toBeLessThanOrEqual(2)
})

describe('the search', () => {
  const wanted = 'ACCESS-WEB'

  beforeAll(async () => {
    await publishedTraining(admin, {
      code: wanted,
      title: 'L’accessibilité numérique : concevoir des services pour tous',
      domain: 'Écoconception',
      audience: 'Chargées de communication',
      content: 'Les évaluations, les œuvres, le clavier',
    })
    await publishedTraining(admin, { code: 'JARDIN-1', title: 'Jardins partagés', content: 'Le compost' })
  })

  test.each([
    ['with accents', 'accessibilité'],
    ['without accents', 'accessibilite'],
    ['in capitals', 'ACCESSIBILITÉ'],
    ['with an elision', "l'accessibilité"],
    ['with a typographic elision', 'l’accessibilité'],
    ['with another elision', "d'accessibilité"],
    ['in the plural', 'services numériques'],
    ['in the singular of a plural', 'évaluation'],
    ['in the programme', 'clavier'],
    ['in the audience', 'communication'],
    ['in the domain', 'ecoconception'],
    ['by a ligature written out', 'oeuvre'],
    ['in any order', 'numérique accessibilité'],
    ['by the beginning of a word', 'accessib'],
    ['by a part of the code', 'cess-w'],
  ])('finds a word %s: %s', async (_, q) => {
    const codes = await codesFor(`q=${encodeURIComponent(q)}`)
    expect(codes).toContain(wanted)
    expect(codes).not.toContain('JARDIN-1')
  })

  test('takes a phrase in quotes and a word to leave out', async () => {
    expect(await codesFor(`q=${encodeURIComponent('"jardins partagés"')}`)).toEqual(['JARDIN-1'])
    expect(await codesFor(`q=${encodeURIComponent('jardins -compost')}`)).toEqual([])
  })

  test.each(['%', '_', '\\', '":*'])('takes %s as it is written, not as a pattern', async (q) => {
    expect(await codesFor(`q=${encodeURIComponent(q)}`)).toEqual([])
  })

  test.each(["'", '"', ':*', '&|!', '()', '<->', '-'])('survives %s', async (q) => {
    expect((await visitor.get(`/api/catalogue?q=${encodeURIComponent(q)}`)).status).toBe(200)
  })
})
