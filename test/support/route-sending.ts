/** Requests of the table of routes, sent by somebody whom the route lets through. */
import type { Answer } from './app.ts'
import type { ExampleRequest } from './example-requests.ts'

/** `name` as in the table: `PATCH /api/people/{id}`. */
export async function sendRequest(
  name: string,
  { caller, path, body, headers }: ExampleRequest,
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
