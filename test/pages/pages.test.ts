/** The pages as people see them: on a small telephone, in both colour schemes, without a script. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { offerSetup } from '../../src/people/sign-in/setup.service.ts'
import { aCertificate } from '../support/certificates.ts'
import { anOrganisation } from '../support/facts.ts'
import { aSession, enrolments, publishedTraining } from '../support/trainings.ts'
import { openBrowser, type ServedApp, servedApp } from './browser.ts'
import { faintTexts, scrollsSideways, styleOf, unlabelledFields } from './reading.ts'
import { password, signInPagesOf } from './sign-in-world.ts'

let preau: ServedApp
let empty: ServedApp
let browser: Browser
const pages = new Map<string, string>()

beforeAll(async () => {
  browser = await openBrowser()
  preau = await servedApp({ now: '2026-03-02T08:00:00Z' })
  empty = await servedApp({ now: '2026-03-02T08:00:00Z' })
  const admin = await preau.signIn('admin')
  await admin.put('/api/organisation', { ...anOrganisation, tradeName: 'Les Communs' })
  const training = await publishedTraining(admin, {
    code: 'ACC-1',
    title: 'Anticonstitutionnellement : l’accessibilité des démarches-administratives-en-ligne',
  })
  await aSession(preau, training.id, {
    startsAt: '2026-04-02T07:00:00Z',
    place: '12 rue des Ateliers, Paris',
  })
  const full = await aSession(preau, training.id, { startsAt: '2026-04-22T07:00:00Z', capacity: 1 })
  await enrolments(preau, full.id, 'confirmed', 1)
  const learner = { firstName: 'Maëlle-Anne-Françoise', lastName: 'Le Goff-Kervadec de la Rochefoucauld' }
  const valid = await aCertificate(preau, admin, learner, 1110)
  const revoked = await aCertificate(preau, admin, learner, 1110)
  await admin.post(`/api/certificates/${revoked.id}/revoke`, { reason: 'Erreur' })
  const token = await offerSetup(empty.system)
  const signIns = await signInPagesOf(preau, admin)
  for (const [name, address] of Object.entries({
    home: `${preau.address}/`,
    catalogue: `${preau.address}/catalogue`,
    'empty search': `${preau.address}/catalogue?q=${'introuvable'.repeat(8)}`,
    programme: `${preau.address}/catalogue/acc-1`,
    'form of verification': `${preau.address}/verify`,
    'valid certificate': `${preau.address}/verify/${valid.code}`,
    'revoked certificate': `${preau.address}/verify/${revoked.code}`,
    'unknown certificate': `${preau.address}/verify/${'Z'.repeat(90)}`,
    'missing page': `${preau.address}/nulle-part`,
    'home before set-up': `${empty.address}/`,
    'set-up': `${empty.address}/setup?token=${token}`,
    'outdated set-up': `${empty.address}/setup?token=outdated`,
    'end of set-up': `${empty.address}/setup/done`,
    ...signIns,
  })) {
    pages.set(name, address)
  }
})

afterAll(async () => {
  await browser?.close()
  await Promise.all([preau?.close(), empty?.close()])
})

async function opened(name: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false })
  await page.goto(pages.get(name) ?? '')
  return page
}

describe.each([
  'home',
  'catalogue',
  'empty search',
  'programme',
  'form of verification',
  'valid certificate',
  'revoked certificate',
  'unknown certificate',
  'missing page',
  'home before set-up',
  'set-up',
  'outdated set-up',
  'end of set-up',
  'sign-in',
  'forgotten password',
  'link on its way',
  'link to sign in',
  'new password',
  'invitation',
  'link that is over',
])('the page: %s', (name) => {
  test('never scrolls sideways, on a telephone or on a desk', async () => {
    const page = await opened(name)
    for (const width of [320, 360, 390, 1280]) {
      await page.setViewportSize({ width, height: 740 })
      expect([width, await scrollsSideways(page)]).toEqual([width, false])
    }
    await page.close()
  })

  test('has every text in contrast enough, by day and by night', async () => {
    const page = await opened(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await faintTexts(page)).toEqual([])
    }
    await page.close()
  })

  test('has one heading of the first order, a title, and a label on every field', async () => {
    const page = await opened(name)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.title()).toMatch(/\S/)
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    expect(await unlabelledFields(page)).toEqual([])
    await page.close()
  })
})

test('the verdict on a certificate is seen without scrolling, by word, sign and colour', async () => {
  const colours = new Set<string>()
  for (const name of ['valid certificate', 'revoked certificate', 'unknown certificate']) {
    const page = await opened(name)
    const verdict = page.locator('.verdict')
    const box = await verdict.locator('h1').boundingBox()
    expect((box?.y ?? 740) + (box?.height ?? 0)).toBeLessThan(740)
    expect(await verdict.locator('svg').isVisible()).toBe(true)
    colours.add(await styleOf(page, '.verdict', 'color'))
    await page.close()
  }
  expect(colours.size).toBe(3)
})

test('a keyboard reaches the content first, and shows where it is', async () => {
  const page = await opened('catalogue')
  await page.keyboard.press('Tab')
  const skip = page.locator(':focus')
  expect(await skip.textContent()).toBe('Aller au contenu')
  expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0)
  expect(await styleOf(page, ':focus', 'outlineStyle')).toBe('solid')
  await page.close()
})

test('a code typed on the home page leads to its certificate', async () => {
  const page = await opened('home')
  await page.getByLabel('Code de vérification').fill('zzzz zzzz')
  await page.getByRole('button', { name: 'Vérifier' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Code inconnu')
  await page.close()
})

test('the first admin is made without a script: mistakes are shown, then all is done', async () => {
  const fresh = await servedApp()
  onTestFinished(() => fresh.close())
  const token = await offerSetup(fresh.system)
  const page = await browser.newPage({ javaScriptEnabled: false })
  await page.goto(`${fresh.address}/setup?token=${token}`)
  await page.getByLabel('Prénom').fill('Camille')
  await page.getByLabel('Mot de passe').fill('court')
  await page.getByRole('button', { name: 'Créer le compte' }).click()
  expect(await page.getByRole('alert').isVisible()).toBe(true)
  expect(await page.getByLabel('Prénom').inputValue()).toBe('Camille')
  expect(await page.getByLabel('Mot de passe').inputValue()).toBe('')
  expect(await page.locator('[aria-invalid=true]').count()).toBe(3)
  expect(await faintTexts(page)).toEqual([])

  await page.getByLabel('Nom', { exact: true }).fill('Le Goff')
  await page.getByLabel('Adresse e-mail').fill('camille@example.org')
  await page.getByLabel('Mot de passe').fill('une phrase de passe')
  await page.getByRole('button', { name: 'Créer le compte' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Le compte est créé')
  await page.close()
})

test('an account is opened, looked after and left without a script, on a telephone and on a desk', async () => {
  const invited = await servedApp({ baseUrl: 'http://localhost' })
  onTestFinished(() => invited.close())
  const { invitation } = await signInPagesOf(invited, await invited.signIn('admin'))
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
  await page.goto(invitation ?? '')
  await page.getByLabel('Mot de passe').fill('motdepasse2026')
  await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
  expect(await page.locator('.error').textContent()).toContain('trop facile à deviner')
  expect(await faintTexts(page)).toEqual([])
  await page.getByLabel('Mot de passe').fill(password)
  await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Mon compte')
  expect(await page.getByText('cet appareil').count()).toBe(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await faintTexts(page)).toEqual([])
  }
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 })
    expect([width, await scrollsSideways(page)]).toEqual([width, false])
  }
  expect(await unlabelledFields(page)).toEqual([])

  const email = (await page.locator('.facts-table dd').nth(1).textContent()) ?? ''
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await page.getByLabel('Adresse e-mail').fill(email)
  await page.getByLabel('Mot de passe').fill('faux')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('ne correspondent pas')
  await page.getByLabel('Mot de passe').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/account')
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Mon compte')
  await page.close()
})

test('the API reference draws itself from this installation alone, and breaks no policy', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(preau.address)) {
      elsewhere.push(request.url())
    }
  })
  await page.goto(`${preau.address}/docs`)
  const operation = page.locator('.opblock', { hasText: '/api/catalogue/{code}' })
  await page.locator('#operations-tag-Catalogue').click()
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.responses-table').first().waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(complaints).toEqual([])
  expect(elsewhere).toEqual([])
  await page.close()
})
