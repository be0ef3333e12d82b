/** Who has an answer already is told so in a few bytes, and never when the answer has changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routeRequests } from '../../support/route-requests.ts'
import { made, type RouteWorld, routeWorld } from '../../support/route-world.ts'

let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld()
}, 60_000)
afterAll(() => world.app.close())

/** A CSV is made for a download and kept by nobody; metrics differ at every read. */
const reads = Object.keys(routeRequests).filter(
  (name) => name.startsWith('GET') && !name.endsWith('.csv') && name !== 'GET /metrics',
)

describe('a read of what one has already', () => {
  it.for(reads)('%s is answered with 304 and nothing else', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    const reader = request.caller
    const first = await reader.get(request.path)
    const tag = first.headers.get('etag') ?? ''
    expect(tag, name).toMatch(/^"[\w-]+"$/)
    for (const known of [tag, `W/${tag}`, `"other", W/"another" , ${tag}`, ' * ']) {
      const again = await reader.get(request.path, { 'if-none-match': known })
      expect(again.status, `${name} ${known}`).toBe(304)
      expect(again.body).toHaveLength(0)
      expect(again.headers.get('etag')).toBe(tag)
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'))
      expect(again.headers.get('content-type')).toBeNull()
      expect(again.headers.get('content-length')).toBeNull()
    }
    for (const other of ['"other"', tag.slice(1, -1), tag.slice(0, -1), '', 'W/*', '"*"']) {
      const again = await reader.get(request.path, { 'if-none-match': other })
      expect(again.status, `${name} ${other}`).toBe(200)
      expect(again.body).toEqual(first.body)
    }
  })

  it('answers HEAD in the same way', async () => {
    const head = (headers: Record<string, string>) =>
      world.app.app.request('/api/chapters', { method: 'HEAD', headers })
    const tag = (await head({})).headers.get('etag') ?? ''
    expect((await head({ 'if-none-match': tag })).status).toBe(304)
    expect((await head({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('changes nothing when it comes with a change', async () => {
    const { status } = await world.callers.admin.post(
      '/api/chapters',
      { name: 'Rennes', city: 'Rennes', regionCode: '53' },
      { 'if-none-match': '"other"' },
    )
    expect(status).toBe(201)
  })
})

describe('a session that one has read', () => {
  it('reads differently once somebody has taken a seat, and is changed with the tag of before', async () => {
    const { admin } = world.callers
    const path = `/api/sessions/${world.session.id}`
    const before = await admin.get(path)
    const tag = before.headers.get('etag') ?? ''
    made(
      await admin.post(`${path}/enrolments`, {
        person: { firstName: 'Inès', lastName: 'Caron' },
        traineeType: 'other',
      }),
    )
    const after = await admin.get(path, { 'if-none-match': tag })
    expect(after.status).toBe(200)
    expect(after.body.seatsLeft).toBe(before.body.seatsLeft - 1)
    expect(after.headers.get('etag')).not.toBe(tag)
    expect((await admin.patch(path, { capacity: 20 }, { 'if-match': tag })).status).toBe(200)
    expect((await admin.patch(path, { capacity: 21 }, { 'if-match': tag })).status).toBe(412)
  })

  it('is another answer for who may know less', async () => {
    const path = `/api/sessions/${world.session.id}`
    const remote = { visibility: 'public', modality: 'hybrid', remoteUrl: 'https://visio.example/salle' }
    made(await world.callers.admin.patch(path, remote, { 'if-match': '*' }))
    const own = await world.callers.trainer.get(path)
    expect(own.body.remoteUrl).toBe(remote.remoteUrl)
    const kept = { 'if-none-match': own.headers.get('etag') ?? '' }
    expect(await world.callers.stranger.get(path, kept)).toMatchObject({
      status: 200,
      body: { remoteUrl: null },
    })
  })
})

describe('a tag that a proxy has changed', () => {
  it('still names the version for a change', async () => {
    const { admin } = world.callers
    const path = `/api/clients/${world.clientId}`
    for (const [index, changed] of [
      (tag: string) => `W/${tag}`,
      (tag: string) => tag.replace(/"$/, '-gzip"'),
      (tag: string) => tag.replace(/-.*/, '"'),
    ].entries()) {
      const tag = (await admin.get(path)).headers.get('etag') ?? ''
      const answer = await admin.patch(
        path,
        { email: `compta${index}@example.org` },
        { 'if-match': changed(tag) },
      )
      expect(answer.status, changed(tag)).toBe(200)
    }
  })
})

describe('what a cache between may keep', () => {
  it('is what everybody is told, asked for again each time, and never with somebody’s cookie', async () => {
    const cacheOf = async (path: string, caller = world.app.anonymous) =>
      (await caller.get(path)).headers.get('cache-control')
    const shared = [
      '/api/catalogue',
      '/api/catalogue/ECO-WEB',
      '/api/chapters',
      '/openapi.json',
      '/catalogue',
      '/',
    ]
    for (const path of shared) expect(await cacheOf(path), path).toBe('public, no-cache')
    expect(await cacheOf('/api/catalogue', world.callers.learner)).toBe('no-store')
    const kept = [`/api/verify/${world.closed.verificationCode}`, `/verify/${world.closed.verificationCode}`]
    for (const path of kept) expect(await cacheOf(path), path).toBe('no-store')
    expect(await cacheOf('/api/catalogue/NONE')).toBe('no-store')
  })

  it('is shown again as long as the page is the same', async () => {
    const page = await world.app.anonymous.get('/catalogue')
    const tag = page.headers.get('etag') ?? ''
    const again = await world.app.anonymous.get('/catalogue', { 'if-none-match': tag })
    expect(again).toMatchObject({ status: 304 })
    const searched = await world.app.anonymous.get('/catalogue?q=rien', { 'if-none-match': tag })
    expect(searched.status).toBe(200)
    const document = await world.app.anonymous.get('/openapi.json')
    const kept = { 'if-none-match': document.headers.get('etag') ?? '' }
    expect((await world.app.anonymous.get('/openapi.json', kept)).status).toBe(304)
  })
})
