import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tidySignIn } from '../../../src/people/sign-in/tidy-sign-in.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { anAccount, cookieOf, now, password, setNow } from './sign-in-world.ts'

const other = 'quatre fauteuils et une flûte'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp({ now, maxConnections: 10 })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

type Cookie = { cookie: string }

async function logIn(email: string, more: { password?: string; userAgent?: string } = {}): Promise<Cookie> {
  const body = { email, password: more.password ?? password }
  const answer = await preau.anonymous.post('/api/auth/login', body, {
    'user-agent': more.userAgent ?? firefox,
  })
  expect(answer.status).toBe(204)
  return { cookie: cookieOf(answer) }
}

const at = (instant: string) => setNow(preau, instant)

const me = (cookie: Cookie) => preau.anonymous.get('/api/me', cookie)
const sessions = (cookie: Cookie) => preau.anonymous.get('/api/me/login-sessions', cookie)
const end = (path: string, cookie: Cookie) => preau.anonymous.delete(`/api/me/login-sessions${path}`, cookie)

describe('login sessions', () => {
  it('are listed with the device, when it was last seen, and which one it is', async () => {
    const { email } = await anAccount(admin)
    await logIn(email, { userAgent: `curl/8.5.0 ${'x'.repeat(300)}` })
    at('2026-03-02T11:00:00Z')
    const here = await logIn(email)
    const { body } = await sessions(here)
    expect(body.items).toEqual([
      {
        ...{ id: expect.any(String), device: 'Firefox · Linux', isCurrent: true },
        ...{ createdAt: '2026-03-02T11:00:00Z', lastSeenAt: '2026-03-02T11:00:00Z' },
        expiresAt: expect.stringContaining('2026-04-01T11:00:00'),
      },
      expect.objectContaining({ device: 'curl', isCurrent: false, lastSeenAt: '2026-03-02T09:00:00Z' }),
    ])
    const stored = await preau.deps.db.selectFrom('loginSession').selectAll().execute()
    expect(JSON.stringify(stored)).not.toMatch(/Gecko|xxx/)
  })

  it('know to the hour when they were used, and are not written at every request', async () => {
    const cookie = await logIn((await anAccount(admin)).email)
    const statements = await preau.countQueries(() => me(cookie))
    at('2026-03-02T10:30:00Z')
    expect(await preau.countQueries(() => me(cookie))).toBe(statements + 1)
    expect(await preau.countQueries(() => me(cookie))).toBe(statements)
    expect((await sessions(cookie)).body.items[0].lastSeenAt).toBe('2026-03-02T10:30:00Z')
  })

  it('end one by one, and nobody ends another person’s', async () => {
    const { id, email } = await anAccount(admin)
    const [there, here] = [await logIn(email), await logIn(email)]
    const { items } = (await sessions(here)).body
    const { id: other } = items.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent)
    const stranger = await logIn((await anAccount(admin)).email)
    expect((await end(`/${other}`, stranger)).status).toBe(404)
    expect((await me(there)).status).toBe(200)
    const ended = await end(`/${other}`, here)
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, null])
    expect([(await me(there)).status, (await me(here)).status]).toEqual([401, 200])
    expect((await end(`/${other}`, here)).status).toBe(404)
    const entry = await preau.deps.db
      .selectFrom('auditEntry')
      .select(['action', 'actorAccountId'])
      .where('subjectId', '=', other)
      .executeTakeFirst()
    expect(entry).toEqual({ action: 'loginSession.end', actorAccountId: id })
  })

  it('end all together, or all but the present one', async () => {
    const { email } = await anAccount(admin)
    const [there, here] = [await logIn(email), await logIn(email)]
    expect((await end('?keep=current', here)).headers.get('set-cookie')).toBeNull()
    expect([(await me(there)).status, (await me(here)).status]).toEqual([401, 200])
    const everywhere = await end('', here)
    expect(everywhere.headers.get('set-cookie')).toMatch(/^preau_session=; .*Max-Age=0/)
    expect((await me(here)).status).toBe(401)
    expect((await end('?keep=autre', await logIn(email))).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/keep' }],
    })
  })

  it('of anybody are ended by an admin', async () => {
    const { id, email } = await anAccount(admin)
    const cookie = await logIn(email)
    expect((await admin.delete(`/api/accounts/${id}/login-sessions`)).status).toBe(204)
    expect((await me(cookie)).status).toBe(401)
  })

  it('end after a month without use', async () => {
    const cookie = await logIn((await anAccount(admin)).email)
    at('2026-04-01T08:59:00Z')
    const almost = await logIn((await anAccount(admin)).email)
    at('2026-04-01T09:00:01Z')
    expect([(await me(cookie)).status, (await me(almost)).status]).toEqual([401, 200])
  })

  it('go on with use, and end after half a year all the same', async () => {
    const cookie = await logIn((await anAccount(admin)).email)
    const start = Temporal.Instant.from(now)
    for (let day = 20; day < 180; day += 20) {
      at(start.add({ hours: day * 24 }).toString())
      expect((await me(cookie)).status, `day ${day}`).toBe(200)
    }
    at(start.add({ hours: 180 * 24 }).toString())
    expect((await me(cookie)).status).toBe(401)
  })

  it('that have ended are cleared away by and by', async () => {
    const { id, email } = await anAccount(admin)
    await logIn(email)
    const rows = () =>
      preau.deps.db.selectFrom('loginSession').select('id').where('accountId', '=', id).execute()
    await tidySignIn(preau.system)
    expect(await rows()).toHaveLength(1)
    at('2026-04-01T09:00:01Z')
    await tidySignIn(preau.system)
    expect(await rows()).toEqual([])
  })
})

