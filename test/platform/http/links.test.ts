/** An answer says where it goes on, in what other form it can be had, and where what was made is found. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../src/platform/http/openapi.ts'
import { routeRequests } from '../../support/route-requests.ts'
import { made, type RouteWorld, routeWorld } from '../../support/route-world.ts'

let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld()
}, 60_000)
afterAll(() => world.app.close())

/** By relation: `</api/people?cursor=…>; rel="next"`. */
function linksOf(headers: Headers): Record<string, string> {
  const links = (headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)
  return Object.fromEntries([...links].map(([, target, relation]) => [relation, target]))
}

describe('a list', () => {
  it('links to its next page with its filters, until the last, and back to its first', async () => {
    const { admin } = world.callers
    for (const firstName of ['Ana', 'Bo', 'Cléo', 'Dan', 'Éli'])
      made(
        await admin.post('/api/people', {
          firstName,
          lastName: 'Œuvré & fils',
          chapterId: world.chapterId,
        }),
      )
    const seen: string[] = []
    let path: string | undefined =
      `/api/people?limit=2&q=${encodeURIComponent('œuvré & fils')}&chapterId=${world.chapterId}`
    for (let page = 0; path !== undefined; page++) {
      const answer = await admin.get(path)
      seen.push(...answer.body.items.map((person: { firstName: string }) => person.firstName))
      const { next, first } = linksOf(answer.headers)
      expect(next === undefined).toBe(answer.body.nextCursor === null)
      if (page > 0)
        expect((await admin.get(first ?? '')).body.items[0].firstName, 'the first page begins anew').toBe(
          'Ana',
        )
      else expect(first).toBeUndefined()
      path = next
    }
    expect(seen).toEqual(['Ana', 'Bo', 'Cléo', 'Dan', 'Éli'])
  })
})

describe('another form of the same', () => {
  it('is found by its link: a certificate’s PDF, a report’s CSV, the page of a training or of a verification', async () => {
    const { admin } = world.callers
    const period = 'from=2026-01-01&to=2026-12-31'
    const forms = {
      [`/api/certificates/${world.closed.certificateId}`]: 'application/pdf',
      [`/api/reports/bpf?${period}`]: 'text/csv',
      [`/api/reports/certificates?${period}&limit=5`]: 'text/csv',
      [`/api/verify/${world.closed.verificationCode}`]: 'text/html',
      '/api/catalogue/eco-web': 'text/html',
    }
    for (const [path, type] of Object.entries(forms)) {
      const { headers } = await admin.get(path)
      expect(headers.get('link'), path).toContain(`type="${type}"`)
      const other = await admin.get(linksOf(headers).alternate ?? '')
      expect(other.status, path).toBe(200)
      expect(other.headers.get('content-type'), path).toContain(type)
    }
  })
})

describe('the API', () => {
  it('says at its root where it is described', async () => {
    const { headers, body } = await world.app.anonymous.get('/api')
    const links = headers.get('link')
    expect(links).toBe('</openapi.json>; rel="service-desc", </docs>; rel="service-doc"')
    for (const path of Object.values<string>(body)) {
      expect(links).toContain(`<${path}>`)
      expect((await world.app.anonymous.get(path)).status, path).toBe(200)
    }
  })
})

describe('what was made', () => {
  const document = () => openApiDocument(world.app.app)

  it('is found at its Location, wherever it has an address of its own', async () => {
    const { admin } = world.callers
    const paths = document().paths ?? {}
    const makers = Object.keys(routeRequests).filter((name) => {
      const path = name.split(' ')[1] ?? ''
      return name.startsWith('POST') && paths[path]?.post?.responses?.['201'] !== undefined
    })
    expect(makers.length).toBeGreaterThan(5)
    // Chapters, signatures and papers of absence have no address of their own, tokens and links are shown once, the first admin is there.
    const without = [
      ...['POST /api/chapters', 'POST /api/tokens', 'POST /api/setup', 'POST /api/slots/{id}/signing-links'],
      ...['POST /api/slots/{id}/signatures', 'POST /api/signing/{token}/signatures'],
      'POST /api/enrolments/{id}/justifications',
    ]
    for (const name of makers.filter((name) => !without.includes(name))) {
      const request = await routeRequests[name]?.(world)
      const answer = await admin.post(request?.path ?? '', request?.body, request?.headers)
      const location = answer.headers.get('location')
      expect(location, `${name} ${answer.status}`).not.toBeNull()
      expect((await admin.get(location ?? '')).body.id, name).toBe(answer.body.id)
    }
  })
})
