/** What holds for every route and page alike: careful headers, limits, HEAD, and no method that nobody uses. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { type RunningServer, startServer } from '../../../src/commands/server.ts'
import { readConfig } from '../../../src/config.ts'
import { operations } from '../../support/api-document.ts'
import type { Answer } from '../../support/app.ts'
import { routeRequests } from '../../support/route-requests.ts'
import { type RouteWorld, routeWorld } from '../../support/route-world.ts'

let world: RouteWorld
let server: RunningServer
/** From the application itself, so that no page is forgotten: `['GET', '/catalogue/:code']`. */
let routes: [method: string, pattern: string][]
beforeAll(async () => {
  world = await routeWorld()
  server = await startServer(world.app.deps, readConfig({ PORT: '0' }))
  routes = world.app.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.endsWith('*'))
    .map(({ method, path }) => [method, path])
}, 60_000)
afterAll(async () => {
  await server.stop()
  await world.app.close()
})

/** A path of the pattern; what it names need not exist. */
const pathOf = (pattern: string) =>
  pattern.replaceAll(/:\w+/g, (name) => (/id$/i.test(name) ? world.clientId : 'x'))

const pages = () =>
  routes.filter(([method, pattern]) => method === 'GET' && !/^\/(api|assets)\//.test(pattern))

function expectCareful(headers: Headers, what: string): void {
  const expected = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
  }
  for (const [name, value] of Object.entries(expected))
    expect(headers.get(name), `${what}: ${name}`).toBe(value)
  expect(['no-referrer', 'same-origin'], what).toContain(headers.get('referrer-policy'))
  expect(headers.get('permissions-policy'), what).toContain('geolocation=()')
  expect(headers.get('cache-control'), what).toMatch(
    /^(no-store|public, no-cache|no-cache|public, max-age=31536000, immutable)$/,
  )
  expect(headers.get('x-request-id'), what).toMatch(/^[0-9a-f-]{36}$/)
  expect(headers.get('access-control-allow-origin'), what).toBeNull()
  expect(headers.get('server') ?? headers.get('x-powered-by'), what).toBeNull()
  expectCarefulPolicy(headers.get('content-security-policy') ?? '', what)
}

function expectCarefulPolicy(policy: string, what: string): void {
  const sources = Object.fromEntries(policy.split('; ').map((part) => [part.split(' ')[0], part]))
  expect(sources['default-src'], what).toBe("default-src 'none'")
  expect(sources['frame-ancestors'], what).toBe("frame-ancestors 'none'")
  expect(sources['base-uri'], what).toBe("base-uri 'none'")
  expect(sources['form-action'], what).toBe("form-action 'self'")
  expect([undefined, "script-src 'self'"], what).toContain(sources['script-src'])
}

describe('the headers of an answer', () => {
  it('keep browsers careful on every route and page, whatever the status', async () => {
    for (const [method, pattern] of routes) {
      const answer = await world.app.app.request(pathOf(pattern), { method })
      expectCareful(answer.headers, `${method} ${pattern} ${answer.status}`)
    }
    for (const path of ['/api/nothing', '/nothing', '/assets/nothing']) {
      const answer = await world.app.app.request(path, { headers: { accept: 'text/html' } })
      expectCareful(answer.headers, path)
    }
    expectCareful((await world.app.app.request('/', { method: 'PROPFIND' })).headers, 'PROPFIND')
  })

  it('let no cache keep what somebody who is signed in was answered', async () => {
    for (const name of Object.keys(routeRequests)) {
      const request = await routeRequests[name]?.(world)
      if (!request || !name.startsWith('GET /api/')) continue
      const answer = await world.callers.admin.get(request.path)
      expectCareful(answer.headers, name)
      expect(answer.headers.get('cache-control'), name).toBe('no-store')
    }
  })

  it('promise https only where people come by it', async () => {
    const plain = buildApp({ ...world.app.deps, baseUrl: 'http://localhost:3000' })
    expect((await plain.request('/')).headers.get('strict-transport-security')).toBeNull()
  })
})

describe('a page', () => {
  it('holds no script, no style and no handler of its own, so that the policy can forbid them all', async () => {
    expect(pages().length).toBeGreaterThan(5)
    for (const [, pattern] of pages()) {
      const answer = await world.app.app.request(pathOf(pattern), { headers: { accept: 'text/html' } })
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
      const text = await answer.text()
      expect(text, pattern).not.toMatch(
        /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:|https?:\/\/(?!preau\.example)/i,
      )
    }
  })
})

