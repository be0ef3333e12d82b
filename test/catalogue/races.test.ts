import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { aProgramme, newCode, publishedTraining } from '../support/trainings.ts'

let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp({ maxConnections: 20 })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

function counted(statuses: number[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(statuses, String)].map(([status, all]) => [status, all.length]))
}

test('fifty trainings created at once with one code are one training', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      admin.post('/api/trainings', { code: index % 2 ? 'UNIQUE' : 'unique', title: `Essai ${index}` }),
    ),
  )
  expect(counted(answers.map((answer) => answer.status))).toEqual({ 201: 1, 409: 49 })
})

test('a draft published twenty times at once becomes one version', async () => {
  const created = await admin.post('/api/trainings', { code: newCode(), ...aProgramme })
  const { id } = created.body
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => admin.post(`/api/trainings/${id}/publish`)),
  )
  expect(counted(answers.map((answer) => answer.status))).toEqual({ 200: 20 })
  const versions = await preau.system.db
    .selectFrom('trainingVersion')
    .select('number')
    .where('trainingId', '=', id)
    .execute()
  expect(versions).toEqual([{ number: 1 }])
})

test('twenty people editing what they read at once: one wins, the others are told', async () => {
  const { id, version } = await publishedTraining(admin)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      admin.patch(`/api/trainings/${id}`, { title: `Titre ${index}` }, { 'if-match': `"${version}"` }),
    ),
  )
  expect(counted(answers.map((answer) => answer.status))).toEqual({ 200: 1, 412: 19 })
  const versions = await preau.system.db
    .selectFrom('trainingVersion')
    .select('number')
    .where('trainingId', '=', id)
    .orderBy('number')
    .execute()
  expect(versions).toEqual([{ number: 1 }, { number: 2 }])
})

test('trainings that name a new certification at once share it', async () => {
  const certification = { register: 'RS', code: 'RS9001', title: 'Médiation', certifier: 'Les Communs' }
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      admin.post('/api/trainings', { code: newCode(), title: 'Médiation', certification }),
    ),
  )
  expect(counted(answers.map((answer) => answer.status))).toEqual({ 201: 10 })
  const rows = await preau.system.db
    .selectFrom('certification')
    .select('id')
    .where('code', '=', 'RS9001')
    .execute()
  expect(rows).toHaveLength(1)
})
