/** Every route × role from one table; the list of routes comes from the application itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../src/platform/http/openapi.ts'
import type { Caller } from './support/app.ts'
import { permissionTable, signInOnly } from './support/permission-table.ts'
import { type RouteRequest, routeRequests } from './support/route-requests.ts'
import { type RoleName, type RouteWorld, roleNames, routeWorld } from './support/route-world.ts'

let world: RouteWorld
let routes: string[]
beforeAll(async () => {
  world = await routeWorld()
  const { paths = {} } = openApiDocument(world.app.app)
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  )
}, 60_000)
afterAll(() => world.app.close())

/** What an answer says of the permission: refused with its status, or let through, whatever came then. */
function verdict(status: number): string {
  return [401, 403, 404].includes(status) ? String(status) : 'ok'
}

describe('every route', () => {
  it('has a row in the table and a valid request', () => {
    expect(Object.keys(permissionTable).sort()).toEqual([...routes].sort())
    expect(Object.keys(routeRequests).sort()).toEqual([...routes].sort())
  })

  it.for(Object.entries(permissionTable))('%s lets through whom the table says', async ([name, row]) => {
    const expected = Object.fromEntries(roleNames.map((role, index) => [role, row.split(/\s+/)[index]]))
    const found: Partial<Record<RoleName, string>> = {}
    let request: RouteRequest | undefined
    for (const role of roleNames) {
      // What a refused request was about is still there for the next.
      request ??= await routeRequests[name]?.(world)
      if (!request) throw new Error(`no request for ${name}`)
      const caller = await callerFor(name, role)
      const { status, body } = await send(caller, name, request)
      expect(status, `${name} as ${role}: ${JSON.stringify(body)}`).toBeLessThan(500)
      found[role] = verdict(status)
      if (found[role] === 'ok') request = undefined
    }
    expect(found).toEqual(expected)
  })
})

async function callerFor(name: string, role: RoleName): Promise<Caller> {
  const caller = world.callers[role]
  return signInOnly.has(name) && role !== 'anonymous' ? world.app.inBrowser(caller) : caller
}

async function send(
  caller: RouteWorld['callers'][RoleName],
  name: string,
  { path, body, headers }: { path: string; body?: unknown; headers?: Record<string, string> },
) {
  const [method = ''] = name.split(' ')
  if (method === 'GET') return caller.get(path, headers)
  if (method === 'DELETE') return caller.delete(path, headers)
  if (method === 'PUT') return caller.put(path, body, headers)
  if (method === 'PATCH') return caller.patch(path, body, headers)
  return caller.post(path, body, headers)
}
