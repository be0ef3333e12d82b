import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { openDatabase, poolUse } from '../../../src/platform/db/pool.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { createMetrics } from '../../../src/platform/http/metrics.ts'
import { newId } from '../../../src/platform/ids.ts'
import { queueMail } from '../../../src/platform/mail/outbox.ts'
import { type TestApp, testApp, testAppForOneTest } from '../../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

/** `name{labels}` → value, of an application of its own. */
async function scrape(of: TestApp['app']): Promise<Map<string, number>> {
  const answer = await of.request('/metrics')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(\S+(?: [^{}]*\})?) (\S+)$/.exec(line) ?? []
      return [name, Number(value)]
    }),
  )
}

describe('the metrics', () => {
  it('count requests by pattern, and have one name for every address that is none', async () => {
    const own = buildApp(app.deps)
    for (let index = 0; index < 5; index++) {
      await own.request(`/api/catalogue/CODE-${index}`)
      await own.request(`/nothing/${newId()}`)
      await own.request('/api/chapters', { method: `ODD${index}` })
    }
    const found = await scrape(own)
    const counts = [...found.keys()].filter((name) =>
      name.startsWith('preau_http_request_duration_seconds_count'),
    )
    expect(counts.map((name) => [name.replace(/.*\{(.*)\}/, '$1'), found.get(name)])).toEqual([
      ['method="GET",route="/api/catalogue/:code",status="4xx"', 5],
      ['method="GET",route="none",status="4xx"', 5],
      ['method="other",route="none",status="4xx"', 5],
    ])
    expect(found.get('preau_http_requests_in_flight')).toBe(1)
  })

  it('count sign-ins that failed, among all problems by their code', async () => {
    const own = buildApp(app.deps)
    const body = JSON.stringify({ email: 'personne@example.org', password: 'une phrase de passe' })
    const headers = { 'content-type': 'application/json' }
    await own.request('/api/auth/login', { method: 'POST', body, headers })
    expect((await scrape(own)).get('preau_problems_total{code="people/bad-credentials"}')).toBe(1)
  })

  it('tell how the process is and which version it runs', async () => {
    const found = await scrape(app.app)
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
    ])
      expect(found.has(name), name).toBe(true)
    expect([...found.keys()].find((name) => name.startsWith('preau_build_info'))).toMatch(/version="\d/)
  })

  it('tell how many connections work, rest and are waited for', async () => {
    const own = await testAppForOneTest({ maxConnections: 1 })
    await sql`select 1`.execute(own.deps.db)
    expect((await scrape(own.app)).get('preau_database_connections{state="in_use"}')).toBe(0)
    const busy = Array.from({ length: 3 }, () => sql`select pg_sleep(0.2)`.execute(own.deps.db))
    await expect.poll(() => poolUse(own.deps.db).waiting).toBe(2)
    const found = await scrape(own.app)
    expect(found.get('preau_database_connections{state="in_use"}')).toBe(1)
    expect(found.get('preau_database_waiting')).toBe(2)
    await Promise.all(busy)
  })

  it('tell what waits to be done and to be sent, and ask the database for it once in ten seconds', async () => {
    const own = await testAppForOneTest()
    const mail = { template: 'password-reset', to: 'a@example.org', personId: null, data: {} } as const
    await inTransaction(own.system, (ctx) => queueMail(ctx, mail))
    const found = await scrape(own.app)
    expect(found.get('preau_mails{state="queued"}')).toBe(1)
    expect(found.get('preau_mails{state="unknown"}')).toBe(0)
    expect(found.get('preau_jobs{kind="mail",state="queued"}')).toBe(1)
    expect(await own.countQueries(() => scrape(own.app))).toBe(0)
  })

  it('come without what the database knows while it is away, and soon', async () => {
    const db = openDatabase({ host: '/nowhere', user: 'postgres', database: 'none' })
    onTestFinished(() => db.destroy())
    const found = await scrape(buildApp({ ...app.deps, db }))
    expect(found.has('preau_mails{state="queued"}')).toBe(false)
    expect(found.get('preau_http_requests_in_flight')).toBe(1)
  })

  it('are only for who has the token, where there is one', async () => {
    const metrics = createMetrics(app.deps.db)
    const metricsToken = 'a token for Prometheus'
    const own = buildApp(app.deps, { metrics, metricsToken, isStopping: () => false })
    const read = async (authorization?: string) =>
      (await own.request('/metrics', { headers: { ...(authorization && { authorization }) } })).status
    expect(await read()).toBe(401)
    for (const wrong of [metricsToken, `Bearer ${metricsToken}x`, `Basic ${metricsToken}`, 'Bearer '])
      expect(await read(wrong)).toBe(401)
    expect(await read(`Bearer ${metricsToken}`)).toBe(200)
  })
})
