import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renewMailedLink } from '../../../src/people/sign-in/single-use-link.ts'
import { tidySignIn } from '../../../src/people/sign-in/tidy-sign-in.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { aLinkToken } from '../../support/links.ts'
import { anAccount, cookieOf, now, password, setNow } from './sign-in-world.ts'

const other = 'quatre fauteuils et une flûte'
let preau: TestApp
let admin: Caller
let count = 0

beforeAll(async () => {
  preau = await testApp({ now, maxConnections: 10 })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

const at = (instant: string) => setNow(preau, instant)

const logIn = (email: string, password: string) =>
  preau.anonymous.post('/api/auth/login', { email, password })
const confirm = (what: string, body: object) => preau.anonymous.post(`/api/auth/${what}/confirm`, body)

/** The mails queued to an address, the newest last, and the link that each would carry if it were sent now. */
async function mailsTo(email: string) {
  const mails = await preau.deps.db
    .selectFrom('outgoingMail')
    .select(['template', 'data', 'linkTokenId', 'personId'])
    .where('address', '=', email)
    .orderBy('id')
    .execute()
  return Promise.all(
    mails.map(async (mail) => ({
      ...mail,
      link: mail.linkTokenId
        ? await inTransaction(preau.system, (ctx) => renewMailedLink(ctx, mail.linkTokenId ?? ''))
        : undefined,
    })),
  )
}

/** A request for a link to sign in from another address than the other tests'. */
async function askFrom(remoteAddress: string, email: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email })
  const env = { incoming: { socket: { remoteAddress } } }
  return preau.app.request('/api/auth/sign-in-link', { method: 'POST', headers, body }, env)
}

async function lastMailTo(email: string): Promise<{ id: string }> {
  return preau.deps.db
    .selectFrom('outgoingMail')
    .select('id')
    .where('address', '=', email)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
}

async function tokenMailedTo(email: string): Promise<string> {
  const { link } = (await mailsTo(email)).at(-1) ?? {}
  return new URL(link ?? '').searchParams.get('token') ?? ''
}

async function auditOf(accountId: string): Promise<string[]> {
  const entries = await preau.deps.db
    .selectFrom('auditEntry')
    .select('action')
    .where('subjectId', '=', accountId)
    .orderBy('sequence')
    .execute()
  return entries.map((entry) => entry.action)
}

