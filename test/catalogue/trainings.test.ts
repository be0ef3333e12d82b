import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  changeTraining,
  createArchivedTraining,
  findTrainingsByCode,
} from '../../src/catalogue/catalogue.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { aProgramme, newCode, publishedTraining } from '../support/trainings.ts'

let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp()
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

async function aDraft(fields: Record<string, unknown> = {}) {
  const { body } = await admin.post('/api/trainings', { code: newCode(), ...aProgramme, ...fields })
  return body
}

async function change(training: { id: string; version: number }, fields: Record<string, unknown>) {
  return admin.patch(`/api/trainings/${training.id}`, fields, { 'if-match': `"${training.version}"` })
}

test('a training begins as a draft with as little as a code and a title', async () => {
  const answer = await admin.post('/api/trainings', { code: 'RSE-1', title: 'La RSE en pratique' })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('etag')).toMatch(/^"1-/)
  expect(answer.body).toMatchObject({
    code: 'RSE-1',
    title: 'La RSE en pratique',
    status: 'draft',
    version: 1,
    publishedVersion: null,
    hasDraft: true,
    objectives: [],
    actionKind: 'training',
    certification: null,
  })
  const read = await admin.get(`/api/trainings/${answer.body.id}`)
  expect(read.body).toEqual(answer.body)
})

test('publishing names every field that the programme still lacks', async () => {
  const { body } = await admin.post('/api/trainings', { code: newCode(), title: 'Presque rien' })
  const answer = await admin.post(`/api/trainings/${body.id}/publish`)
  expect(answer.status).toBe(422)
  expect(answer.body.code).toBe('catalogue/incomplete')
  expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
    '/objectives',
    '/prerequisites',
    '/audience',
    '/content',
    '/methods',
    '/assessmentMethods',
    '/accessibility',
    '/durationMinutes',
    '/priceCents',
    '/modality',
    '/nsfCode',
    '/objective',
    '/accessDelay',
  ])
  expect((await admin.get(`/api/trainings/${body.id}`)).body).toMatchObject({ status: 'draft', version: 1 })
})

test('a programme without objectives, or with one field emptied, is not published', async () => {
  for (const [field, empty] of Object.entries({ objectives: [], audience: null, priceCents: null })) {
    const { id } = await aDraft({ [field]: empty })
    const answer = await admin.post(`/api/trainings/${id}/publish`)
    expect(answer.body.errors).toEqual([
      { pointer: `/${field}`, code: 'required', detail: 'is needed for publishing' },
    ])
  }
})

test('a free training is published: no price is not the same as zero euros', async () => {
  expect(await publishedTraining(admin, { priceCents: 0 })).toMatchObject({ priceCents: 0 })
})

test('a certification stands in the register that the objective says', async () => {
  const training = await aDraft({ objective: 'rncp' })
  const certification = {
    register: 'RS',
    code: 'RS6372',
    title: 'Animer un atelier',
    certifier: 'Les Communs',
  }
  const changed = await change(training, { certification })
  expect(changed.body.certification).toEqual({ ...certification, level: null })
  const wrong = await admin.post(`/api/trainings/${training.id}/publish`)
  expect(wrong.body.errors).toMatchObject([{ pointer: '/certification/register' }])

  await change(changed.body, { objective: 'rs' })
  expect((await admin.post(`/api/trainings/${training.id}/publish`)).status).toBe(200)
})

test('the same certification named by two trainings is one, and a corrected title is another', async () => {
  const certification = {
    register: 'RNCP',
    code: 'RNCP37674',
    title: 'Développeur web',
    certifier: 'Ministère du Travail',
    level: '5',
  }
  const corrected = { ...certification, title: 'Développeur web et web mobile' }
  await aDraft({ certification })
  await aDraft({ certification })
  expect((await aDraft({ certification: corrected })).certification).toEqual(corrected)
  const rows = await preau.system.db
    .selectFrom('certification')
    .where('code', '=', 'RNCP37674')
    .selectAll()
    .execute()
  expect(rows).toHaveLength(2)
})

