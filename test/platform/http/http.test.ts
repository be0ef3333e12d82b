import { once } from 'node:events'
import { connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { startServer } from '../../../src/commands/server.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { type TestApp, testApp, testAppForOneTest } from '../../support/app.ts'
import { cloneDatabase } from '../../support/database.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

describe('an answer', () => {
  it('carries a request id of its own, no-store and headers that keep browsers careful', async () => {
    const member = await app.signIn()
    const [one, two] = [await member.get('/api/me'), await member.get('/api/me')]
    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'))
    expect(one.headers.get('cache-control')).toBe('no-store')
    expect(one.headers.get('x-content-type-options')).toBe('nosniff')
    expect(one.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('to a path that does not exist is a problem, with the id that the header has', async () => {
    const answer = await app.anonymous.get('/api/nothing/here')
    expect(answer.status).toBe(404)
    expect(answer.body).toMatchObject({
      code: 'platform/not-found',
      requestId: answer.headers.get('x-request-id'),
    })
  })

  it('while the database is away is 503 with Retry-After, and /health still answers', async () => {
    const db = openDatabase({ host: '/nowhere', user: 'postgres', database: 'none' })
    const away = buildApp({ ...app.deps, db })
    const ready = await away.request('/ready')
    expect(ready.status).toBe(503)
    expect(ready.headers.get('retry-after')).toBe('5')
    expect(await ready.json()).toMatchObject({ code: 'platform/database-away' })
    expect((await away.request('/health')).status).toBe(200)
    await db.destroy()
  })

  it('while the disk is full is 503 that says so, and nothing is half-written', async () => {
    const own = await testAppForOneTest()
    const admin = await own.signIn('admin')
    await sql`create function full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`.execute(own.deps.db)
    await sql`create trigger full_disk before insert on audit_entry for each statement execute function full_disk()`.execute(
      own.deps.db,
    )
    const answer = await admin.post('/api/chapters', { name: 'Nantes', city: 'Nantes', regionCode: '52' })
    expect(answer).toMatchObject({ status: 503, body: { code: 'platform/no-room' } })
    expect(answer.headers.get('retry-after')).toBe('60')
    expect((await own.anonymous.get('/api/chapters')).body.items).toEqual([])
  })

  it('to what goes wrong inside says nothing of its cause', async () => {
    const db = openDatabase({ ...(await brokenConnection()) })
    const broken = buildApp({ ...app.deps, db })
    const answer = await broken.request('/api/chapters')
    expect(answer.status).toBe(500)
    expect(Object.keys((await answer.json()) as object).sort()).toEqual([
      'code',
      'requestId',
      'status',
      'title',
      'type',
    ])
    await db.destroy()
  })
})

/** A database in which no table exists. */
async function brokenConnection() {
  const { connection } = await cloneDatabase()
  const db = openDatabase(connection)
  await sql`alter table chapter rename to gone`.execute(db)
  await db.destroy()
  return connection
}

describe('a body', () => {
  const post = (body: string | Uint8Array<ArrayBuffer> | null, headers: Record<string, string> = {}) =>
    app.app.request('/api/auth/login', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })

  it('that is not UTF-8 or not JSON is 400, another type 415, too large 413', async () => {
    expect((await post(new Uint8Array([0x7b, 0xff, 0x7d]))).status).toBe(400)
    expect((await post('{"a":')).status).toBe(400)
    expect((await post(null)).status).toBe(400)
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('x'.repeat(1_048_577))).status).toBe(413)
  })

  it('without an announced length is still counted', async () => {
    const server = await startServer(app.deps, readConfig({ PORT: '0', PREAU_LOG_LEVEL: 'silent' }))
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
    let received = ''
    socket.on('data', (data) => {
      received += data
    })
    socket.on('error', () => {})
    for (let index = 0; index < 40 && received === ''; index++) {
      socket.write(chunk)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(received).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
    await server.stop()
  })
})

describe('the address that is printed', () => {
  it('is one that a browser takes, also where the host is written with colons', async () => {
    const config = readConfig({ HOST: '::ffff:127.0.0.1', PORT: '0', PREAU_LOG_LEVEL: 'silent' })
    const server = await startServer(app.deps, config)
    onTestFinished(() => server.stop())
    expect((await fetch(`${server.address}/health`)).status).toBe(200)
  })
})