describe('an invitation', () => {
  it('is mailed with a new account, and its link sets the first password and signs in', async () => {
    const account = await anAccount(admin, {})
    expect(account).toMatchObject({ status: 'invited', invitedAt: '2026-03-02T09:00:00Z' })
    const [mail] = await mailsTo(account.email)
    expect(mail).toMatchObject({ template: 'invitation', data: { firstName: 'Lou' } })
    expect(mail?.link).toMatch(/^https:\/\/preau\.example\/invitation\?token=[\w-]{43}$/)
    const answer = await confirm('invitation', { token: await tokenMailedTo(account.email), password })
    expect(answer.status).toBe(204)
    const me = await preau.anonymous.get('/api/me', { cookie: cookieOf(answer) })
    expect(me.body.account).toEqual({ id: account.id, email: account.email, status: 'active' })
    expect((await logIn(account.email, password)).status).toBe(204)
    expect(await auditOf(account.id)).toEqual(
      expect.arrayContaining(['account.create', 'invitation.send', 'invitation.accept', 'login']),
    )
    expect(await mailsTo(account.email)).toHaveLength(1)
  })

  it('is not sent to who has a password, or when it is not wanted', async () => {
    const [withPassword, quiet] = [await anAccount(admin), await anAccount(admin, { invite: false })]
    expect([withPassword.status, quiet.status]).toEqual(['active', 'new'])
    for (const { email } of [withPassword, quiet]) expect(await mailsTo(email)).toEqual([])
    const both = await admin.post('/api/accounts', {
      ...{ email: 'deux@example.org', firstName: 'A', lastName: 'B', roleGrants: [{ role: 'member' }] },
      ...{ password, invite: true },
    })
    expect(both.body).toMatchObject({ status: 422, errors: [{ pointer: '/invite' }] })
  })

  it('can be sent again until there is a password, and the link before works no longer', async () => {
    const { id, email } = await anAccount(admin, {})
    const first = await tokenMailedTo(email)
    at('2026-03-05T09:00:00Z')
    const again = await admin.post(`/api/accounts/${id}/invitation`)
    expect(again.body).toMatchObject({ id, status: 'invited', invitedAt: '2026-03-05T09:00:00Z' })
    expect(again.headers.get('etag')).toBe((await admin.get(`/api/accounts/${id}`)).headers.get('etag'))
    expect((await confirm('invitation', { token: first, password })).body.code).toBe('people/link-not-valid')
    const second = await tokenMailedTo(email)
    expect((await confirm('invitation', { token: second, password })).status).toBe(204)
    expect((await admin.post(`/api/accounts/${id}/invitation`)).body.code).toBe('people/has-password')
  })

  it('is sent to one account three times at once, then every ten minutes', async () => {
    const { id } = await anAccount(admin, {})
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => admin.post(`/api/accounts/${id}/invitation`)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('600')
    at('2026-03-02T09:10:00Z')
    expect((await admin.post(`/api/accounts/${id}/invitation`)).status).toBe(200)
  })

  it('works for a week', async () => {
    const { id } = await anAccount(admin, { invite: false })
    const token = await aLinkToken(preau, 'invitation', id)
    at('2026-03-09T09:00:00Z')
    expect((await confirm('invitation', { token, password })).status).toBe(401)
    preau.setNow('2026-03-09T08:59:59Z')
    expect((await confirm('invitation', { token, password })).status).toBe(204)
  })
})

describe('a forgotten password', () => {
  it('is set anew by a mailed link, which ends what the old one opened and is told by mail', async () => {
    const { id, email } = await anAccount(admin)
    const cookie = cookieOf(await logIn(email, password))
    const { token: apiToken } = (await preau.anonymous.post('/api/tokens', { name: 'export' }, { cookie }))
      .body
    const signInToken = await aLinkToken(preau, 'signInLink', id)
    const asked = await preau.anonymous.post('/api/auth/password-reset', { email: email.toUpperCase() })
    expect(asked.status).toBe(204)
    const token = await tokenMailedTo(email)
    const answer = await confirm('password-reset', { token, password: other })
    expect([answer.status, cookieOf(answer)]).toEqual([204, ''])

    expect((await preau.anonymous.get('/api/me', { cookie })).status).toBe(401)
    const bearer = { authorization: `Bearer ${apiToken}` }
    expect((await preau.anonymous.get('/api/me', bearer)).status).toBe(401)
    expect((await confirm('sign-in-link', { token: signInToken })).status).toBe(401)
    expect((await logIn(email, password)).status).toBe(401)
    expect((await logIn(email, other)).status).toBe(204)
    expect((await mailsTo(email)).map((mail) => mail.template)).toEqual([
      'password-reset',
      'password-changed',
    ])
    expect(await auditOf(id)).toEqual(expect.arrayContaining(['passwordReset.request', 'password.reset']))
  })

  it('keeps its link when the new one is too easy, and says so', async () => {
    const { id } = await anAccount(admin)
    const token = await aLinkToken(preau, 'passwordReset', id)
    const weak = await confirm('password-reset', { token, password: 'motdepasse2026' })
    expect(weak.body).toMatchObject({ status: 422, errors: [{ pointer: '/password' }] })
    expect((await confirm('password-reset', { token, password: other })).status).toBe(204)
  })

  it('is nothing that a stranger learns of: the same answer and the same work for an address that nobody has', async () => {
    const { id, email } = await anAccount(admin)
    const askFor = (email: string) => async () => {
      const answer = await preau.anonymous.post('/api/auth/password-reset', { email })
      expect([answer.status, answer.body.length]).toEqual([204, 0])
    }
    const statements = await preau.countQueries(askFor(email))
    const nobody = `personne${++count}@example.org`
    expect(await preau.countQueries(askFor(nobody))).toBe(statements)
    for (let index = 0; index < 6; index++) await askFor(email)()
    expect(await preau.countQueries(askFor(email))).toBe(statements)

    expect((await mailsTo(email)).filter((mail) => mail.template === 'password-reset')).toHaveLength(3)
    const written = await preau.deps.db.selectFrom('auditEntry').selectAll().execute()
    const mails = await preau.deps.db.selectFrom('outgoingMail').selectAll().execute()
    expect(JSON.stringify([written, mails])).not.toContain(nobody)
    expect((await mailsTo('')).filter((mail) => mail.link !== undefined)).toEqual([])
    expect(await auditOf(id)).toContain('passwordReset.request')
  })
})

