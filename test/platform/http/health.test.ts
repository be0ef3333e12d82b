/** What `/health` and `/ready` tell a machine that asks whether this process lives, and whether it can work. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { createMetrics } from '../../../src/platform/http/metrics.ts'
import { inTime } from '../../../src/platform/in-time.ts'
import { type TestApp, testApp, testAppForOneTest } from '../../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

async function ask(of: TestApp['app'], path: string) {
  const answer = await of.request(path)
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

describe('a process', () => {
  it('is ready when its database answers and has its schema', async () => {
    expect(await ask(app.app, '/ready')).toMatchObject({ status: 200, body: { status: 'ok' } })
  })

  it('is not ready when the schema is older, or newer because another version has migrated it meanwhile', async () => {
    const own = await testAppForOneTest()
    await sql`insert into schema_migration values ('9999_of_a_newer_version', '')`.execute(own.deps.db)
    const newer = await ask(own.app, '/ready')
    expect(newer).toMatchObject({ status: 503, body: { code: 'platform/schema-unknown' } })
    expect(newer.headers.get('retry-after')).toBe('5')
    await sql`delete from schema_migration where name >= '0009'`.execute(own.deps.db)
    expect(await ask(own.app, '/ready')).toMatchObject({ status: 503 })
    expect(await ask(own.app, '/health')).toMatchObject({ status: 200 })
  })

  it('that was asked to stop is not ready, lives, and closes each connection after its answer', async () => {
    const stopping = buildApp(app.deps, {
      metrics: createMetrics(app.deps.db),
      isStopping: () => true,
    })
    const ready = await ask(stopping, '/ready')
    expect(ready).toMatchObject({ status: 503, body: { code: 'platform/stopping' } })
    expect(ready.headers.get('retry-after')).toBe('5')
    const health = await ask(stopping, '/health')
    expect(health.status).toBe(200)
    expect(health.headers.get('connection')).toBe('close')
  })
})

describe('what takes longer than somebody waits', () => {
  it('is given up, and what comes in time is not', async () => {
    const late = () => new Error('too late')
    await expect(inTime(new Promise(() => {}), 20, late)).rejects.toThrow('too late')
    await expect(inTime(Promise.resolve('in time'), 20, late)).resolves.toBe('in time')
    await expect(inTime(Promise.reject(new Error('broken')), 20, late)).rejects.toThrow('broken')
  })
})

describe('a request whose statement takes too long', () => {
  it('is given up with 503, and what it waited for goes on', async () => {
    const own = await testAppForOneTest()
    const { host = '', port = '', user = '' } = Object.fromEntries(new URL(own.url).searchParams)
    const database = new URL(own.url).pathname.slice(1)
    const db = openDatabase({ host, port: Number(port), user, database }, { statementTimeoutMs: 100 })
    const hurried = buildApp({ ...own.deps, db })
    await own.deps.db.transaction().execute(async (trx) => {
      await sql`lock table chapter in access exclusive mode`.execute(trx)
      const answer = await ask(hurried, '/api/chapters')
      expect(answer).toMatchObject({ status: 503, body: { code: 'platform/busy' } })
      expect(answer.headers.get('retry-after')).toBe('1')
    })
    expect(await ask(hurried, '/api/chapters')).toMatchObject({ status: 200 })
    await db.destroy()
  })
})
