/** Who is refused is told so before anything else; who is not, learns which field is wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor } from '../../../src/platform/http/pagination.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { permissionTable } from '../../support/permission-table.ts'
import { routeRequests } from '../../support/route-requests.ts'

let app: TestApp
let admin: Caller
let member: Caller
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
  member = await app.signIn()
})
afterAll(() => app.close())

const written = Object.keys(routeRequests).filter((name) => /^(POST|PUT|PATCH)/.test(name))

describe('an empty request', () => {
  it.for(written.filter((name) => permissionTable[name]?.startsWith('401')))(
    '%s: nobody signed in learns nothing of what the route takes',
    async (name) => {
      const [method = '', path = ''] = name.split(' ')
      const answer = await app.app.request(path.replaceAll(/\{\w+\}/g, newId()), {
        method,
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status).toBe(401)
    },
  )

  it.for(written.filter((name) => !permissionTable[name]?.split(/\s+/).slice(1, 5).includes('ok')))(
    '%s: a member who can never do it learns nothing either',
    async (name) => {
      const [method = '', path = ''] = name.split(' ')
      for (const body of ['{}', '[]', 'no json']) {
        const send = method === 'PUT' ? member.put : method === 'PATCH' ? member.patch : member.post
        const { status } = await send(path.replaceAll(/\{\w+\}/g, newId()), body)
        expect([403, 404]).toContain(status)
      }
    },
  )

  it('about an id that is none is 404, whoever asks', async () => {
    for (const who of [member, admin])
      for (const path of ['/api/sessions/abc/reopen', '/api/certificates/abc/revoke'])
        expect((await who.post(path, {})).status, path).toBe(404)
  })

  it('of a member to what is for admins is refused, not corrected', async () => {
    for (const path of ['/api/people', '/api/accounts', '/api/trainings', '/api/clients', '/api/chapters'])
      expect((await member.post(path, {})).status, path).toBe(403)
    expect((await member.get('/api/reports/bpf')).status).toBe(403)
  })
})

describe('a refused request', () => {
  it('says which field is missing, in words', async () => {
    const { body } = await admin.post('/api/chapters', { name: 'Nice' })
    expect(body.errors).toContainEqual({ pointer: '/city', code: 'missing', detail: 'is missing' })
    const client = await admin.post('/api/clients', { name: 'Sans nature' })
    expect(client.body.errors).toEqual([{ pointer: '/kind', code: 'missing', detail: 'is missing' }])
    const report = await admin.get('/api/reports/bpf?from=2025-01-01')
    expect(report.body.errors).toEqual([{ pointer: '/to', code: 'missing', detail: 'is missing' }])
  })

  it('points at an id that names nothing', async () => {
    const person = { firstName: 'Ana', lastName: 'Silva' }
    const pointersOf = async (path: string, body: object) =>
      (await admin.post(path, body)).body.errors.map((error: { pointer: string }) => error.pointer)
    expect(await pointersOf('/api/people', { ...person, chapterId: newId() })).toEqual(['/chapterId'])
    expect(await pointersOf('/api/people', { ...person, employerClientId: newId() })).toEqual([
      '/employerClientId',
    ])
    const account = { email: 'ana@example.org', roleGrants: [{ role: 'member' }] }
    expect(await pointersOf('/api/accounts', { ...account, personId: newId() })).toEqual(['/personId'])
  })

  it('with a cursor from the end of time is a 422', async () => {
    for (const instant of ['-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '9999-99-99T00:00:00Z']) {
      const cursor = encodeCursor([instant, newId()])
      for (const path of ['/api/sessions', '/api/me/enrolments']) {
        const answer = await admin.get(`${path}?cursor=${cursor}`)
        expect(answer.body, path).toMatchObject({ status: 422, errors: [{ pointer: '/cursor' }] })
      }
    }
  })

  it('names what is wrong first and what else it knows last', async () => {
    const { body } = await admin.post('/api/chapters', {})
    expect(Object.keys(body).slice(0, 3)).toEqual(['type', 'title', 'status'])
  })
})

describe('a filter left empty', () => {
  it('filters nothing', async () => {
    const answer = await app.anonymous.get('/api/catalogue?q=&domain=&chapterId=&modality=')
    expect(answer.status).toBe(200)
  })
})