test('a published training keeps its version while the next one is drafted', async () => {
  const training = await publishedTraining(admin)
  expect(training).toMatchObject({ status: 'published', publishedVersion: 1, hasDraft: false })

  const changed = await change(training, { title: 'Le nouveau titre', durationMinutes: 420 })
  expect(changed.status).toBe(200)
  expect(changed.body).toMatchObject({
    title: 'Le nouveau titre',
    durationMinutes: 420,
    objectives: aProgramme.objectives,
    status: 'published',
    publishedVersion: 1,
    hasDraft: true,
  })
  const shown = await preau.anonymous.get(`/api/catalogue/${training.code}`)
  expect(shown.body).toMatchObject({ title: aProgramme.title, durationMinutes: 840, publishedVersion: 1 })

  const again = await change(changed.body, { audience: 'Toutes et tous' })
  expect(again.body).toMatchObject({ title: 'Le nouveau titre', audience: 'Toutes et tous' })
  const published = await admin.post(`/api/trainings/${training.id}/publish`)
  expect(published.body).toMatchObject({ publishedVersion: 2, hasDraft: false, title: 'Le nouveau titre' })
  expect((await preau.anonymous.get(`/api/catalogue/${training.code}`)).body).toMatchObject({
    title: 'Le nouveau titre',
    publishedVersion: 2,
  })
})

test('a change of what already stands so begins no new version', async () => {
  const certification = { register: 'RS', code: 'RS5890', title: 'Facilitation', certifier: 'Les Communs' }
  const training = await publishedTraining(admin, { certification })
  const answer = await change(training, {
    title: training.title,
    certification,
    objectives: training.objectives,
  })
  expect(answer.body).toEqual(training)
})

test('publishing twice without a draft answers what is published, and changes nothing', async () => {
  const training = await publishedTraining(admin)
  const answer = await admin.post(`/api/trainings/${training.id}/publish`)
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual(training)
})

test('a training that leads to a registered certification can be published before its details are known', async () => {
  const training = await publishedTraining(admin, { objective: 'rs' })
  expect(training).toMatchObject({ status: 'published', certification: null })
})

test('the database itself refuses to change or delete a published version', async () => {
  const { id } = await publishedTraining(admin)
  const { db } = preau.system
  await expect(
    db.updateTable('trainingVersion').set({ title: 'Autre' }).where('trainingId', '=', id).execute(),
  ).rejects.toThrow(/append-only/)
  await expect(db.deleteFrom('trainingVersion').where('trainingId', '=', id).execute()).rejects.toThrow(
    /append-only/,
  )
  const title = await db
    .selectFrom('trainingVersion')
    .select('title')
    .where('trainingId', '=', id)
    .executeTakeFirstOrThrow()
  expect(title).toEqual({ title: aProgramme.title })
})

test('two trainings cannot have one code, whatever its case', async () => {
  await aDraft({ code: 'Éco-Conception' })
  const answer = await admin.post('/api/trainings', { code: 'éco-conception', title: 'La même' })
  expect(answer.status).toBe(409)
  expect(answer.body.code).toBe('catalogue/code-taken')

  const other = await aDraft()
  const renamed = await change(other, { code: 'ÉCO-CONCEPTION' })
  expect(renamed.body.code).toBe('catalogue/code-taken')
})

test('a new code is in force at once and begins no new version', async () => {
  const training = await publishedTraining(admin)
  const code = newCode()
  const answer = await change(training, { code })
  expect(answer.body).toMatchObject({ code, hasDraft: false })
  expect((await preau.anonymous.get(`/api/catalogue/${code}`)).status).toBe(200)
})

test('who edits an outdated version is told so, and who names none as well', async () => {
  const training = await aDraft()
  await change(training, { title: 'Première' })
  expect((await change(training, { title: 'Seconde' })).status).toBe(412)
  expect((await admin.patch(`/api/trainings/${training.id}`, { title: 'x' })).status).toBe(428)
})

test.each([
  [{ title: '' }, '/title'],
  [{ title: null }, '/title'],
  [{ durationMinutes: 0 }, '/durationMinutes'],
  [{ durationMinutes: 7.5 }, '/durationMinutes'],
  [{ priceCents: -1 }, '/priceCents'],
  [{ nsfCode: '32' }, '/nsfCode'],
  [{ modality: 'online' }, '/modality'],
  [{ objectives: ['Savoir', ''] }, '/objectives/1'],
  [{ certification: { register: 'RNCP', code: 'RS12', title: 'T', certifier: 'C' } }, '/certification/code'],
  [{ price: 12 }, '/price'],
])('%j is refused with a pointer', async (fields, pointer) => {
  const answer = await admin.post('/api/trainings', { code: newCode(), title: 'Essai', ...fields })
  expect(answer.status).toBe(422)
  expect(answer.body.errors[0].pointer).toBe(pointer)
})

