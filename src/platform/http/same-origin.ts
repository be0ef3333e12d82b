/** Refuses unsafe requests that a browser sends from another site. */
import type { MiddlewareHandler } from 'hono'
import { crossOrigin } from '../problems.ts'
import type { AppEnv } from './router.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Browsers send `Sec-Fetch-Site` or, older ones, `Origin` with every unsafe request to another site; a request with
 * neither comes from a program, which no foreign page can steer.
 */
export function sameOriginOnly(baseUrl: string): MiddlewareHandler<AppEnv> {
  const ownOrigin = new URL(baseUrl).origin
  return async (c, next) => {
    if (!safeMethods.has(c.req.method) && !isSameOrigin(c.req.raw.headers, ownOrigin)) throw crossOrigin()
    await next()
  }
}

function isSameOrigin(headers: Headers, ownOrigin: string): boolean {
  const fetchSite = headers.get('sec-fetch-site')
  if (fetchSite !== null) return fetchSite === 'same-origin' || fetchSite === 'none'
  const origin = headers.get('origin')
  if (origin === null) return true
  return origin === ownOrigin || hostOf(origin) === headers.get('host')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