describe('a link to sign in', () => {
  it('signs in once, also who has never had a password', async () => {
    const { id, email } = await anAccount(admin, { invite: false })
    await preau.anonymous.post('/api/auth/sign-in-link', { email })
    const token = await tokenMailedTo(email)
    const answer = await confirm('sign-in-link', { token })
    expect(answer.status).toBe(204)
    expect((await preau.anonymous.get('/api/me', { cookie: cookieOf(answer) })).body.account.id).toBe(id)
    expect((await confirm('sign-in-link', { token })).body.code).toBe('people/link-not-valid')
    const login = await preau.deps.db
      .selectFrom('auditEntry')
      .select(['changes', 'actorAccountId'])
      .where('action', '=', 'login')
      .where('subjectId', '=', id)
      .executeTakeFirst()
    expect(login).toEqual({ changes: { how: 'link' }, actorAccountId: id })
  })

  it('lets in whose password is being guessed at', async () => {
    const { id, email } = await anAccount(admin)
    for (let index = 0; index < 7; index++) await logIn(email, 'faux')
    expect((await logIn(email, password)).status).toBe(429)
    const token = await aLinkToken(preau, 'signInLink', id)
    expect((await confirm('sign-in-link', { token })).status).toBe(204)
  })

  it('works for ten minutes from when it is mailed, and is not mailed an hour after it was asked for', async () => {
    const { email } = await anAccount(admin)
    await preau.anonymous.post('/api/auth/sign-in-link', { email })
    at('2026-03-02T09:50:00Z')
    const token = await tokenMailedTo(email)
    preau.setNow('2026-03-02T10:00:00Z')
    expect((await confirm('sign-in-link', { token })).status).toBe(401)
    expect((await mailsTo(email)).at(-1)?.link).toBeUndefined()
    preau.setNow('2026-03-02T09:59:59Z')
    expect((await confirm('sign-in-link', { token })).status).toBe(204)
  })
})

describe('a link that strangers ask for again and again', () => {
  it('keeps nobody out: the last one received works at any time', async () => {
    const { email } = await anAccount(admin)
    const start = Temporal.Instant.from(now)
    let mailed = { id: '', token: '' }
    for (let minute = 0; minute < 60; minute += 5) {
      at(start.add({ minutes: minute }).toString())
      await Promise.all([1, 2, 3].map(() => askFrom('203.0.113.9', email)))
      const id = (await lastMailTo(email)).id
      if (id !== mailed.id) mailed = { id, token: await tokenMailedTo(email) }
      const opened = await preau.anonymous.get(`/sign-in-link?token=${mailed.token}`)
      expect(opened.status, `minute ${minute}`).toBe(200)
    }
    expect((await mailsTo(email)).length).toBeLessThanOrEqual(9)
  })
})

