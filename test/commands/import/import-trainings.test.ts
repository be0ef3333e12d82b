import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { type Cells, dump, importLines } from './import-world.ts'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

let code = ''
let count = 0
beforeEach(() => {
  code = `RGPD-${++count}`
})
const bring = (...lines: Cells<'trainings'>[]) =>
  importLines(
    app.system,
    'trainings',
    lines.map((line) => ({ code, ...line })),
  )
const inCatalogue = async () => (await app.anonymous.get(`/api/catalogue/${code}`)).body
const versions = async () =>
  app.deps.db
    .selectFrom('trainingVersion')
    .innerJoin('training', 'training.id', 'trainingVersion.trainingId')
    .select(['number', 'publishedAt', 'priceCents'])
    .where('training.code', '=', code)
    .orderBy('number')
    .execute()

test('a whole programme is published, and in the catalogue', async () => {
  expect(
    await bring({ rncp_rs: 'RNCP37674 | Chef de projet | Le certificateur | niveau 6', objectif: 'RNCP' }),
  ).toEqual({
    created: 1,
    updated: 0,
    unchanged: 0,
    besides: { publishedTrainings: 1 },
    notices: [],
    problems: [],
  })
  expect(await inCatalogue()).toMatchObject({
    code,
    publishedVersion: 1,
    title: 'RGPD au quotidien',
    objectives: ['Tenir un registre'],
    durationMinutes: 420,
    priceCents: 45_000,
    modality: 'onsite',
    nsfCode: '326',
    objective: 'rncp',
    actionKind: 'training',
    certification: { register: 'RNCP', code: 'RNCP37674', title: 'Chef de projet', level: '6' },
  })
})

test('what a programme lacks is said, and it stays a draft until a file brings it', async () => {
  const first = await bring({ prix_ht: '', nsf: '' })
  expect(first).toMatchObject({
    created: 1,
    besides: {},
    notices: [{ line: 2, reason: `${code} reste un brouillon\u202f; il manque\u00a0: prix_ht, nsf` }],
  })
  expect(await inCatalogue()).toMatchObject({ status: 404 })
  expect(await bring({ code: code.toLowerCase() })).toMatchObject({
    updated: 1,
    besides: { publishedTrainings: 1 },
  })
  expect(await inCatalogue()).toMatchObject({ code, publishedVersion: 1, priceCents: 45_000 })
})

test('the same file again makes no version and writes nothing', async () => {
  const lines = [
    { rncp_rs: 'RS5890 | Accessibilité | Le certificateur', objectif: 'RS' },
    { code: `${code}-b`, nsf: '' },
  ]
  await bring(...lines)
  const before = await dump(app.deps.db)
  expect(await bring(...lines)).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 2,
    besides: {},
    problems: [],
  })
  // The code of the certification alone says nothing new either.
  expect(await bring({ rncp_rs: 'RS5890', objectif: 'RS' })).toMatchObject({ unchanged: 1, notices: [] })
  expect(await dump(app.deps.db)).toEqual(before)
})

test('a change is the next version, and an empty cell takes nothing away', async () => {
  await bring({})
  expect(await bring({ prix_ht: '480', contenu: '', objectifs: '' })).toMatchObject({ updated: 1 })
  expect(await versions()).toMatchObject([
    { number: 1, priceCents: 45_000 },
    { number: 2, priceCents: 48_000 },
  ])
  expect(await inCatalogue()).toMatchObject({
    publishedVersion: 2,
    priceCents: 48_000,
    content: 'le registre',
  })
})

test('the next version that somebody has begun is not published over their head', async () => {
  await bring({})
  const { body: training } = await admin.get(`/api/trainings?q=${code}`)
  const { id } = training.items[0]
  await admin.patch(`/api/trainings/${id}`, { content: 'à moitié écrit' }, { 'if-match': '*' })
  expect(await bring({ prix_ht: '480', contenu: '' })).toMatchObject({
    updated: 1,
    besides: {},
    notices: [{ line: 2 }],
  })
  expect(await inCatalogue()).toMatchObject({ publishedVersion: 1, priceCents: 45_000 })
  expect((await admin.get(`/api/trainings/${id}`)).body).toMatchObject({
    priceCents: 48_000,
    content: 'à moitié écrit',
    hasDraft: true,
  })
})

test('a certification of which only the code is known is told, and the programme published all the same', async () => {
  const { notices } = await bring({ rncp_rs: 'RNCP37674', objectif: '' })
  expect(notices).toMatchObject([{ line: 2, reason: expect.stringContaining('RNCP37674 sans son titre') }])
  expect(await inCatalogue()).toMatchObject({ objective: 'rncp', certification: null })
})

test('a skills assessment is one in law too', async () => {
  await bring({ objectif: 'bilan de compétences' })
  expect(await inCatalogue()).toMatchObject({ objective: 'skillsAssessment', actionKind: 'skillsAssessment' })
})

test('a dry run counts the same and writes nothing', async () => {
  const before = await dump(app.deps.db)
  const tried = await importLines(app.system, 'trainings', [{ code }], { dryRun: true })
  expect(await dump(app.deps.db)).toEqual(before)
  expect(await bring({})).toEqual(tried)
})
