import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { anOrganisation } from '../support/facts.ts'

let app: TestApp
let admin: Caller
let member: Caller
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
  member = await app.signIn()
})
afterAll(() => app.close())

describe('the organisation', () => {
  it('is described once and then changed, under the ETag that was read', async () => {
    const own = await testAppForOneTest()
    const boss = await own.signIn('admin')
    expect((await boss.get('/api/organisation')).body.code).toBe('organisation/not-set-up')

    const first = await boss.put('/api/organisation', anOrganisation)
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({
      siret: '73282932000074',
      declarationNumber: '11756123475',
      timeZone: 'Europe/Paris',
      address: { country: 'France' },
      version: 1,
    })
    const second = await boss.put(
      '/api/organisation',
      { ...anOrganisation, phone: '01 23 45 67 89' },
      { 'if-match': '"1"' },
    )
    expect(second.headers.get('etag')).toMatch(/^"2-/)
    const stale = await boss.put('/api/organisation', anOrganisation, { 'if-match': '"1"' })
    expect(stale.body).toMatchObject({ status: 412, code: 'platform/stale' })
  })

  it('stays one row, however many describe it at the same moment', async () => {
    const own = await testAppForOneTest({ maxConnections: 10 })
    const boss = await own.signIn('admin')
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => boss.put('/api/organisation', anOrganisation)),
    )
    expect(answers.filter((answer) => answer.status >= 500)).toEqual([])
    const rows = await own.deps.db.selectFrom('organisation').select('id').execute()
    expect(rows).toHaveLength(1)
  })

  it('is not written by a member', async () => {
    expect((await member.put('/api/organisation', anOrganisation)).status).toBe(403)
    expect((await app.anonymous.put('/api/organisation', anOrganisation)).status).toBe(401)
  })

  it('refuses a time zone that no clock can be set by, though lists of zones name it', async () => {
    const answer = await admin.put('/api/organisation', { ...anOrganisation, timeZone: 'SystemV/AST4' })
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '/timeZone' }] })
  })

  it('refuses a SIRET, a declaration number and a time zone that cannot be, each with its pointer', async () => {
    const answer = await admin.put('/api/organisation', {
      ...anOrganisation,
      siret: '123',
      declarationNumber: '11 75',
      timeZone: 'Europe/Lutece',
      address: { ...anOrganisation.address, planet: 'Mars' },
    })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      '/address/planet',
      '/declarationNumber',
      '/siret',
      '/timeZone',
    ])
  })
})

describe('chapters', () => {
  it('are public, and two of the same name are one too many, whatever the case', async () => {
    expect(
      (await admin.post('/api/chapters', { name: 'Bretagne', city: 'Rennes', regionCode: '53' })).status,
    ).toBe(201)
    const again = await admin.post('/api/chapters', { name: 'BRETAGNE', city: 'Brest', regionCode: '53' })
    expect(again.body).toMatchObject({ status: 409, code: 'organisation/chapter-name-taken' })
    const listed = await app.anonymous.get('/api/chapters')
    expect(listed.body.items.map((chapter: { name: string }) => chapter.name)).toContain('Bretagne')
  })
})

describe('clients', () => {
  it('have a SIRET of their own', async () => {
    const client = { kind: 'company', name: 'Atelier Kerdoncuff', siret: '55208131766522' }
    expect((await admin.post('/api/clients', client)).status).toBe(201)
    const twin = await admin.post('/api/clients', { ...client, name: 'Un autre' })
    expect(twin.body).toMatchObject({ status: 409, code: 'organisation/siret-taken' })
  })

  it('are changed only under the version that was read', async () => {
    const { body } = await admin.post('/api/clients', { kind: 'fundBody', name: 'Fonds de formation' })
    const path = `/api/clients/${body.id}`
    expect((await admin.patch(path, { name: 'Fonds' })).status).toBe(428)
    expect((await admin.patch(path, { name: 'Fonds' }, { 'if-match': '"7"' })).status).toBe(412)
    const changed = await admin.patch(path, { name: 'Fonds' }, { 'if-match': '"1"' })
    expect(changed.body).toMatchObject({ name: 'Fonds', version: 2 })
  })

  it('are found by a part of the name, whatever case and accents, page after page without hole or double', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `Société Générale de Pâtisserie ${index}`)
    for (const name of names) await admin.post('/api/clients', { kind: 'company', name })
    const found: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Awaited<ReturnType<Caller['get']>> = await admin.get(
        `/api/clients?q=societe%20generale&limit=3${cursor && `&cursor=${cursor}`}`,
      )
      found.push(...page.body.items.map((client: { name: string }) => client.name))
      cursor = page.body.nextCursor
    }
    expect(found).toEqual(names)
  })
})
