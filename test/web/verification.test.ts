import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { aCertificate } from '../support/certificates.ts'
import { anOrganisation } from '../support/facts.ts'

let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp({ now: '2026-03-01T23:30:00Z' })
  admin = await preau.signIn('admin')
  await admin.put('/api/organisation', anOrganisation)
})
afterAll(() => preau.close())

async function verify(code: string) {
  const { status, body, headers } = await preau.anonymous.get(`/verify/${code}`)
  return { status, headers, body, read: body.replaceAll(/&nbsp;|&#8239;|\s+/g, ' ') }
}

test('a certificate that stands is shown as valid with what it says, hours and date in French', async () => {
  const certificate = await aCertificate(preau, admin, { firstName: 'Maëlle', lastName: 'Le Goff' }, 1110)
  const page = await verify(certificate.code)
  expect(page.status).toBe(200)
  expect(page.body).toContain('class="verdict valid"')
  expect(page.read).toContain('<h1>Certificat valable</h1>')
  expect(page.read).toContain('délivré par Les Communs du Numérique')
  expect(page.read).toContain(`<dd>${certificate.number}</dd>`)
  expect(page.read).toContain('<dd>Maëlle Le Goff</dd>')
  expect(page.read).toContain('<dd>Animer un atelier</dd>')
  expect(page.read).toContain('<dd>18 h 30</dd>')
  expect(page.read).toContain('<dd>2 mars 2026</dd>')
})

test('the hash of the file stands in groups that can be compared, and copied as one', async () => {
  const { code, sha256 } = await aCertificate(preau, admin, { firstName: 'Ana', lastName: 'Diaz' }, 60)
  const { body } = await verify(code)
  const groups = [...body.matchAll(/<span>([0-9a-f]{8})<\/span>/g)].map(([, group]) => group)
  expect(groups.join('')).toBe(sha256)
})

test('a revoked certificate says so first, and when', async () => {
  const { id, code } = await aCertificate(preau, admin, { firstName: 'Ana', lastName: 'Diaz' }, 60)
  preau.setNow('2026-04-10T10:00:00Z')
  await admin.post(`/api/certificates/${id}/revoke`, { reason: 'Erreur de nom' })
  const page = await verify(code)
  expect(page.status).toBe(200)
  expect(page.body).toContain('class="verdict revoked"')
  expect(page.read).toContain(
    '<h1>Certificat révoqué</h1><p>Révoqué le 10 avril 2026. Ce certificat ne vaut plus :',
  )
  expect(page.read).not.toContain('Erreur de nom')
})

test('an unknown code is 404 with a form to try again that holds what was typed', async () => {
  const page = await verify('ZZZZ-ZZZZ')
  expect(page.status).toBe(404)
  expect(page.body).toContain('class="verdict unknown"')
  expect(page.read).toContain('Aucun certificat ne porte le code « ZZZZ-ZZZZ »')
  expect(page.body).toContain('value="ZZZZ-ZZZZ"')
})

test('a name is shown as it is written, whatever it is made of', async () => {
  const { code } = await aCertificate(
    preau,
    admin,
    { firstName: '<b>x</b>', lastName: '"Dupont" & fils' },
    60,
  )
  const { body } = await verify(code)
  expect(body).toContain('<dd>&lt;b&gt;x&lt;/b&gt; &quot;Dupont&quot; &amp; fils</dd>')
})

test('search engines keep out of a page that names a person', async () => {
  const { code } = await aCertificate(preau, admin, { firstName: 'Ana', lastName: 'Diaz' }, 60)
  const page = await verify(code)
  expect(page.body).toContain('<meta name="robots" content="noindex">')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
})

test('a typed code leads to its page, with or without spaces, dashes and capitals', async () => {
  const { code, number } = await aCertificate(preau, admin, { firstName: 'Ana', lastName: 'Diaz' }, 60)
  const typed = ` ${code.toLowerCase().replace(/^(.{5})/, '$1-')} `
  const redirect = await preau.anonymous.get(`/verify?code=${encodeURIComponent(typed)}`)
  expect(redirect.status).toBe(303)
  const page = await preau.anonymous.get(redirect.headers.get('location') ?? '')
  expect(page.body).toContain(number)
})

test('no code at all gives the form again', async () => {
  const page = await preau.anonymous.get('/verify?code=+')
  expect(page.status).toBe(200)
  expect(page.body).toContain('<label for="code">')
})
