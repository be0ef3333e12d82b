/** Requests of the table of routes, sent by somebody whom the route lets through. */
import type { Answer, Caller } from './app.ts'
import { permissionTable, signInOnly } from './permission-table.ts'
import type { RouteRequest } from './route-requests.ts'
import { type RoleName, type RouteWorld, roleNames } from './route-world.ts'

/** An admin where there is a choice. */
export async function allowedCaller({ app, callers }: RouteWorld, name: string): Promise<Caller> {
  const row = permissionTable[name]?.split(/\s+/) ?? []
  const allowed = roleNames.filter((_, index) => row[index] === 'ok')
  const role: RoleName = allowed.includes('admin') ? 'admin' : (allowed.at(-1) ?? 'anonymous')
  return signInOnly.has(name) ? app.inBrowser(callers[role]) : callers[role]
}

/** `name` as in the table: `PATCH /api/people/{id}`. */
export async function sendRequest(
  caller: Caller,
  name: string,
  { path, body, headers }: RouteRequest,
): Promise<Answer> {
  switch (name.split(' ')[0]) {
    case 'GET':
      return caller.get(path, headers)
    case 'DELETE':
      return caller.delete(path, headers)
    case 'PUT':
      return caller.put(path, body, headers)
    case 'PATCH':
      return caller.patch(path, body, headers)
    default:
      return caller.post(path, body, headers)
  }
}
