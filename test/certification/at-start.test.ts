/** A process killed between the two steps of issuing: the next one to start draws what was numbered. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { numberAndFreeze } from '../../src/certification/issuing.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { preau } from '../support/command.ts'
import { describeOrganisation } from '../support/world.ts'
import { heldSession } from './held-session.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

it('the certificates that were numbered and not drawn keep their numbers when serve starts again', async () => {
  const admin = await app.signIn('admin')
  await describeOrganisation(app)
  const session = await heldSession(app, admin)
  const { issued } = await inTransaction(app.system, (ctx) => numberAndFreeze(ctx, session.id))
  expect(issued.length).toBeGreaterThan(0)
  const documents = () =>
    app.deps.db
      .selectFrom('issuedDocument')
      .select(['id', 'number', 'verificationCode', 'sha256'])
      .orderBy('number')
      .execute()
  const before = await documents()
  expect(before.every((document) => document.sha256 === null)).toBe(true)

  const server = preau(['serve'], { DATABASE_URL: app.url })
  await server.until(/Préau answers at/)
  const after = await documents()
  expect(after.every((document) => document.sha256 !== null)).toBe(true)
  expect(after.map(({ sha256: _, ...document }) => document)).toEqual(
    before.map(({ sha256: _, ...document }) => document),
  )
})
