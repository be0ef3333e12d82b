/** The OpenAPI 3.1 document, from the routes themselves. */
import { version } from '../version.ts'
import { entityTag, isKnown } from './etag.ts'
import { sharedComponents } from './route-document.ts'
import type { Router } from './router.ts'

/** The document as it is printed and served; it knows the routes that the router has by now. */
export function openApiDocument(router: Router) {
  const document = router.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Préau',
      version,
      license: { name: 'MIT' },
      description:
        'The backend of a French training organisation. Sign in with `POST /api/auth/login` (cookie) or send an API token as `Authorization: Bearer`. Amounts are euro cents before VAT, durations minutes, dates `YYYY-MM-DD`, instants ISO 8601 in UTC. Errors are `application/problem+json` (RFC 9457).',
    },
  })
  return { ...document, components: { ...document.components, ...sharedComponents } }
}

/** `GET /openapi.json`. */
export function openApiRoute(router: Router): void {
  // Made once, at the first request: every route is there by then, and none comes after.
  let made: { document: string; tag: string } | undefined
  router.get('/openapi.json', (c) => {
    made ??= tagged(JSON.stringify(openApiDocument(router)))
    c.header('ETag', made.tag)
    c.header('Cache-Control', 'public, no-cache')
    if (isKnown(c, made.tag)) return c.body(null, 304)
    return c.body(made.document, 200, { 'Content-Type': 'application/json' })
  })
}

function tagged(document: string) {
  return { document, tag: entityTag(document) }
}
