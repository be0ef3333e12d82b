/** From what a handler returns to what goes out: parsed, tagged, linked; 304 to who has it already. */
import type { Context } from 'hono'
import { entityTag, isKnown } from './etag.ts'
import { linksOf, locationOf } from './links.ts'
import type { AnyRoute } from './route-definition.ts'

/** The answer passes its schema, so that nothing leaks. `isAnonymous`: nobody is signed in. */
export function reply(c: Context, definition: AnyRoute, value: unknown, isAnonymous: boolean): Response {
  if (!definition.answer) return c.body(null, 204)
  const answer: unknown = definition.answer.parse(value)
  const json = JSON.stringify(answer)
  const fields = typeof answer === 'object' && answer !== null ? answer : {}
  const isRead = definition.method === 'get'
  if (isRead || 'version' in fields) {
    const tag = entityTag(json, 'version' in fields ? Number(fields.version) : undefined)
    c.header('ETag', tag)
    // A login session that is renewed on the way sets its cookie: no shared cache may have that.
    if (isRead && definition.isShared && isAnonymous) c.header('Cache-Control', 'public, no-cache')
    if (isRead && isKnown(c, tag)) return c.body(null, 304)
  }
  const links = linksOf(c.req.url, definition, fields)
  if (links.length > 0) c.header('Link', links.join(', '))
  const location = locationOf(definition, fields)
  if (location !== undefined) c.header('Location', location)
  return c.body(json, definition.status ?? 200, { 'Content-Type': 'application/json' })
}
