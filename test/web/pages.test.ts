import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { anOrganisation } from '../support/facts.ts'
import { aSession, enrolments, newCode, publishedTraining } from '../support/trainings.ts'

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp({ now: '2026-03-02T08:00:00Z' })
  admin = await preau.signIn('admin')
  await admin.put('/api/organisation', { ...anOrganisation, tradeName: 'Les Communs & Cie' })
})
afterAll(() => preau.close())

/** Spaces of any kind as plain ones, line breaks as one space, as a reader sees them. */
function asRead(page: string): string {
  return page.replaceAll(/&nbsp;|&#8239;|\s+/g, ' ')
}

test.each(['/', '/catalogue', '/verify', '/setup/done', '/docs'])(
  '%s is a French page with one heading that no cache shows without asking',
  async (path) => {
    const page = await preau.anonymous.get(path, browser)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(page.headers.get('cache-control')).toMatch(/^(public, no-cache|no-store)$/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.body).toMatch(/^<!doctype html>\s*<html lang="fr">/)
    expect(page.body.match(/<h1>/g)).toHaveLength(1)
  },
)

test('a page runs no script and loads nothing from elsewhere', async () => {
  const page = await preau.anonymous.get('/', browser)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('script-src')
  expect(policy).not.toContain('unsafe')
  expect(page.body).not.toMatch(/<script|style=|(src|href)="https?:/)
})

test('the home page says whose it is, with the mention that the law asks for', async () => {
  const { body } = await preau.anonymous.get('/', browser)
  expect(body).toContain('<h1>Les Communs &amp; Cie</h1>')
  expect(asRead(body)).toContain(
    'Déclaration d’activité enregistrée sous le numéro 11 75 61234 75 auprès du préfet de région d’Île-de-France. ' +
      'Cet enregistrement ne vaut pas agrément de l’État.',
  )
})

test('an installation without an organisation still has its home page', async () => {
  const empty = await testAppForOneTest()
  const { status, body } = await empty.anonymous.get('/', browser)
  expect(status).toBe(200)
  expect(asRead(body)).toContain('n’a pas encore d’organisme de formation')
})

test('the catalogue page shows what can be joined, in French figures', async () => {
  const training = await publishedTraining(admin, {
    code: 'PAGE-1',
    priceCents: 125_000,
    durationMinutes: 1110,
  })
  const oneDay = await aSession(preau, training.id, { startsAt: '2026-04-02T07:30:00Z', capacity: 3 })
  await enrolments(preau, oneDay.id, 'confirmed', 2)
  const full = await aSession(preau, training.id, {
    startsAt: '2026-05-01T07:00:00Z',
    place: 'Lyon',
    capacity: 1,
  })
  await enrolments(preau, full.id, 'confirmed', 1)
  const { body } = await preau.anonymous.get('/catalogue?q=page-1', browser)
  const page = asRead(body)
  expect(page).toContain('18 h 30 · en présentiel · 1 250,00 € net de taxe')
  expect(page).toContain(
    'le 2 avril 2026 de 9 h 30 à 16 h 30, Paris</span> <span class="seats">1 place</span>',
  )
  expect(page).toContain('Lyon</span> <span class="seats full">complet, liste d’attente</span>')
  expect(page).toContain('href="/catalogue/PAGE-1"')
})

test('dates of a session are those of the place where it is held', async () => {
  const training = await publishedTraining(admin)
  const { id } = await aSession(preau, training.id, { startsAt: '2026-05-31T22:00:00Z' })
  await preau.system.db
    .updateTable('trainingSession')
    .set({ timeZone: 'Indian/Reunion', lastSlotEndsAt: Temporal.Instant.from('2026-06-03T10:00:00Z') })
    .where('id', '=', id)
    .execute()
  const { body } = await preau.anonymous.get(`/catalogue/${training.code}`, browser)
  expect(asRead(body)).toContain('du 1er au 3 juin 2026')
})

test('the catalogue page leads on to the next page of a search, and says when nothing was found', async () => {
  for (let index = 0; index < 21; index++) await publishedTraining(admin, { title: `Compostage ${index}` })
  const first = await preau.anonymous.get('/catalogue?q=compostage', browser)
  expect(first.body.match(/<h2>/g)).toHaveLength(20)
  const next = /href="(\/catalogue\?q=compostage&amp;cursor=[^"]+)" rel="next"/.exec(first.body)?.[1] ?? ''
  const second = await preau.anonymous.get(next.replace('&amp;', '&'), browser)
  expect(second.body.match(/<h2>/g)).toHaveLength(1)
  const none = await preau.anonymous.get('/catalogue?q=introuvable', browser)
  expect(asRead(none.body)).toContain('Aucune formation ne correspond à « introuvable »')
})

