import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { now, setNow } from './sign-in-world.ts'

let preau: TestApp
let admin: Caller
let member: Caller

beforeAll(async () => {
  preau = await testApp({ now })
  admin = await preau.signIn('admin')
  member = await preau.inBrowser(await preau.signIn())
})
afterAll(() => preau.close())

async function aToken(body: object, maker: Caller = member): Promise<{ id: string; authorization: string }> {
  const answer = await maker.post('/api/tokens', { name: 'export', ...body })
  expect(answer.status).toBe(201)
  return { id: answer.body.id, authorization: `Bearer ${answer.body.token}` }
}

const asToken = ({ authorization }: { authorization: string }) => ({ authorization })

describe('a token that only reads', () => {
  it('looks at what its owner may see, and changes nothing', async () => {
    const token = asToken(await aToken({ scope: 'read' }, admin))
    expect((await preau.anonymous.get('/api/people', token)).status).toBe(200)
    expect((await preau.app.request('/api/people', { method: 'HEAD', headers: token })).status).toBe(200)
    const person = { firstName: 'Ana', lastName: 'Silva' }
    for (const answer of [
      await preau.anonymous.post('/api/people', person, token),
      await preau.anonymous.post('/api/tokens', { name: 'autre' }, token),
      await preau.anonymous.delete('/api/me/login-sessions', token),
      await preau.anonymous.post('/api/auth/logout', undefined, token),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'platform/token-is-read-only' })
    const people = await preau.anonymous.get('/api/people?q=Silva', token)
    expect(people.body.items).toEqual([])
  })
})

describe('a token', () => {
  it('acts as its owner and is shown once', async () => {
    const { id, authorization } = await aToken({})
    expect((await preau.anonymous.get('/api/me', { authorization })).body.account.id).toBe(member.accountId)
    const stored = await preau.deps.db.selectFrom('apiToken').selectAll().where('id', '=', id).execute()
    expect(JSON.stringify(stored)).not.toContain(authorization.replace('Bearer ', ''))
  })

  it('ends after its last day', async () => {
    const token = asToken(await aToken({ expiresOn: '2026-03-03' }))
    setNow(preau, '2026-03-03T23:59:00Z')
    expect((await preau.anonymous.get('/api/me', token)).status).toBe(200)
    setNow(preau, '2026-03-04T00:00:00Z')
    expect((await preau.anonymous.get('/api/me', token)).status).toBe(401)
  })

  it('is not given when its last day has passed', async () => {
    const { body } = await member.post('/api/tokens', { name: 'passée', expiresOn: '2026-03-01' })
    expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/expiresOn' }] })
  })

  it('that is wrong is an error, not an anonymous visit', async () => {
    expect((await preau.anonymous.get('/api/chapters', { authorization: 'Bearer preau_no' })).status).toBe(
      401,
    )
  })

  it('is full unless it says otherwise, and says nothing else than read or full', async () => {
    const { body } = await member.post('/api/tokens', { name: 'complet' })
    expect(body).toMatchObject({ scope: 'full', expiresOn: null, token: expect.stringMatching(/^preau_/) })
    const wrong = await member.post('/api/tokens', { name: 'x', scope: 'write' })
    expect(wrong.body).toMatchObject({ status: 422, errors: [{ pointer: '/scope' }] })
  })

  it('does not sign its owner out or change the password: that is for who has signed in', async () => {
    const token = asToken(await aToken({}))
    for (const answer of [
      await preau.anonymous.delete('/api/me/login-sessions', token),
      await preau.anonymous.delete(`/api/me/login-sessions/${admin.accountId}`, token),
      await preau.anonymous.put('/api/me/password', {}, token),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'platform/sign-in-needed' })
    expect((await member.get('/api/me')).status).toBe(200)
  })

  it('does not do so by the ways of an admin either, nor has the links of its owner sent elsewhere', async () => {
    const token = asToken(await aToken({}, admin))
    const own = `/api/accounts/${admin.accountId}`
    for (const answer of [
      await preau.anonymous.patch(own, { email: 'ailleurs@example.org' }, { ...token, 'if-match': '*' }),
      await preau.anonymous.delete(`${own}/login-sessions`, token),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'platform/sign-in-needed' })
    const { accountId } = await preau.signIn()
    const others = `/api/accounts/${accountId}/login-sessions`
    expect((await preau.anonymous.delete(others, token)).status).toBe(204)
  })

  it('makes no token that lasts longer than itself', async () => {
    const token = asToken(await aToken({ expiresOn: '2026-03-31' }))
    const make = (expiresOn?: string) =>
      preau.anonymous.post('/api/tokens', { name: 'fille', ...(expiresOn && { expiresOn }) }, token)
    for (const answer of [await make(), await make('2026-04-01')])
      expect(answer.body).toMatchObject({
        status: 422,
        errors: [{ pointer: '/expiresOn', code: 'outlives-token' }],
      })
    expect((await make('2026-03-31')).status).toBe(201)
  })

  it('is listed to its owner alone, with the day it was last used and never what it is', async () => {
    const owner = await preau.inBrowser(await preau.signIn())
    const used = await aToken({ name: 'utilisé', expiresOn: '2026-12-31' }, owner)
    setNow(preau, '2026-03-05T23:30:00Z')
    const before = await preau.countQueries(() => preau.anonymous.get('/api/me', asToken(used)))
    const after = await preau.countQueries(() => preau.anonymous.get('/api/me', asToken(used)))
    expect(before - after).toBe(1)
    const { body } = await owner.get('/api/tokens?limit=1')
    expect(body.items).toEqual([
      {
        ...{ id: used.id, name: 'utilisé', scope: 'full', expiresOn: '2026-12-31' },
        ...{ createdAt: now, lastUsedOn: '2026-03-05' },
      },
    ])
    const rest = await owner.get(`/api/tokens?limit=1&cursor=${body.nextCursor}`)
    expect(rest.body.items).toMatchObject([{ name: 'test', lastUsedOn: null }])
  })

  it('ends at once when its owner or an admin revokes it, and nobody else can', async () => {
    const stranger = await preau.signIn()
    for (const who of [member, admin]) {
      const token = await aToken({})
      expect((await stranger.delete(`/api/tokens/${token.id}`)).status).toBe(404)
      expect((await who.delete(`/api/tokens/${token.id}`)).status).toBe(204)
      expect((await preau.anonymous.get('/api/me', asToken(token))).status).toBe(401)
      expect((await who.delete(`/api/tokens/${token.id}`)).status).toBe(404)
      const actions = await preau.deps.db
        .selectFrom('auditEntry')
        .select(['action', 'changes'])
        .where('subjectId', '=', token.id)
        .orderBy('sequence')
        .execute()
      expect(actions).toEqual([
        { action: 'token.create', changes: { scope: 'full', expiresOn: null } },
        { action: 'token.revoke', changes: {} },
      ])
    }
  })
})
