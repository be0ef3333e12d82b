import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { aLinkToken } from '../support/links.ts'

const password = 'trois chaises et un piano'
const other = 'quatre fauteuils et une flûte'
let preau: TestApp
let admin: Caller
let count = 0

beforeAll(async () => {
  preau = await testApp({ now: '2026-03-02T09:00:00Z', maxConnections: 10 })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

async function anAccount(more: object = { password }): Promise<{ id: string; email: string }> {
  const person = { firstName: 'Camille', lastName: 'Le Goff', roleGrants: [{ role: 'member' }] }
  const email = `camille${++count}@example.org`
  return (await admin.post('/api/accounts', { email, ...person, ...more })).body
}

/** Sends a form as a browser does. */
async function submit(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(form)
  const answer = await preau.app.request(path, { method: 'POST', body, headers })
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
    headers: answer.headers,
    text: await answer.text(),
  }
}

const page = (path: string, cookie = '') => preau.anonymous.get(path, { accept: 'text/html', cookie })

test('an address and a password lead to one’s account', async () => {
  const { email } = await anAccount()
  expect((await page('/sign-in')).body).toContain('<h1>Se connecter</h1>')
  const answer = await submit('/sign-in', { email, password })
  expect([answer.status, answer.location]).toEqual([303, '/account'])
  const account = await page('/account', answer.cookie)
  expect(account.body).toContain(email)
  expect(account.body).toContain('Camille Le Goff')
  expect(account.headers.get('cache-control')).toBe('no-store')
})

test('a wrong pair is said so without saying which, the address stays, and nothing of the password', async () => {
  const { email } = await anAccount()
  const wrong = await submit('/sign-in', { email, password: 'faux-secret' })
  expect(wrong.status).toBe(401)
  expect(wrong.text).toContain('L’adresse et le mot de passe ne correspondent pas.')
  expect(wrong.text).toContain(`value="${email}"`)
  expect(wrong.text).not.toContain('faux-secret')
  const empty = await submit('/sign-in', { email: '', password: '' })
  expect(empty.status).toBe(422)
  expect(empty.text).toContain('id="email-error"')
  expect(empty.text).toContain('id="password-error"')
})

test('after too many tries the page says for how long, and that a link works at once', async () => {
  const { email } = await anAccount()
  for (let index = 0; index < 5; index++) await submit('/sign-in', { email, password: 'faux' })
  const refused = await submit('/sign-in', { email, password })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '300'])
  expect(refused.text.replaceAll('\u00a0', ' ')).toContain('Réessayez dans 5 minutes')
})

test('a link is asked for with the address alone, and the page is the same for an address that nobody has', async () => {
  const { email } = await anAccount()
  for (const path of ['/sign-in-link/request', '/forgotten-password']) {
    for (const asked of [email, 'personne@example.org']) {
      const answer = await submit(path, { email: asked })
      expect([answer.status, answer.location]).toEqual([303, '/link-sent'])
    }
    const empty = await submit(path, { email: ' ' })
    expect(empty.status).toBe(422)
    expect(empty.text).toContain('id="email-error"')
  }
  expect((await page('/link-sent')).body).toContain('Si un compte existe à cette adresse')
  const mails = await preau.deps.db
    .selectFrom('outgoingMail')
    .select('template')
    .where('address', '=', email)
    .execute()
  expect(mails.map(({ template }) => template).sort()).toEqual(['password-reset', 'sign-in-link'])
})

test('opening a link uses nothing up, however often a mail scanner does; sending its form does', async () => {
  const { id, email } = await anAccount()
  const token = await aLinkToken(preau, 'signInLink', id)
  for (let index = 0; index < 3; index++) {
    const opened = await page(`/sign-in-link?token=${token}`)
    expect(opened.status).toBe(200)
    expect(opened.body).toContain(email)
    expect(opened.headers.get('set-cookie')).toBeNull()
    expect(opened.headers.get('referrer-policy')).toBe('same-origin')
    expect((await preau.app.request(`/sign-in-link?token=${token}`, { method: 'HEAD' })).status).toBe(200)
  }
  const answer = await submit('/sign-in-link', { token })
  expect([answer.status, answer.location]).toEqual([303, '/account'])
  expect((await page('/account', answer.cookie)).status).toBe(200)
  for (const again of [await page(`/sign-in-link?token=${token}`), await submit('/sign-in-link', { token })])
    expect(again.status).toBe(401)
})

