/** Whatever is sent to any route, the answer is a 4xx problem that points at the field, and nothing is half-written. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../src/platform/http/openapi.ts'
import { operations } from './support/api-document.ts'
import type { Answer } from './support/app.ts'
import { type AuditWatch, watchWrites } from './support/audit-watch.ts'
import { signInOnly } from './support/permission-table.ts'
import { type RouteRequest, routeRequests } from './support/route-requests.ts'
import { type RouteWorld, routeWorld } from './support/route-world.ts'

type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  format?: string
}

let world: RouteWorld
let watch: AuditWatch
let schemas: Map<string, Schema>
beforeAll(async () => {
  world = await routeWorld()
  watch = await watchWrites(world.app)
  const document = JSON.parse(JSON.stringify(openApiDocument(world.app.app)))
  schemas = new Map()
  for (const [path, methods] of Object.entries<
    Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>
  >(document.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const schema = route.requestBody?.content['application/json']?.schema
      if (schema) schemas.set(`${method.toUpperCase()} ${path}`, schema)
    }
  }
}, 60_000)
afterAll(() => world.app.close())

function expectProblem(answer: Answer, what: string): void {
  expect(answer.status, `${what} → ${answer.status} ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(
    400,
  )
  expect(answer.status, what).toBeLessThan(500)
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json')
  expect(answer.body, what).toMatchObject({
    status: answer.status,
    code: expect.any(String),
    requestId: expect.any(String),
  })
}

/** 422 with at least one pointer at the field or below it. */
function expectPointer(answer: Answer, field: string, what: string): void {
  expectProblem(answer, what)
  expect(answer.status, `${what} → ${JSON.stringify(answer.body)}`).toBe(422)
  const pointers: string[] = (answer.body.errors ?? []).map((error: { pointer: string }) => error.pointer)
  expect(
    pointers.some((pointer) => pointer === `/${field}` || pointer.startsWith(`/${field}/`)),
    `${what} points at ${pointers}`,
  ).toBe(true)
}

async function send(name: string, request: RouteRequest): Promise<Answer> {
  const [method = ''] = name.split(' ')
  const admin = signInOnly.has(name) ? world.adminInBrowser : world.callers.admin
  if (method === 'GET') return admin.get(request.path, request.headers)
  if (method === 'DELETE') return admin.delete(request.path, request.headers)
  if (method === 'PUT') return admin.put(request.path, request.body, request.headers)
  if (method === 'PATCH') return admin.patch(request.path, request.body, request.headers)
  return admin.post(request.path, request.body, request.headers)
}

const names = Object.keys(routeRequests)
const takesFile = (name: string) => operations.get(name)?.upload !== undefined
const withBody = names.filter((name) => /^(POST|PUT|PATCH)/.test(name) && !takesFile(name))

describe('a file that is not what the route takes', () => {
  it.for(names.filter(takesFile))('%s', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    await watch.clear()
    const typed = (type: string) => ({ ...request, headers: { ...request.headers, 'content-type': type } })
    for (const type of ['application/json', 'text/html', 'multipart/form-data; boundary=x', ''])
      expect((await send(name, typed(type))).status, type).toBe(415)
    const large = Buffer.alloc(15 * 1_048_576 + 1, 'x')
    for (const [body, status] of [
      ['', 422],
      [large, 413],
    ] as const) {
      const answer = await send(name, { ...request, body })
      expectProblem(answer, name)
      expect(answer.status).toBe(status)
    }
    expect(await watch.writes()).toEqual([])
  })
})

