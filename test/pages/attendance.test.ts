/** Signing and holding the sheet as people do: by hand, on a phone, and where there is no network. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import type { Caller } from '../support/app.ts'
import { aPng } from '../support/paper.ts'
import { addSession, describeOrganisation, type WorldSession } from '../support/world.ts'
import { openBrowser, type ServedApp, servedApp } from './browser.ts'

const now = '2026-03-02T12:00:00Z'
const phone = { width: 390, height: 800 }
const desk = { width: 1280, height: 900 }

let app: ServedApp
let browser: Browser
let trainer: Caller
let held: WorldSession

beforeAll(async () => {
  app = await servedApp({ now, baseUrl: 'http://127.0.0.1' })
  browser = await openBrowser()
  await describeOrganisation(app)
  trainer = await app.signIn('trainer')
  held = await addSession(app, {
    trainer,
    slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30'],
    learners: [
      { firstName: 'Awa', lastName: 'Ba' },
      { firstName: 'Zoé', lastName: 'Nguyễn' },
    ],
  })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

/** A page of its own; `caller` is signed in. Ends with the test, and nothing may have gone wrong in it. */
async function open(path: string, viewport: typeof phone, caller?: Caller): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const wrong: string[] = []
  if (caller) {
    const { beginLoginSession } = await import('../../src/people/sign-in/login-session.ts')
    const { inTransaction } = await import('../../src/platform/db/transaction.ts')
    const cookie = await inTransaction(app.system, (ctx) => beginLoginSession(ctx, caller.accountId))
    const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? []
    await context.addCookies([{ name, value, url: app.address }])
  }
  const page = await context.newPage()
  await page.clock.setFixedTime(now)
  page.on('pageerror', (error) => wrong.push(String(error)))
  onTestFinished(async () => {
    await context.close()
    expect(wrong).toEqual([])
  })
  await page.goto(`${app.address}${path}`)
  return page
}

/** Draws in a frame with the mouse, another curve for each turn. */
async function draw(page: Page, frame: string, turn: number): Promise<void> {
  const box = await page.locator(frame).boundingBox()
  if (!box) throw new Error(`no ${frame}`)
  const at = (step: number): [number, number] => [
    box.x + box.width * (0.15 + (0.6 * step) / 20),
    box.y + box.height * (0.5 + 0.25 * Math.sin(step * (0.7 + turn / 5))),
  ]
  await page.mouse.move(...at(0))
  await page.mouse.down()
  for (let step = 1; step <= 20; step++) await page.mouse.move(...at(step))
  await page.mouse.up()
}

const morning = () => held.slots[0]?.id ?? ''

it('a learner signs on a phone by the link on the trainer’s screen, without an account', async () => {
  const [learner] = held.learners
  const link = await trainer.post(`/api/slots/${morning()}/signing-links`, {
    enrolmentId: learner?.enrolmentId,
  })
  const page = await open(new URL(link.body.url).pathname, phone)
  expect(await page.textContent('main')).toContain('Vous signez pour Awa Ba')
  expect(await page.isDisabled('button.main')).toBe(true)
  await draw(page, '.pad svg', 1)
  await page.click('button.main')
  await page.waitForSelector('.done')
  expect(await page.textContent('main')).toContain('signé à 13\u00a0h')
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})

it('a trainer marks without a network, and it is there when the network is', async () => {
  const page = await open(`/sessions/${held.id}/attendance`, desk, trainer)
  const row = page.locator('.roster > li', { hasText: 'Zoé Nguyễn' })
  await page.context().setOffline(true)
  await row.getByText('Présent', { exact: true }).click()
  await page.waitForSelector('text=1 enregistrement en attente')
  const waiting = await trainer.get(`/api/sessions/${held.id}/attendance`)
  expect(JSON.stringify(waiting.body)).not.toContain('"source":"decision"')
  await page.context().setOffline(false)
  await expect.poll(() => page.textContent('#banner'), { timeout: 20_000 }).toBe('')
  const { body } = await trainer.get(`/api/sessions/${held.id}/attendance`)
  const zoe = body.learners.find(({ name }: { name: string }) => name === 'Zoé Nguyễn')
  expect(zoe.marks).toMatchObject([{ slotId: morning(), status: 'present' }])
})

it('hands the device round, countersigns, learns who is missing and seals', async () => {
  const page = await open(`/sessions/${held.id}/attendance`, desk, trainer)
  await page.getByText('Contresigner', { exact: true }).click()
  await draw(page, 'dialog .pad svg', 7)
  await page.click('dialog button:has-text("Contresigner")')
  await page.getByText('Sceller la demi-journée').click()
  await expect.poll(() => page.textContent('#message')).toContain('Zoé Nguyễn (signature)')
  await page.locator('.roster > li', { hasText: 'Zoé Nguyễn' }).getByText('Faire signer').click()
  await draw(page, 'dialog .pad svg', 3)
  await page.click('dialog button:has-text("Signer")')
  await page.waitForSelector('li:has-text("Zoé Nguyễn"):has-text("signé à")')
  await expect.poll(() => page.textContent('#banner')).toBe('')
  await page.getByText('Sceller la demi-journée').click()
  await page.waitForSelector('text=Scellée le 2 mars 2026')
  const { body } = await trainer.get(`/api/sessions/${held.id}/attendance`)
  expect(body.slots[0].seal).not.toBeNull()
  expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
})

it('sends a photo of the sheet on paper, and says whose signatures it bears', async () => {
  const paper = await addSession(app, { trainer, slots: ['2026-03-02 09:00-12:30'], learners: 2 })
  const page = await open(`/sessions/${paper.id}/scan?slots=${paper.slots[0]?.id.slice(-8)}`, phone, trainer)
  const photo = { name: 'feuille.png', mimeType: 'image/png', buffer: aPng() }
  await page.setInputFiles('#file', photo)
  await page.fill('#kept', 'classeur 2026')
  await page.locator('input[name=signed]').first().check()
  await page.click('button.main')
  await page.waitForURL(`**/sessions/${paper.id}/attendance`)
  const { body } = await trainer.get(`/api/sessions/${paper.id}/attendance`)
  expect(body.slots[0].scans).toMatchObject([{ mediaType: 'image/png', originalKeptAt: 'classeur 2026' }])
  const marks = body.learners.flatMap((learner: { marks: object[] }) => learner.marks)
  expect(marks).toMatchObject([{ status: 'present', signature: { way: 'paper' } }])
})

it('leads who is not signed in through signing in to the half-day of the code', async () => {
  const { body } = await trainer.get(`/api/slots/${morning()}/code`)
  const { pathname, search } = new URL(body.url)
  const page = await open(pathname + search, phone)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  expect(await page.inputValue('input[name=next]')).toBe(pathname + search)
})