test('an invitation asks for a password, says when it is too easy, and opens the account', async () => {
  const { id, email } = await anAccount({ invite: false })
  const token = await aLinkToken(preau, 'invitation', id)
  const opened = await page(`/invitation?token=${token}`)
  expect(opened.body).toContain(`value="${email}" autocomplete="username" readonly`)
  const weak = await submit('/invitation', { token, password: 'Camille2026' })
  expect(weak.status).toBe(422)
  expect(weak.text).toContain('trop facile à deviner')
  expect(weak.text).toContain(`value="${token}"`)
  expect(weak.text).not.toContain('Camille2026')
  expect((await submit('/invitation', { token, password: 'court' })).text).toContain('de 8 à 200 caractères')
  const answer = await submit('/invitation', { token, password })
  expect([answer.status, answer.location]).toEqual([303, '/account'])
  expect((await page('/account', answer.cookie)).body).toContain('Changer de mot de passe')
})

test('a forgotten password is set anew, and one signs in with it', async () => {
  const { id, email } = await anAccount()
  const token = await aLinkToken(preau, 'passwordReset', id)
  expect((await page(`/reset-password?token=${token}`)).status).toBe(200)
  const answer = await submit('/reset-password', { token, password: other })
  expect([answer.status, answer.location, answer.cookie]).toEqual([303, '/password-changed', ''])
  expect((await page('/password-changed')).status).toBe(200)
  expect((await submit('/sign-in', { email, password })).status).toBe(401)
  expect((await submit('/sign-in', { email, password: other })).status).toBe(303)
})

test.each(['/sign-in-link', '/reset-password', '/invitation'])(
  'a link of %s that is used, invented or cut off leads to where one asks for another',
  async (path) => {
    const token = `"><script>alert(1)</script>`
    for (const answer of [
      await page(path),
      await page(`${path}?token=${encodeURIComponent(token)}`),
      await page(`${path}?token=%00`),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.body).toContain('<h1>Ce lien n’est plus valable</h1>')
      expect(answer.body).not.toContain('<script>')
    }
    for (const form of [{ token, password }, { password }, {}]) {
      const sent = await submit(path, form as Record<string, string>)
      expect([sent.status, sent.text.includes('<script>')]).toEqual([401, false])
    }
  },
)

test('no form is taken from another site, and nothing that is not a form', async () => {
  const { id, email } = await anAccount()
  const token = await aLinkToken(preau, 'signInLink', id)
  const foreign = { 'sec-fetch-site': 'cross-site' }
  expect((await submit('/sign-in', { email, password }, foreign)).status).toBe(403)
  expect((await submit('/sign-in-link', { token }, foreign)).status).toBe(403)
  expect((await preau.anonymous.post('/sign-in', { email, password })).status).toBe(415)
  expect((await submit('/sign-in', { email, password: 'x'.repeat(20_000) })).status).toBe(413)
  expect((await submit('/sign-in-link', { token })).status).toBe(303)
})

test('signing in leads on to the page that was asked for, and never to another site', async () => {
  const { email } = await anAccount()
  const asked = await preau.app.request('/sessions/01990000-0000-7000-8000-000000000000/sign')
  const next = '/sessions/01990000-0000-7000-8000-000000000000/sign'
  expect(asked.headers.get('location')).toBe(`/sign-in?${new URLSearchParams({ next })}`)
  expect((await page(`/sign-in?next=${next}`)).body).toContain(`name="next" value="${next}"`)
  expect((await submit('/sign-in', { email, password, next })).location).toBe(next)
  for (const elsewhere of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%0d%0aX:1', ''])
    expect((await submit('/sign-in', { email, password, next: elsewhere })).location).toBe('/account')
})