describe('one’s own password', () => {
  const change = (cookie: Cookie, currentPassword: string, newPassword = other) =>
    preau.anonymous.put('/api/me/password', { currentPassword, newPassword }, cookie)

  it('is changed by who knows it: other sessions and tokens end, and this one begins anew', async () => {
    const { id, email } = await anAccount(admin)
    const [there, here] = [await logIn(email), await logIn(email)]
    const { token } = (await preau.anonymous.post('/api/tokens', { name: 'export' }, here)).body
    const answer = await change(here, password)
    expect(answer.status).toBe(204)
    const renewed = { cookie: cookieOf(answer) }
    expect([(await me(there)).status, (await me(here)).status]).toEqual([401, 401])
    expect((await me(renewed)).status).toBe(200)
    const bearer = { authorization: `Bearer ${token}` }
    expect((await preau.anonymous.get('/api/me', bearer)).status).toBe(401)
    await logIn(email, { password: other })
    const mail = await preau.deps.db
      .selectFrom('outgoingMail')
      .select('template')
      .where('address', '=', email)
      .execute()
    expect(mail).toEqual([{ template: 'password-changed' }])
    const actions = await preau.deps.db
      .selectFrom('auditEntry')
      .select('action')
      .where('subjectId', '=', id)
      .execute()
    expect(actions.map(({ action }) => action)).toContain('password.change')
  })

  it('guessed wrong is counted like a failed sign-in', async () => {
    const { email } = await anAccount(admin)
    const here = await logIn(email)
    const wrong = await change(here, 'faux')
    expect(wrong.body).toMatchObject({
      ...{ status: 422, code: 'people/wrong-password' },
      errors: [{ pointer: '/currentPassword' }],
    })
    for (let index = 0; index < 4; index++) await change(here, 'faux')
    expect((await change(here, password)).status).toBe(429)
    expect((await preau.anonymous.post('/api/auth/login', { email, password })).status).toBe(429)
  })

  it('says nothing of the present one before the new one is good enough', async () => {
    const here = await logIn((await anAccount(admin)).email)
    for (const current of [password, 'faux'])
      expect((await change(here, current, 'motdepasse2026')).body).toMatchObject({
        status: 422,
        errors: [{ pointer: '/newPassword' }],
      })
  })

  it('guessed twenty times at once is answered five times, whatever the guesses were', async () => {
    const here = await logIn((await anAccount(admin)).email)
    const wrong = await Promise.all(Array.from({ length: 20 }, () => change(here, 'faux')))
    expect(wrong.filter(({ status }) => status !== 429)).toHaveLength(5)
    expect((await change(here, password)).status).toBe(429)
  })

  it('changed by many at once is changed once', async () => {
    const { email } = await anAccount(admin)
    const cookies = [await logIn(email), await logIn(email), await logIn(email), await logIn(email)]
    const answers = await Promise.all(
      cookies.map((cookie, index) => change(cookie, password, `${other} ${index}`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401])
  })

  it('is not there to be changed by who signs in by mailed links', async () => {
    const member = await preau.inBrowser(await preau.signIn())
    const answer = await member.put('/api/me/password', { currentPassword: 'x', newPassword: other })
    expect(answer.body).toMatchObject({ status: 409, code: 'people/no-password' })
  })
})
