/** One line for each request: what it was, who asked, how it ended, how long it took. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { startServer } from '../../../src/commands/server.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { captureLog } from '../../support/captured-log.ts'

const captured = captureLog('debug')
let app: TestApp
beforeAll(async () => {
  app = await testApp({ log: captured.log })
})
afterAll(() => app.close())
beforeEach(() => captured.clear())

describe('the line of a request', () => {
  it('says the route by its pattern, and who asked by the id of the account', async () => {
    const admin = await app.signIn('admin')
    captured.clear()
    const answer = await admin.get(`/api/clients/${newId()}?q=martin`)
    expect(captured.lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        requestId: answer.headers.get('x-request-id'),
        method: 'GET',
        route: '/api/clients/:id',
        status: 404,
        code: 'platform/not-found',
        durationMs: expect.any(Number),
        accountId: admin.accountId,
        msg: 'request',
      },
    ])
  })

  it('has the id that the answer and the audit have, and no client chooses it', async () => {
    const admin = await app.signIn('admin')
    captured.clear()
    const chosen = newId()
    const body = { name: 'Nantes', city: 'Nantes', regionCode: '52' }
    const answer = await admin.post('/api/chapters', body, { 'x-request-id': chosen })
    const [{ requestId }] = captured.lines()
    expect(requestId).toBe(answer.headers.get('x-request-id'))
    expect(requestId).not.toBe(chosen)
    const entry = await app.deps.db
      .selectFrom('auditEntry')
      .select('requestId')
      .where('subjectId', '=', answer.body.id)
      .executeTakeFirst()
    expect(entry).toEqual({ requestId })
  })

  it('has one name for all that no route answers, and one for all methods that nobody uses', async () => {
    await app.anonymous.get('/api/nothing/here')
    await app.app.request('/nowhere', { headers: { accept: 'text/html' } })
    await app.app.request('/api/chapters', { method: 'PROPFIND' })
    expect(captured.lines().map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', 'none', 404],
      ['GET', 'none', 404],
      ['other', 'none', 405],
    ])
  })

  it('is quiet about what machines ask every few seconds, as long as it goes well', async () => {
    for (const path of ['/health', '/ready', '/metrics']) await app.anonymous.get(path)
    expect(captured.lines().map(({ level }) => level)).toEqual(['debug', 'debug', 'debug'])
    captured.clear()
    const db = openDatabase({ host: '/nowhere', user: 'postgres', database: 'none' })
    onTestFinished(() => db.destroy())
    await buildApp({ ...app.deps, db }).request('/ready')
    expect(captured.lines()).toMatchObject([
      { level: 'warn', msg: 'platform/database-away', cause: { code: 'ENOENT' } },
      { level: 'warn', route: '/ready', status: 503, code: 'platform/database-away' },
    ])
  })

  it('counts the bytes that were sent, and tells when the client did not wait for them', async () => {
    const server = await startServer(app.deps, readConfig({ PORT: '0' }))
    onTestFinished(() => server.stop())
    captured.clear()
    const text = await (await fetch(`${server.address}/openapi.json`)).text()
    await expect.poll(() => captured.lines()).toHaveLength(1)
    const [{ bytes, aborted }] = captured.lines()
    expect(bytes).toBeGreaterThan(text.length)
    expect(bytes).toBeLessThan(text.length + 3_000)
    expect(aborted).toBeUndefined()

    captured.clear()
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0)
    setTimeout(() => socket.destroy(), 50)
    await expect.poll(() => captured.lines()).toHaveLength(1)
    expect(captured.lines()[0]).toMatchObject({ status: 400, code: 'platform/malformed', aborted: true })
  })
})
