import { expect, test } from 'vitest'
import { offerSetup } from '../../src/people/sign-in/setup.service.ts'
import { type TestApp, testAppForOneTest } from '../support/app.ts'

const now = '2026-03-02T08:00:00Z'
const person = {
  firstName: 'Camille',
  lastName: 'Le Goff',
  email: 'camille@example.org',
  password: 'une phrase de passe',
}

async function offered(): Promise<{ preau: TestApp; token: string }> {
  const preau = await testAppForOneTest({ now })
  return { preau, token: (await offerSetup(preau.system)) ?? '' }
}

function submit({ app }: TestApp, form: Record<string, string>, headers: Record<string, string> = {}) {
  return app.request('/setup', { method: 'POST', body: new URLSearchParams(form), headers })
}

test('the link opens a form that asks for a name, an address and a password', async () => {
  const { preau, token } = await offered()
  const page = await preau.anonymous.get(`/setup?token=${token}`)
  expect(page.status).toBe(200)
  for (const field of Object.keys(person)) {
    expect(page.body).toContain(`<label for="${field}">`)
    expect(page.body).toContain(`name="${field}"`)
  }
  expect(page.body).toContain(`name="token" value="${token}"`)
  expect(page.headers.get('referrer-policy')).toBe('same-origin')
})

test('the form makes the first admin, who can sign in, and says what comes next', async () => {
  const { preau, token } = await offered()
  const answer = await submit(preau, { token, ...person })
  expect(answer.status).toBe(303)
  const next = await preau.anonymous.get(answer.headers.get('location') ?? '')
  expect(next.status).toBe(200)
  expect(next.body).toContain('https://preau.example/api/auth/login')

  const { email, password } = person
  const login = await preau.anonymous.post('/api/auth/login', { email, password })
  expect(login.status).toBe(204)
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const me = await preau.anonymous.get('/api/me', { cookie })
  expect(me.body).toMatchObject({
    person: { firstName: 'Camille', lastName: 'Le Goff' },
    roleGrants: [{ role: 'admin', chapterId: null }],
  })
})

test('what is wrong is said beside its field, and what was typed stays but the password', async () => {
  const { preau, token } = await offered()
  const answer = await submit(preau, { ...person, token, email: 'camille', lastName: ' ', password: 'court' })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('role="alert"')
  expect(page).toContain('<p class="error" id="email-error">')
  expect(page).toContain('<p class="error" id="lastName-error">')
  expect(page).toContain('<p class="error" id="password-error">')
  expect(page).not.toContain('firstName-error')
  expect(page).toContain('value="Camille"')
  expect(page).toContain('value="camille"')
  expect(page).toContain(`value="${token}"`)
  expect(page).not.toContain('court')

  expect((await submit(preau, { ...person, token })).status).toBe(303)
})

test('a name with quotes and markup comes back as it was typed', async () => {
  const { preau, token } = await offered()
  const answer = await submit(preau, { ...person, token, firstName: '"><b>x</b>', password: '' })
  expect(await answer.text()).toContain('value="&quot;&gt;&lt;b&gt;x&lt;/b&gt;"')
})

test('a link that has been used leads to an explanation, before and after filling in the form', async () => {
  const { preau, token } = await offered()
  await submit(preau, { ...person, token })
  const again = await preau.anonymous.get(`/setup?token=${token}`)
  expect(again.status).toBe(409)
  expect(again.body).toContain('<h1>La mise en service est déjà faite</h1>')
  const submitted = await submit(preau, { ...person, token, email: 'autre@example.org' })
  expect(submitted.status).toBe(409)
})

test('a link more than a day old, of another start or without its token is not valid any more', async () => {
  const { preau, token } = await offered()
  const expired = '<h1>Ce lien n’est plus valable</h1>'
  for (const path of ['/setup', '/setup?token=', '/setup?token=wrong']) {
    const page = await preau.anonymous.get(path)
    expect(page.status).toBe(401)
    expect(page.body).toContain(expired)
  }
  const newer = (await offerSetup(preau.system)) ?? ''
  expect((await preau.anonymous.get(`/setup?token=${token}`)).status).toBe(401)
  expect((await preau.anonymous.get(`/setup?token=${newer}`)).status).toBe(200)
  preau.setNow('2026-03-03T08:00:00Z')
  const late = await submit(preau, { ...person, token: newer })
  expect(late.status).toBe(401)
  expect(await late.text()).toContain(expired)
})

test('a form without a token is a link that is not valid', async () => {
  const { preau } = await offered()
  const answer = await submit(preau, person)
  expect(answer.status).toBe(401)
})

test('two people sending the form at once make one admin', async () => {
  const { preau, token } = await offered()
  const answers = await Promise.all(
    ['a@example.org', 'b@example.org', 'c@example.org'].map((email) =>
      submit(preau, { ...person, token, email }),
    ),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([303, 409, 409])
})

test('a form of another site, another type or another size is refused', async () => {
  const { preau, token } = await offered()
  const form = { token, ...person }
  expect((await submit(preau, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await submit(preau, { ...form, firstName: 'x'.repeat(20_000) })).status).toBe(413)
  const json = await preau.anonymous.post('/setup', form)
  expect(json.status).toBe(415)
  expect((await preau.anonymous.get(`/setup?token=${token}`)).status).toBe(200)
})