describe('links of one kind, asked for by strangers until there are no more to be had', () => {
  it('keep nobody from those of another, nor an admin from inviting', async () => {
    const { id, email } = await anAccount(admin, { invite: false })
    for (let index = 0; index < 5; index++) await askFrom('203.0.113.10', email)
    const ask = { email }
    expect((await preau.anonymous.post('/api/auth/password-reset', ask)).status).toBe(204)
    expect((await mailsTo(email)).at(-1)?.template).toBe('password-reset')
    expect((await admin.post(`/api/accounts/${id}/invitation`)).status).toBe(200)
    expect((await mailsTo(email)).map(({ template }) => template)).toEqual([
      ...Array(3).fill('sign-in-link'),
      'password-reset',
      'invitation',
    ])
  })
})

describe('a link', () => {
  it('of any kind that fifty people send at once is used once', async () => {
    const { id } = await anAccount(admin, { invite: false })
    const token = await aLinkToken(preau, 'signInLink', id)
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm('sign-in-link', { token })))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49)
  })

  it('to set a password is used once, whoever sends it at the same time', async () => {
    const { id } = await anAccount(admin)
    const token = await aLinkToken(preau, 'passwordReset', id)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        confirm('password-reset', { token, password: `${other} ${index}` }),
      ),
    )
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  it('asked for twenty times at once leaves one that works', async () => {
    const { id, email } = await anAccount(admin)
    const ask = () => preau.anonymous.post('/api/auth/sign-in-link', { email })
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    const live = await preau.deps.db
      .selectFrom('singleUseToken')
      .select('id')
      .where('accountId', '=', id)
      .where('usedAt', 'is', null)
      .where('endedAt', 'is', null)
      .execute()
    expect(live).toHaveLength(1)
    expect((await mailsTo(email)).filter((mail) => mail.link !== undefined)).toHaveLength(1)
  })

  it('is of one kind and does nothing else', async () => {
    const { id } = await anAccount(admin)
    const token = await aLinkToken(preau, 'signInLink', id)
    expect((await confirm('password-reset', { token, password: other })).status).toBe(401)
    expect((await confirm('invitation', { token, password: other })).status).toBe(401)
    expect((await confirm('sign-in-link', { token: 'inventé' })).body.code).toBe('people/link-not-valid')
    expect((await confirm('sign-in-link', { token })).status).toBe(204)
  })

  it('ends when the address that it went to is no longer the account’s', async () => {
    const { id } = await anAccount(admin)
    const token = await aLinkToken(preau, 'passwordReset', id)
    await admin.patch(`/api/accounts/${id}`, { email: `neuve${++count}@example.org` }, { 'if-match': '*' })
    expect((await confirm('password-reset', { token, password: other })).status).toBe(401)
  })

  it('stands in no row of the database', async () => {
    const { id } = await anAccount(admin)
    const token = await aLinkToken(preau, 'signInLink', id)
    const rows = await preau.deps.db.selectFrom('singleUseToken').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('is asked for from one network sixty times, then once a minute', async () => {
    const ask = () => askFrom('2001:db8::1', 'personne@example.org')
    const answers = await Promise.all(Array.from({ length: 70 }, ask))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(60)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('60')
  })

  it('is forgotten a day after it has ended', async () => {
    const { id } = await anAccount(admin, {})
    const rows = () =>
      preau.deps.db.selectFrom('singleUseToken').select('id').where('accountId', '=', id).execute()
    await tidySignIn(preau.system)
    expect(await rows()).toHaveLength(1)
    at('2026-03-10T09:00:01Z')
    await tidySignIn(preau.system)
    expect(await rows()).toEqual([])
  })
})

describe('a password set by an admin', () => {
  it('is told by mail to the address that stood, and an API token does not set its own owner’s', async () => {
    const { id, email } = await anAccount(admin)
    const changes = { password: other, email: `neuve${++count}@example.org` }
    const answer = await admin.patch(`/api/accounts/${id}`, changes, { 'if-match': '*' })
    expect(answer.status).toBe(200)
    expect((await mailsTo(email)).map((mail) => mail.template)).toEqual(['password-changed'])
    const own = await admin.patch(
      `/api/accounts/${admin.accountId}`,
      { password: other },
      { 'if-match': '*' },
    )
    expect(own.body.code).toBe('platform/sign-in-needed')
  })
})