test('an archived training serves history: an admin sees it by id, nobody in a list', async () => {
  const code = newCode()
  const { trainingId } = await inTransaction(preau.system, (ctx) =>
    createArchivedTraining(ctx, { code, title: 'Formation de 2019', durationMinutes: 420 }),
  )
  expect((await admin.get(`/api/trainings/${trainingId}`)).body).toMatchObject({
    code,
    title: 'Formation de 2019',
    durationMinutes: 420,
    status: 'archived',
  })
  const chapter = await admin.post('/api/chapters', { name: 'Lyon', city: 'Lyon', regionCode: '84' })
  const ambassador = await preau.signIn({ role: 'ambassador', chapterId: chapter.body.id })
  expect((await ambassador.get(`/api/trainings/${trainingId}`)).status).toBe(404)
  expect((await admin.get(`/api/trainings?q=${code}`)).body.items).toEqual([])
  expect((await preau.anonymous.get(`/api/catalogue/${code}`)).status).toBe(404)
})

test('an archived training comes into the catalogue once its programme is written and published', async () => {
  const code = newCode()
  const { trainingId } = await inTransaction(preau.system, (ctx) =>
    createArchivedTraining(ctx, { code, title: 'Ancienne' }),
  )
  await changeTraining(
    preau.system,
    trainingId,
    { ...aProgramme, modality: 'remote', objective: 'other' },
    '*',
  )
  expect((await preau.anonymous.get(`/api/catalogue/${code}`)).status).toBe(404)
  const answer = await admin.post(`/api/trainings/${trainingId}/publish`)
  expect(answer.body).toMatchObject({ status: 'published', publishedVersion: 2 })
  expect((await preau.anonymous.get(`/api/catalogue/${code}`)).status).toBe(200)
})

test('trainings are found by their codes whatever the case, archived ones too', async () => {
  const draft = await aDraft()
  const code = newCode()
  await inTransaction(preau.system, (ctx) => createArchivedTraining(ctx, { code, title: 'Ancienne' }))
  const found = await findTrainingsByCode(preau.system.db, [draft.code.toLowerCase(), code, 'unknown'])
  expect(found.map((training) => training.status).sort()).toEqual(['archived', 'draft'])
})

test('trainings are listed by code page by page, and found by status and by a part of code or title', async () => {
  const codes = ['liste-b', 'LISTE-A', 'Liste-C']
  for (const code of codes) await aDraft({ code })
  await publishedTraining(admin, { code: 'liste-d', title: 'Médiation numérique' })
  const listed = async (query: string) => {
    const { body } = await admin.get(`/api/trainings?${query}`)
    return { codes: body.items.map((item: { code: string }) => item.code), next: body.nextCursor }
  }
  const first = await listed('q=liste&limit=2')
  expect(first.codes).toEqual(['LISTE-A', 'liste-b'])
  expect(await listed(`q=liste&limit=2&cursor=${first.next}`)).toEqual({
    codes: ['Liste-C', 'liste-d'],
    next: null,
  })
  expect((await listed('q=liste&status=published')).codes).toEqual(['liste-d'])
  expect((await listed('q=mediation')).codes).toEqual(['liste-d'])
})

test('only an admin edits trainings; ambassadors read them, members and strangers do not', async () => {
  const { id, version } = await aDraft()
  const chapter = await admin.post('/api/chapters', {
    name: 'Marseille',
    city: 'Marseille',
    regionCode: '93',
  })
  const ambassador = await preau.signIn({ role: 'ambassador', chapterId: chapter.body.id })
  const trainer = await preau.signIn('trainer')
  const statuses = async (caller: Caller) => [
    (await caller.get('/api/trainings')).status,
    (await caller.get(`/api/trainings/${id}`)).status,
    (await caller.post('/api/trainings', { code: newCode(), title: 'x' })).status,
    (await caller.patch(`/api/trainings/${id}`, { title: 'x' }, { 'if-match': `"${version}"` })).status,
    (await caller.post(`/api/trainings/${id}/publish`)).status,
  ]
  expect(await statuses(ambassador)).toEqual([200, 200, 403, 403, 403])
  expect(await statuses(trainer)).toEqual([403, 403, 403, 403, 403])
  expect(await statuses(preau.anonymous)).toEqual([401, 401, 401, 401, 401])
})

test('every change leaves an audit entry that says which fields, and by whom', async () => {
  const training = await publishedTraining(admin)
  await change(training, { title: 'Autre titre' })
  const entries = await preau.system.db
    .selectFrom('auditEntry')
    .select(['action', 'changes', 'actorAccountId'])
    .where('subjectId', '=', training.id)
    .orderBy('sequence')
    .execute()
  expect(entries.map((entry) => entry.action)).toEqual([
    'training.create',
    'training.publish',
    'training.change',
  ])
  expect(entries.at(-1)).toMatchObject({
    changes: { title: [aProgramme.title, 'Autre titre'] },
    actorAccountId: admin.accountId,
  })
})
