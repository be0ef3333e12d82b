/** Whatever people send to any route, and however it fails, the logs hold ids, codes and patterns, and nothing of it. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { captureLog } from './support/captured-log.ts'
import { type RouteRequest, routeRequests } from './support/route-requests.ts'
import { type RouteWorld, routeWorld } from './support/route-world.ts'

const captured = captureLog('debug')
let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld(captured.log)
}, 60_000)
afterAll(() => world.app.close())

/** In every letter case, so that folding, hashing of addresses and quoting cannot hide it. */
const isCanary = /canari/i
const codeLike =
  /^[0-9a-f-]{36}$|^\d{4}-\d\d-\d\d|^\d\d:\d\d|^[a-z][A-Za-z]*$|^[A-Z]{2}$|^\d+$|^(planning|https?:)/

/** The same body with a canary in everything that people write: names, addresses, notes, passwords, tokens, reasons. */
function withCanaries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCanaries)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withCanaries(part)]))
  if (typeof value !== 'string' || codeLike.test(value)) return value
  return value.includes('@') ? `canari.${value}` : `Canari ${value}`
}

const secretHeaders = {
  cookie: 'preau_session=canari',
  'if-match': '"canari"',
  'if-none-match': '"canari"',
  'idempotency-key': '"canari-canari"',
  'user-agent': 'Canari',
  referer: 'https://canari.example/',
  'x-forwarded-for': '2001:db8::ca, canari',
  'x-request-id': 'canari',
}

async function send(name: string, { path, body, headers }: RouteRequest): Promise<{ status: number }> {
  const [method = ''] = name.split(' ')
  const { admin } = world.callers
  if (method === 'GET') return admin.get(path, headers)
  if (method === 'DELETE') return admin.delete(path, headers)
  if (method === 'PUT') return admin.put(path, body, headers)
  if (method === 'PATCH') return admin.patch(path, body, headers)
  return admin.post(path, body, headers)
}

const anonymous = (path: string, headers: Record<string, string> = {}) =>
  world.app.app.request(path, { headers: { ...secretHeaders, ...headers } })

describe('the logs', () => {
  it.for(Object.keys(routeRequests))('hold nothing that came with %s', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    captured.clear()
    const path = `${request.path}${request.path.includes('?') ? '&' : '?'}q=canari&canari=canari`
    const body = withCanaries(request.body)
    await send(name, { ...request, ...(body !== undefined && { body }) })
    await send(name, { ...request, path, headers: { ...request.headers, ...secretHeaders } })
    await send(name, { ...request, body: '{"canari": canari' })
    const [, pattern = ''] = name.split(' ')
    await send(name, { ...request, path: pattern.replaceAll(/\{\w+\}/g, 'canari') })
    await anonymous(request.path, { authorization: 'Bearer canari' })
    expect(captured.lines().length).toBeGreaterThanOrEqual(4)
    expect(captured.text()).not.toMatch(isCanary)
  })

  it('hold nothing of what pages are asked for, nor of addresses that nothing answers', async () => {
    captured.clear()
    for (const path of ['/catalogue?q=canari', '/catalogue/canari', '/verify/canari', '/verify?code=canari'])
      await anonymous(path, { accept: 'text/html' })
    for (const path of [
      '/setup?token=canari',
      '/canari/canari',
      '/api/canari',
      '/%63anari%',
      '/assets/canari',
    ])
      await anonymous(path)
    const form = new URLSearchParams({ token: 'canari', email: 'canari@example.org', password: 'canari' })
    await world.app.app.request('/setup', { method: 'POST', body: form })
    expect(captured.lines()).toHaveLength(10)
    expect(captured.text()).not.toMatch(isCanary)
  })

  it('hold nothing of the row that the database quotes when a change fails', async () => {
    const changes = Object.keys(routeRequests).filter((name) => !name.startsWith('GET'))
    const failed = []
    await makeAuditFail()
    for (const name of changes) {
      const request = await routeRequests[name]?.(world)
      if (!request) throw new Error(`no request for ${name}`)
      captured.clear()
      const { status } = await whileAuditFails(() => send(name, request))
      expect(captured.text(), name).not.toMatch(isCanary)
      if (status !== 500) continue
      failed.push(name)
      const [failure, line] = captured.lines()
      expect(failure).toMatchObject({ level: 'error', err: { code: 'P0001' }, requestId: line.requestId })
      expect(line).toMatchObject({ level: 'error', status: 500, code: 'platform/internal' })
    }
    // The others change nothing in this state of things.
    expect(failed.length).toBeGreaterThan(changes.length / 2)
  })
})

/** Every change writes into the audit; from now on it fails there when told to, with an error that quotes everything. */
async function makeAuditFail(): Promise<void> {
  await sql`
    create table audit_failure ();
    create function fail_with_canary() returns trigger language plpgsql as $$
    begin
      if exists (select from audit_failure) then
        raise exception 'canari % canari', new.id using detail = 'Failing row contains (canari).', hint = 'canari';
      end if;
      return new;
    end $$;
    create trigger fail before insert on audit_entry for each row execute function fail_with_canary()`.execute(
    world.app.deps.db,
  )
}

async function whileAuditFails<T>(work: () => Promise<T>): Promise<T> {
  const { db } = world.app.deps
  await sql`insert into audit_failure default values`.execute(db)
  try {
    return await work()
  } finally {
    await sql`delete from audit_failure`.execute(db)
  }
}
