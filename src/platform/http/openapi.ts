/** The OpenAPI 3.1 document, from the routes themselves. */
import type { Router } from './router.ts'

export function openApiDocument(router: Router) {
  return router.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Préau',
      version: '0.1.0',
      license: { name: 'MIT' },
      description:
        'The backend of a French training organisation. Sign in with `POST /api/auth/login` (cookie) or send an API token as `Authorization: Bearer`. Amounts are euro cents before VAT, durations minutes, dates `YYYY-MM-DD`, instants ISO 8601 in UTC. Errors are `application/problem+json` (RFC 9457).',
    },
  })
}