describe('a body that is not what the route takes', () => {
  it.for(withBody)('%s', async (name) => {
    const schema = schemas.get(name)
    if (!schema)
      return expect(name).toMatch(
        /logout|publish|open|close|certificates|confirm|cancel$|invitation$|send-again$|calendar-feed$/,
      )
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    const valid = (request.body ?? {}) as Record<string, unknown>
    await watch.clear()
    const attempt = (body: unknown) => send(name, { ...request, body })

    for (const body of ['[]', '"text"', '12', 'null', 'true'])
      expectProblem(await attempt(body), `${name} ${body}`)
    for (const body of ['{', '{"a":1,}', '\u0000', 'NaN']) {
      const answer = await attempt(body)
      expectProblem(answer, `${name} ${body}`)
      expect(answer.status).toBe(400)
    }
    expect(
      (
        await send(name, {
          ...request,
          body: JSON.stringify(valid),
          headers: { ...request.headers, 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(415)
    expect((await attempt({ ...valid, big: 'x'.repeat(1_100_000) })).status).toBe(413)
    expectPointer(await attempt({ ...valid, zzUnknown: 1 }), 'zzUnknown', `${name} unknown field`)
    expectPointer(
      await attempt(`{"__proto__":{"role":"admin"},${JSON.stringify(valid).slice(1)}`.replace(',}', '}')),
      '__proto__',
      `${name} __proto__`,
    )

    for (const field of schema.required ?? []) {
      const { [field]: _, ...rest } = valid
      expectPointer(await attempt(rest), field, `${name} without ${field}`)
    }
    for (const [field, property] of Object.entries(schema.properties ?? {})) {
      for (const wrong of wrongValues(property)) {
        expectPointer(
          await attempt({ ...valid, [field]: wrong }),
          field,
          `${name} ${field}=${JSON.stringify(wrong)?.slice(0, 60)}`,
        )
      }
    }
    expect(await watch.writes()).toEqual([])
  })
})

/** Values that no field of this type takes. */
function wrongValues(property: Schema): unknown[] {
  const types = [property.type ?? []].flat()
  const wrong: unknown[] = [{ zzUnknown: [1] }, [[[]]]]
  if (types.includes('string')) {
    wrong.push(12, true, 'x\u0000y', 'x\ud800y', 'x'.repeat(200_000))
    if (property.format === 'date') wrong.push('2026-02-30', '02/03/2026', '2026-2-3', '')
    if (property.format === 'uuid') wrong.push('abc', '')
  }
  if (types.includes('integer')) wrong.push(1.5, '12', 1e300, -1e300)
  if (types.includes('boolean')) wrong.push('true', 1)
  if (types.includes('array'))
    wrong.push(
      'x',
      12,
      [null],
      Array.from({ length: 20_000 }, () => 1),
    )
  return wrong
}

describe('an address that names nothing', () => {
  it.for(names.filter((name) => name.includes('{id}')))('%s', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    const id = /[0-9a-f-]{36}/.exec(request.path)?.[0] ?? ''
    await watch.clear()
    for (const other of [
      randomUUID(),
      // Ids of other things.
      name.includes('/accounts/') ? world.clientId : world.callers.admin.accountId,
      world.chapterId,
      'abc',
      '%00',
      '%ED%A0%80',
      '1',
      `${id}x`,
    ]) {
      const answer = await send(name, { ...request, path: request.path.replace(id, other) })
      expectProblem(answer, `${name} ${other}`)
      expect(answer.status, `${name} ${other}`).toBe(404)
    }
    expect(await watch.writes()).toEqual([])
  })
})

describe('a change without the version that was read', () => {
  it.for(names.filter((name) => name.startsWith('PATCH')))('%s', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    await watch.clear()
    const attempt = (headers: Record<string, string>) => send(name, { ...request, headers })
    expect((await attempt({})).status).toBe(428)
    for (const stale of ['"999999"', '999', '"abc"', '""', `"${'9'.repeat(40)}"`]) {
      expect((await attempt({ 'if-match': stale })).status, stale).toBe(412)
    }
    expect(await watch.writes()).toEqual([])
  })
})

describe('a query that is not what the route takes', () => {
  it.for(names.filter((name) => name.startsWith('GET')))('%s', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    const [path = '', query = ''] = request.path.split('?')
    if (query === '') return
    const parameters = [...new URLSearchParams(query).keys()]
    for (const parameter of parameters) {
      for (const wrong of wrongFor(name, parameter)) {
        const changed = new URLSearchParams(query)
        changed.delete(parameter)
        expectPointer(
          await send(name, { path: `${path}?${changed}&${parameter}=${wrong}` }),
          parameter,
          `${name} ${parameter}=${wrong.slice(0, 40)}`,
        )
      }
    }
    expectPointer(
      await send(name, { path: `${path}?${query}&zzUnknown=1` }),
      'zzUnknown',
      `${name} unknown parameter`,
    )
    expectPointer(
      await send(name, { path: `${path}?${query}&${query}` }),
      parameters[0] ?? '',
      `${name} repeated parameter`,
    )
    if (parameters.includes('limit')) {
      for (const cursor of [
        'abc',
        'W10',
        'WyIxIl0',
        Buffer.from('["a","b","c","d","e"]').toString('base64url'),
      ]) {
        expectPointer(
          await send(name, { path: `${path}?${query}&cursor=${cursor}` }),
          'cursor',
          `${name} cursor ${cursor}`,
        )
      }
    }
  })
})

/** Values that the parameter does not take; a search takes nearly any text. */
function wrongFor(name: string, parameter: string): string[] {
  const { schema } = operations.get(name)?.parameters.find((other) => other.name === parameter) ?? {}
  const isFreeText = schema?.type === 'string' && !schema.format && !schema.enum
  const never = ['%00', 'x'.repeat(3_000)]
  return isFreeText ? never : [...never, 'abc', '-1', '99999999999999999999', '2026-02-30']
}
