/** The OpenAPI 3.1 document, from the routes themselves. */
import { z } from '@hono/zod-openapi'
import { version } from '../version.ts'
import { entityTag, isKnown } from './etag.ts'
import { sharedComponents } from './route-document.ts'
import { type Router, route } from './router.ts'

/** In the order in which one comes to need them. */
const tags = Object.entries({
  'Sign in': 'Passwords, mailed links, login sessions and API tokens.',
  Organisation:
    'The training organisation («organisme de formation»), its chapters («antennes») and clients.',
  People: 'Persons, whether they sign in or not, and the accounts of those who do.',
  Catalogue: 'Trainings («actions de formation») and their published programmes.',
  Sessions: 'Training sessions, their half-days («demi-journées») and trainers.',
  Enrolments: 'Seats, requests and the waiting list («inscriptions»).',
  Funding: 'Who is invoiced («financements»).',
  Attendance: 'Who was there and for how long («émargement»).',
  Signatures: 'Half-days signed by learners: by link, by code, on a device, on paper («émargement»).',
  'Remote learning': 'What virtual rooms logged, and work done alone («formation à distance»).',
  Certificates: 'Completion certificates («certificats de réalisation») and their public verification.',
  Reports: 'The BPF («bilan pédagogique et financier») and registers.',
  Audit: 'Who changed what.',
  Operations: 'Whether it runs, jobs in the background, mails.',
}).map(([name, description]) => ({ name, description }))

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
  return { ...document, tags, components: { ...document.components, ...sharedComponents } }
}

const entry = z.object({
  description: z.string().describe('Path of this document.'),
  reference: z.string().describe('Path of the page that shows it to people.'),
})
const paths = { description: '/openapi.json', reference: '/docs' }

/** `GET /api`, from where one finds the rest (RFC 8631), and `GET /openapi.json`. */
export function openApiRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api',
      tag: 'Operations',
      summary: 'Where the description of this API is, for programs and for people',
      access: ['anyone'],
      answer: entry,
      isShared: true,
      example: { answer: paths },
    },
    async ({ c }) => {
      c.header('Link', `<${paths.description}>; rel="service-desc", <${paths.reference}>; rel="service-doc"`)
      return paths
    },
  )
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