test('a programme page tells all that the public must be told', async () => {
  const certification = {
    register: 'RNCP',
    code: 'RNCP37674',
    title: 'Web',
    certifier: 'Ministère',
    level: '5',
  }
  const training = await publishedTraining(admin, { objective: 'rncp', certification, code: newCode() })
  const { status, body } = await preau.anonymous.get(`/catalogue/${training.code.toLowerCase()}`, browser)
  expect(status).toBe(200)
  const headings = [...body.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, heading]) => heading)
  expect(headings).toEqual([
    'Prochaines sessions',
    'Objectifs',
    'Public',
    'Prérequis',
    'Contenu',
    'Méthodes et moyens',
    'Évaluation',
    'Certification',
    'Délai et modalités d’accès',
    'Accessibilité aux personnes en situation de handicap',
  ])
  expect(asRead(body)).toContain('Web (RNCP 37674, niveau 5), délivrée par Ministère.')
  expect(asRead(body)).toContain('version 1 du 2 mars 2026')
})

test('a programme says when it leads to no registered certification', async () => {
  const { code } = await publishedTraining(admin, { objective: 'other' })
  const { body } = await preau.anonymous.get(`/catalogue/${code}`, browser)
  expect(asRead(body)).toContain('ne mène pas à une certification enregistrée')
})

test('what people wrote is shown as text, never run as markup', async () => {
  const evil = '<script>alert("x")</script> & <b>gras</b>'
  const { code } = await publishedTraining(admin, { title: evil, content: evil, objectives: [evil] })
  const pages = [
    await preau.anonymous.get(`/catalogue/${code}`, browser),
    await preau.anonymous.get('/catalogue?q=alert', browser),
    await preau.anonymous.get(`/catalogue?q=${encodeURIComponent('"><script>')}`, browser),
    await preau.anonymous.get(`/verify/${encodeURIComponent('"><script>')}`, browser),
    await preau.anonymous.get(`/setup?token=${encodeURIComponent('"><script>')}`, browser),
  ]
  for (const { body } of pages) expect(body).not.toMatch(/<script|<b>/)
  expect(pages[0]?.body).toContain('&lt;b&gt;gras')
})

test('an address that does not exist is a page for a browser and a problem for a program', async () => {
  const page = await preau.anonymous.get('/nulle-part', browser)
  expect(page.status).toBe(404)
  expect(page.body).toContain('<h1>Page introuvable</h1>')
  const unpublished = await preau.anonymous.get('/catalogue/INCONNU', browser)
  expect(unpublished.status).toBe(404)
  expect(unpublished.body).toContain('<h1>Page introuvable</h1>')
  const asset = await preau.anonymous.get('/assets/unknown.css', browser)
  expect(asset.status).toBe(404)
  for (const [path, headers] of [
    ['/nulle-part', {}],
    ['/api/nulle-part', browser],
  ] as const) {
    const problem = await preau.anonymous.get(path, headers)
    expect(problem.status).toBe(404)
    expect(problem.body.code).toBe('platform/not-found')
  }
})

test.each([
  '/catalogue?cursor=x',
  '/catalogue/%00',
  '/catalogue/%E0%A4%A',
  '/verify/%00',
  '/verify/%E0%A4%A',
])('%s is refused as a page, not as an error of ours', async (path) => {
  const page = await preau.anonymous.get(path, browser)
  expect([404, 422]).toContain(page.status)
  expect(page.headers.get('content-type')).toContain('text/html')
})

test('while the database is away a page says so and when to come back', async () => {
  const app = buildApp({
    ...preau.deps,
    db: openDatabase({ host: '/nowhere', user: 'nobody', database: 'none' }),
  })
  const page = await app.request('/', { headers: browser })
  expect(page.status).toBe(503)
  expect(page.headers.get('retry-after')).toBe('5')
  expect(await page.text()).toContain('<h1>Service momentanément indisponible</h1>')
})

test('a page that fails says nothing of why, but gives the reference under which it was logged', async () => {
  const broken = await testAppForOneTest()
  await sql`alter table organisation rename column legal_name to lost_name`.execute(broken.system.db)
  const page = await broken.app.request('/', { headers: browser })
  expect(page.status).toBe(500)
  const body = await page.text()
  expect(body).toContain('<h1>Une erreur est survenue</h1>')
  expect(body).toContain(page.headers.get('x-request-id'))
  expect(body).not.toMatch(/column|legal/)
})

test('the stylesheet is kept for good under the address of its content, and only under that one', async () => {
  const { body } = await preau.anonymous.get('/', browser)
  const address = /href="(\/assets\/style\.css\?v=[0-9a-f]+)"/.exec(body)?.[1] ?? ''
  const current = await preau.anonymous.get(address)
  expect(current.status).toBe(200)
  expect(current.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(current.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  for (const other of ['/assets/style.css', '/assets/style.css?v=0']) {
    expect((await preau.anonymous.get(other)).headers.get('cache-control')).toBe('no-cache')
  }
  const etag = current.headers.get('etag') ?? ''
  expect((await preau.anonymous.get('/assets/style.css', { 'if-none-match': etag })).status).toBe(304)
})

test('the API reference is all from this installation, with a policy of its own', async () => {
  const page = await preau.anonymous.get('/docs', browser)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  expect(page.body).not.toMatch(/<script>|(src|href)="https?:/)
  const addresses = [...page.body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, address]) => address)
  expect(addresses).toHaveLength(5)
  for (const address of addresses) expect((await preau.anonymous.get(address)).status).toBe(200)
})
