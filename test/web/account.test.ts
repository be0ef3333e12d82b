import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addSession } from '../support/world.ts'

const password = 'trois chaises et un piano'
const other = 'quatre fauteuils et une flûte'
let preau: TestApp
let admin: Caller
let count = 0

beforeAll(async () => {
  preau = await testApp({ now: '2026-03-02T09:00:00Z' })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

type Browser = { cookie: string; get(path: string): Promise<string>; submit: typeof submit; email: string }

async function submit(this: Browser, path: string, form: Record<string, string> = {}) {
  const body = new URLSearchParams(form)
  const answer = await preau.app.request(path, { method: 'POST', body, headers: { cookie: this.cookie } })
  const [renewed] = answer.headers.get('set-cookie')?.split(';') ?? []
  if (renewed !== undefined) this.cookie = renewed
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
}

async function anAccount(): Promise<string> {
  const email = `camille${++count}@example.org`
  const person = { firstName: 'Camille', lastName: 'Le Goff', roleGrants: [{ role: 'member' }] }
  await admin.post('/api/accounts', { email, password, ...person })
  return email
}

async function browser(email: string, userAgent: string): Promise<Browser> {
  const signedIn: Browser = {
    ...{ cookie: '', email, submit },
    get: async (path) => (await preau.anonymous.get(path, { cookie: signedIn.cookie })).body,
  }
  const answer = await preau.anonymous.post(
    '/api/auth/login',
    { email, password },
    { 'user-agent': userAgent },
  )
  signedIn.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return signedIn
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

test('who is not signed in is led to where one signs in, and nothing is done', async () => {
  const opened = await preau.anonymous.get('/account')
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/sign-in'])
  const stranger = await browser(await anAccount(), firefox)
  stranger.cookie = 'preau_session=inventé'
  for (const path of [
    '/account/password',
    '/account/login-sessions/end',
    '/account/tokens/revoke',
    '/account/calendar',
    '/account/calendar/end',
    '/sign-out',
  ])
    expect((await stranger.submit(path)).location).toBe('/sign-in')
})

test('the account shows where one is signed in, and closes one or all the others', async () => {
  const email = await anAccount()
  const phone = await browser(email, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')
  await browser(email, 'curl/8.5.0')
  const here = await browser(email, firefox)
  const account = await here.get('/account')
  expect(account).toMatch(/Firefox · Linux\s+<span class="small">cet appareil/)
  expect(account.match(/iPhone|curl/g)?.length).toBeGreaterThan(1)
  const [, id = ''] =
    /name="id" value="([^"]+)">\s*<button[^>]*>Fermer<span class="unseen"> la connexion de iPhone/.exec(
      account,
    ) ?? []
  expect(await here.submit('/account/login-sessions/end', { id })).toMatchObject({
    location: '/account?done=session',
  })
  expect(await here.submit('/account/login-sessions/end', { id })).toMatchObject({ status: 303 })
  expect(await here.submit('/account/login-sessions/end', { id: 'rien' })).toMatchObject({ status: 303 })
  expect((await preau.anonymous.get('/account', { cookie: phone.cookie })).status).toBe(303)
  expect(await here.submit('/account/login-sessions/end')).toMatchObject({
    location: '/account?done=sessions',
  })
  const after = await here.get('/account?done=sessions')
  expect(after).toContain('Les autres connexions sont fermées.')
  expect(after).not.toContain('curl')
})

test('the password is changed by who knows it, and one stays signed in', async () => {
  const here = await browser(await anAccount(), firefox)
  const wrong = await here.submit('/account/password', { currentPassword: 'faux', newPassword: other })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('Ce n’est pas votre mot de passe actuel.')
  const weak = await here.submit('/account/password', { currentPassword: password, newPassword: 'azerty123' })
  expect(weak.text).toContain('trop facile à deviner')
  const before = here.cookie
  const done = await here.submit('/account/password', { currentPassword: password, newPassword: other })
  expect(done.location).toBe('/account?done=password')
  expect(here.cookie).not.toBe(before)
  expect(await here.get('/account?done=password')).toContain('Votre mot de passe est changé')
})

test('guessing the present password ends in a page that says how long to wait', async () => {
  const here = await browser(await anAccount(), firefox)
  const guess = () => here.submit('/account/password', { currentPassword: 'faux', newPassword: other })
  for (let index = 0; index < 5; index++) await guess()
  expect(await guess()).toMatchObject({
    status: 429,
    text: expect.stringContaining('<h1>Trop d’essais</h1>'),
  })
})

test('tokens are shown without what they are, and revoked', async () => {
  const here = await browser(await anAccount(), firefox)
  const { body } = await preau.anonymous.post(
    '/api/tokens',
    { name: '<b>Export</b>', scope: 'read' },
    { cookie: here.cookie },
  )
  const account = await here.get('/account')
  expect(account).toContain('&lt;b&gt;Export&lt;/b&gt;')
  expect(account).toContain('lecture seule')
  expect(account).not.toContain(body.token)
  expect((await here.submit('/account/tokens/revoke', { id: body.id })).location).toBe('/account?done=token')
  expect(await here.get('/account')).not.toContain('Jetons d’API')
})

test('the address of one’s calendar is shown once, with a link that subscribes, and is ended', async () => {
  const here = await browser(await anAccount(), firefox)
  expect(await here.get('/account')).not.toContain('Mettre fin à l’adresse')
  const { status, text } = await here.submit('/account/calendar')
  const [, path = ''] = /<code>https:\/\/preau\.example(\/calendar\/[\w-]+\.ics)<\/code>/.exec(text) ?? []
  expect(status).toBe(200)
  expect(text).toContain(`href="webcal://preau.example${path}"`)
  expect((await preau.anonymous.get(path)).status).toBe(200)
  const account = await here.get('/account')
  expect(account).toContain('Votre adresse date du 2\u00a0mars\u00a02026')
  expect(account).not.toContain(path)
  expect((await here.submit('/account/calendar/end')).location).toBe('/account?done=calendar')
  expect((await preau.anonymous.get(path)).status).toBe(404)
  expect(await here.get('/account?done=calendar')).toContain('ne fonctionne plus')
})

test('who has no password yet is shown the way to one', async () => {
  const member = await preau.inBrowser(await preau.signIn())
  expect((await member.get('/account')).body).toContain('href="/forgotten-password"')
})

test('signing out ends it, and what is done says only what can be', async () => {
  const here = await browser(await anAccount(), firefox)
  expect(await here.get('/account?done=__proto__')).not.toContain('class="done"')
  expect((await here.submit('/sign-out')).location).toBe('/sign-in')
  expect((await preau.anonymous.get('/account', { cookie: here.cookie })).status).toBe(303)
})

test('the sheet of a session without half-days says so', async () => {
  const trainer = await preau.signIn('trainer')
  const planned = await addSession(preau, { trainer, slots: [] })
  const { status, body } = await (await preau.inBrowser(trainer)).get(`/sessions/${planned.id}/attendance`)
  expect([status, body.includes('sheet.js')]).toEqual([200, false])
  expect(body).toContain('pas encore de demi-journée')
})

test('a trainer finds the sheets of the sessions that they teach, also where nothing is due', async () => {
  const trainer = await preau.signIn('trainer')
  const taught = await addSession(preau, { trainer, slots: ['2026-04-02 09:00-12:30'] })
  const other = await addSession(preau, { slots: ['2026-04-02 09:00-12:30'] })
  const { body } = await (await preau.inBrowser(trainer)).get('/account')
  expect(body).toContain('Sessions que vous animez')
  expect(body).toContain(`href="/sessions/${taught.id}/attendance"`)
  expect(body).not.toContain(other.id)
  expect((await (await preau.signIn('member')).get('/account')).body).not.toContain(
    'Sessions que vous animez',
  )
})
