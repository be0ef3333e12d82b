/** How much of a request is read at most, on every route alike but for files, before anybody asks what it wants. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { malformed, methodNotAllowed, tooLarge, uriTooLong } from '../problems.ts'
import { maxBodyBytes } from './body.ts'
import type { AppEnv } from './router.ts'
import { mostUploaded } from './upload.ts'

/** What every server should take (RFC 9110 §4.1); our longest addresses, with a cursor, are a third of it. */
export const maxUrlLength = 8_000
const maxParameters = 100

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const allow = { Allow: methods.join(', ') }
const known = new Set(methods)

/** Who sends more than is read finds its connection closed. */
const close = { Connection: 'close' }

/**
 * Throws 405 for a method that no route has (TRACE, OPTIONS…), 414 and 400 for too long an address, 413 for too much
 * body, and 400 for a body without end where there should be none.
 */
export const requestLimits: MiddlewareHandler<AppEnv> = (c, next) => {
  const { method } = c.req
  if (!known.has(method)) throw methodNotAllowed({ headers: allow })
  assertAddress(c.req.url)
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > maxBodyBytes && announced > (mostUploaded(c) ?? 0)) throw tooLarge({ headers: close })
  if (c.req.header('transfer-encoding') === undefined) return next()
  if (method === 'GET' || method === 'HEAD')
    throw malformed({ detail: `${method} takes no body.`, headers: close })
  // A file is read by its route, once it is known who sends it.
  if (mostUploaded(c) !== undefined) return next()
  // Without a length, the body is read up to the limit, also for a route that takes none.
  return unannouncedBody(c, next)
}

const unannouncedBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw tooLarge({ headers: close })
  },
})

function assertAddress(url: string): void {
  // The scheme and the host stand before it; they are not worth an exact count.
  if (url.length > maxUrlLength) throw uriTooLong()
  const query = url.indexOf('?')
  if (query < 0) return
  let parameters = 1
  for (let at = url.indexOf('&', query); at >= 0; at = url.indexOf('&', at + 1)) parameters++
  if (parameters > maxParameters)
    throw malformed({ detail: `The query has more than ${maxParameters} parameters.` })
}
