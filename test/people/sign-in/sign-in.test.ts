import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'

const password = 'une phrase de passe solide'
let app: TestApp
let admin: Caller
let email: string
let accountId: string
let count = 0

beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
  email = `signin${++count}@example.org`
  const created = await admin.post('/api/accounts', {
    email,
    firstName: 'Lou',
    lastName: 'Petit',
    roleGrants: [{ role: 'member' }],
    password,
  })
  accountId = created.body.id
})
afterAll(() => app.close())

async function logIn(): Promise<string> {
  const answer = await app.anonymous.post('/api/auth/login', { email: email.toUpperCase(), password })
  expect(answer.status).toBe(204)
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^preau_session=\w+; HttpOnly; .*SameSite=Lax; Secure/)
  return cookie.split(';')[0] ?? ''
}

describe('signing in', () => {
  it('gives a cookie that is the person, until they sign out', async () => {
    const cookie = await logIn()
    const me = await app.anonymous.get('/api/me', { cookie })
    expect(me.body).toMatchObject({ account: { id: accountId, email }, person: { firstName: 'Lou' } })
    expect((await app.anonymous.post('/api/auth/logout', undefined, { cookie })).status).toBe(204)
    expect((await app.anonymous.get('/api/me', { cookie })).status).toBe(401)
  })

  it('anew ends the login session of the same browser, which would be left to whoever has its cookie', async () => {
    const [cookie, elsewhere] = [await logIn(), await logIn()]
    const wrong = await app.anonymous.post('/api/auth/login', { email, password: 'autre' }, { cookie })
    expect(wrong.status).toBe(401)
    expect((await app.anonymous.get('/api/me', { cookie })).status).toBe(200)
    const again = await app.anonymous.post('/api/auth/login', { email, password }, { cookie })
    expect(again.status).toBe(204)
    expect((await app.anonymous.get('/api/me', { cookie })).status).toBe(401)
    expect((await app.anonymous.get('/api/me', { cookie: elsewhere })).status).toBe(200)
  })

  it('answers an unknown address and a wrong password alike', async () => {
    const wrong = await app.anonymous.post('/api/auth/login', { email, password: 'autre' })
    const unknown = await app.anonymous.post('/api/auth/login', { email: 'personne@example.org', password })
    for (const { body, status } of [wrong, unknown]) {
      expect({ ...body, status, requestId: '' }).toEqual({ ...wrong.body, status: 401, requestId: '' })
      expect(body.code).toBe('people/bad-credentials')
    }
  })

  it('keeps only a hash of the cookie, which signs nobody in', async () => {
    const cookie = await logIn()
    const rows = await app.deps.db.selectFrom('loginSession').select('idHash').execute()
    expect(rows.length).toBeGreaterThan(0)
    for (const { idHash } of rows) {
      expect(cookie).not.toContain(idHash)
      expect((await app.anonymous.get('/api/me', { cookie: `preau_session=${idHash}` })).status).toBe(401)
    }
  })

  it('ends everywhere when an admin sets another password', async () => {
    const cookie = await logIn()
    await admin.patch(`/api/accounts/${accountId}`, { password }, { 'if-match': '*' })
    expect((await app.anonymous.get('/api/me', { cookie })).status).toBe(401)
  })

  it('and the API tokens end together, since a password is changed when somebody may know too much', async () => {
    const cookie = await logIn()
    const { body } = await app.anonymous.post('/api/tokens', { name: 'oubliée' }, { cookie })
    await admin.patch(`/api/accounts/${accountId}`, { password }, { 'if-match': '*' })
    expect((await app.anonymous.get('/api/me', { authorization: `Bearer ${body.token}` })).status).toBe(401)
  })

  it('comes too late while the password is being changed, as does a token asked for with the old cookie', async () => {
    for (let round = 0; round < 3; round++) {
      const cookie = await logIn()
      const signIn = () => app.anonymous.post('/api/auth/login', { email, password })
      const newToken = () => app.anonymous.post('/api/tokens', { name: 'volée' }, { cookie })
      const changed = admin.patch(
        `/api/accounts/${accountId}`,
        { password: `${password} ${round}` },
        { 'if-match': '*' },
      )
      const tries = await Promise.all([1, 2, 3, 4, 5, 6].flatMap(() => [signIn(), newToken()]))
      expect((await changed).status).toBe(200)
      for (const answer of tries.filter(({ status }) => status === 201 || status === 204)) {
        const [header = ''] = answer.headers.get('set-cookie')?.split(';') ?? []
        const sent: Record<string, string> = header
          ? { cookie: header }
          : { authorization: `Bearer ${answer.body.token}` }
        expect((await app.anonymous.get('/api/me', sent)).status).toBe(401)
      }
      await admin.patch(`/api/accounts/${accountId}`, { password }, { 'if-match': '*' })
    }
  })

  it('from another site is refused: a page elsewhere cannot act with the cookie', async () => {
    const cookie = await logIn()
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign) {
      const answer = await app.anonymous.post('/api/tokens', { name: 'x' }, { cookie, ...headers })
      expect(answer.body.code).toBe('platform/cross-origin')
    }
    const own = await app.anonymous.post(
      '/api/tokens',
      { name: 'x' },
      { cookie, origin: 'https://preau.example' },
    )
    expect(own.status).toBe(201)
  })
})