describe('HEAD', () => {
  it('answers what GET does, without the body', async () => {
    for (const [, pattern] of routes.filter(([method]) => method === 'GET')) {
      const path = pathOf(pattern)
      const [get, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) =>
          world.app.app.request(path, { method, headers: { accept: 'text/html' } }),
        ),
      )
      expect([pattern, head?.status]).toEqual([pattern, get?.status])
      expect(head?.headers.get('content-type')).toBe(get?.headers.get('content-type'))
      expect(await head?.text()).toBe('')
    }
  })
})

/** The answer to what is sent as it is, over a connection of its own. */
async function raw(sent: string, body?: (write: (data: string) => void) => void): Promise<Answer> {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
  let text = ''
  socket.on('error', () => {})
  await once(socket, 'connect')
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      text += data
      if (text.includes('\r\n\r\n')) resolve()
    })
    socket.on('close', () => resolve())
  })
  socket.write(sent)
  body?.((data) => socket.write(data))
  await answered
  socket.destroy()
  const [head = '', content = ''] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), headers: new Headers(), body: content }
}

/** A route that takes a file takes a larger one than others, and reads it only from who is signed in. */
const takesFile = (method: string, pattern: string) =>
  operations.get(`${method} ${pattern.replaceAll(/:(\w+)/g, '{$1}')}`)?.upload !== undefined

const line = (method: string, pattern: string, headers: string) =>
  `${method} ${pathOf(pattern)} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`

describe('on every route and page, a request', () => {
  it('that announces a body above the limit is 413, and nobody waits for it', async () => {
    for (const [method, pattern] of routes) {
      const size = takesFile(method, pattern) ? 100_000_000 : 1_048_577
      const answer = await raw(line(method, pattern, `Content-Length: ${size}\r\n`))
      expect([method, pattern, answer.status]).toEqual([method, pattern, 413])
    }
  })

  it('that goes on and on without announcing its length is 413, or 400 where there is nothing to send', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    for (const [method, pattern] of routes) {
      const answer = await raw(line(method, pattern, 'Transfer-Encoding: chunked\r\n'), (write) => {
        for (let index = 0; index < 17; index++) write(chunk)
      })
      const refused = takesFile(method, pattern) ? 401 : 413
      expect([method, pattern, answer.status]).toEqual([method, pattern, method === 'GET' ? 400 : refused])
    }
  })

  it('with too long an address is 414, with too many parameters 400, with too large headers 431', async () => {
    for (const [method, pattern] of routes) {
      const status = async (query: string) =>
        (await world.app.app.request(`${pathOf(pattern)}?${query}`, { method })).status
      expect([pattern, await status('x'.repeat(8_000))]).toEqual([pattern, 414])
      expect([pattern, await status('a&'.repeat(101))]).toEqual([pattern, 400])
      const large = await raw(line(method, pattern, `X: ${'x'.repeat(16_384)}\r\n`))
      expect([method, pattern, large.status]).toEqual([method, pattern, 431])
    }
  })

  it('by a method that nobody uses is 405, and TRACE echoes nothing', async () => {
    for (const [, pattern] of routes) {
      const answer = await world.app.app.request(pathOf(pattern), { method: 'OPTIONS' })
      expect([pattern, answer.status]).toEqual([pattern, 405])
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE')
    }
    const trace = await raw(line('TRACE', '/', 'X-Secret: canari\r\n'))
    expect(trace.status).toBe(405)
    expect(trace.body).not.toContain('canari')
  })
})

describe('a body', () => {
  const post = (body: string) =>
    world.app.app.request('/api/auth/login', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })

  it('that nests deeper than any of ours is 400, before it costs anybody the stack', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    for (const depth of [33, 1_000, 500_000]) {
      const answer = await post(nested(depth))
      expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining('32 deep') })
    }
    expect((await post(nested(32))).status).toBe(422)
    const brackets = JSON.stringify({ email: '['.repeat(100), password: '\\"[[[{'.repeat(40) })
    expect((await post(brackets)).status).toBe(401)
  })
})
