import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { addSession, type WorldSession } from '../../support/world.ts'
import { type Cells, dump, importLines } from './import-world.ts'

let app: TestApp
let admin: Caller
let session: WorldSession
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

beforeEach(async () => {
  session = await addSession(app, {
    learners: [
      { firstName: 'Awa', lastName: 'Diop' },
      { firstName: 'Jo', lastName: 'Roy' },
      { firstName: 'Léo', lastName: 'Le Goff' },
      { firstName: 'Léo', lastName: 'Le Goff' },
    ],
  })
  await addressOf(0, 'awa@example.org')
  await addressOf(2, 'leo1@example.org')
})

const addressOf = (learner: number, email: string) =>
  app.deps.db
    .updateTable('person')
    .set({ email })
    .where('id', '=', session.learners[learner]?.personId ?? '')
    .execute()
const bring = (...lines: Cells<'funding'>[]) =>
  importLines(
    app.system,
    'funding',
    lines.map((line) => ({ session: session.reference.toLowerCase(), ...line })),
  )
const linesOf = async (learner: number) =>
  (await admin.get(`/api/enrolments/${session.learners[learner]?.enrolmentId}/funding-lines`)).body
    .fundingLines
const linesOfSession = async () =>
  (await admin.get(`/api/sessions/${session.id}/funding-lines`)).body.fundingLines

test('an invoice is a learner’s or the whole session’s, and its payer a client', async () => {
  expect(
    await bring(
      { date_paiement: '01/04/2026' },
      {
        email: '',
        prenom: 'JO',
        nom: 'Roy',
        financeur: 'entreprise',
        payeur: 'Atelier des Rives',
        montant_ht: '1 200,50',
      },
      { email: '', payeur: '', financeur: 'autre', montant_ht: '-50', no_facture: 'A-1' },
    ),
  ).toMatchObject({ created: 3, updated: 0, unchanged: 0, besides: { clients: 2 }, problems: [] })
  expect(await linesOf(0)).toMatchObject([
    {
      source: 'fundSelfEmployed',
      clientName: 'Fonds des indépendants',
      amountCents: 45_000,
      invoicedOn: '2026-03-10',
      invoiceNumber: 'F-1',
      paidOn: '2026-04-01',
    },
  ])
  expect(await linesOf(1)).toMatchObject([{ source: 'employer', amountCents: 120_050, paidOn: null }])
  expect(await linesOfSession()).toMatchObject([
    { source: 'otherIncome', clientName: null, amountCents: -5_000 },
  ])
})

test('the same file again adds and writes nothing', async () => {
  const lines = [
    {},
    { montant_ht: '100' },
    { email: '', prenom: 'Jo', nom: 'Roy', no_facture: '', date_facture: '' },
    { email: '', prenom: 'Jo', nom: 'Roy', no_facture: '', date_facture: '' },
    { email: '' },
  ]
  await bring(...lines)
  const before = await dump(app.deps.db)
  expect(await bring(...lines)).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 5,
    besides: {},
    problems: [],
  })
  expect(await bring(...lines.toReversed())).toMatchObject({ unchanged: 5 })
  expect(await dump(app.deps.db)).toEqual(before)
})

test('a later file says what was paid and corrects what was invoiced', async () => {
  await bring({}, { montant_ht: '100' }, { no_facture: 'F-2' })
  expect(
    await bring({ date_paiement: '2026-04-01' }, { no_facture: 'f 2', montant_ht: '420' }),
  ).toMatchObject({ created: 0, updated: 2, unchanged: 0 })
  expect(await linesOf(0)).toMatchObject([
    { invoiceNumber: 'F-1', amountCents: 45_000, paidOn: '2026-04-01' },
    { invoiceNumber: 'F-1', amountCents: 10_000, paidOn: null },
    { invoiceNumber: 'f 2', amountCents: 42_000 },
  ])
  await bring({ date_paiement: '' })
  expect(await linesOf(0)).toMatchObject([{ paidOn: '2026-04-01' }, {}, {}])
})

test('lines that came from elsewhere stay, and one without a number gets it', async () => {
  const { enrolmentId } = session.learners[0] ?? {}
  const byHand = { source: 'fundSelfEmployed', payerName: 'Fonds des indépendants', invoicedOn: '2026-03-10' }
  await admin.put(`/api/enrolments/${enrolmentId}/funding-lines`, {
    fundingLines: [
      { ...byHand, amountCents: 45_000 },
      { ...byHand, amountCents: 99_900 },
    ],
  })
  const { headers } = await admin.get(`/api/enrolments/${enrolmentId}`)
  expect(await bring({}, { no_facture: 'F-3', montant_ht: '70' })).toMatchObject({ created: 1, updated: 1 })
  expect(await linesOf(0)).toMatchObject([
    { amountCents: 45_000, invoiceNumber: 'F-1' },
    { amountCents: 99_900, invoiceNumber: null },
    { amountCents: 7_000, invoiceNumber: 'F-3' },
  ])
  expect((await admin.get(`/api/enrolments/${enrolmentId}`)).headers.get('etag')).not.toBe(
    headers.get('etag'),
  )
})

describe('is refused whole', () => {
  test.each<[string, Cells<'funding'>, string, string]>([
    ['with a session that nobody knows', { session: 'NULLE-PART' }, 'session', 'inconnue'],
    ['with an address of somebody else', { email: 'zoe@example.org' }, 'email', 'n’est pas inscrit'],
    ['with a name of somebody else', { email: '', prenom: 'Zoé', nom: 'Roy' }, 'nom', 'n’est pas inscrit'],
    [
      'with a name that two learners have',
      { email: '', prenom: 'Léo', nom: 'Le Goff' },
      'nom',
      'peut être plusieurs',
    ],
  ])('%s', async (_, change, column, reason) => {
    const before = await dump(app.deps.db)
    const outcome = await bring({}, change)
    expect(outcome).toMatchObject({
      created: 0,
      problems: [{ line: 3, column, reason: expect.stringContaining(reason) }],
    })
    expect(await dump(app.deps.db)).toEqual(before)
  })

  test('with one invoice of a learner under the address and under the name', async () => {
    const { problems } = await bring({}, { email: '', prenom: 'Awa', nom: 'Diop' })
    expect(problems).toEqual([{ line: 3, column: 'no_facture', reason: 'déjà à la ligne 2' }])
  })
})

test('an address tells two learners of one name apart', async () => {
  await bring(
    { email: 'leo1@example.org', prenom: 'Léo', nom: 'Le Goff' },
    { email: 'leo2@example.org', prenom: 'Léo', nom: 'Le Goff' },
  )
  expect(await linesOf(2)).toHaveLength(1)
  expect(await linesOf(3)).toHaveLength(1)
})

test('a dry run counts the same and writes nothing', async () => {
  const before = await dump(app.deps.db)
  const line = { session: session.reference }
  const tried = await importLines(app.system, 'funding', [line], { dryRun: true })
  expect(await dump(app.deps.db)).toEqual(before)
  expect(await bring({})).toEqual(tried)
})

test('a few statements do, however many lines there are', async () => {
  const lines = (many: number) =>
    Array.from({ length: many }, (_, index) => ({
      no_facture: `F-${many}-${index}`,
      montant_ht: `${index + 1}`,
    }))
  const few = await app.countQueries(() => bring(...lines(10)))
  expect(await app.countQueries(() => bring(...lines(100)))).toBeLessThanOrEqual(few)
})
