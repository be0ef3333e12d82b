/** The OpenAPI 3.1 document, from the routes themselves. */
import { version } from '../version.ts'
import type { Router } from './router.ts'

/** The document as it is printed and served; it knows the routes that the router has by now. */
export function openApiDocument(router: Router) {
  return router.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Préau',
      version,
      license: { name: 'MIT' },
      description:
        'The backend of a French training organisation. Sign in with `POST /api/auth/login` (cookie) or send an API token as `Authorization: Bearer`. Amounts are euro cents before VAT, durations minutes, dates `YYYY-MM-DD`, instants ISO 8601 in UTC. Errors are `application/problem+json` (RFC 9457).',
    },
  })
}

/** `GET /openapi.json`. */
export function openApiRoute(router: Router): void {
  // Made once, at the first request: every route is there by then, and none comes after.
  let document: string | undefined
  router.get('/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument(router))
    return c.body(document, 200, { 'Content-Type': 'application/json' })
  })
}
