import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ctxFor } from '../../../src/deps.ts'
import type { RoleGrant } from '../../../src/people/account.queries.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { type Dialect, encoded } from '../../support/csv.ts'
import { addChapter } from '../../support/world.ts'
import { type Cells, counts, dump, file, importBytes, importLines } from './import-world.ts'

let app: TestApp
let paris: string
let bretagne: string
beforeAll(async () => {
  app = await testApp()
  paris = await addChapter(app, 'Paris')
  bretagne = await addChapter(app, 'Bretagne')
})
afterAll(() => app.close())

// Everybody of a test has the same name of their own, so that the tests do not meet.
let nom = ''
let count = 0
beforeEach(() => {
  nom = `Diop-${++count}`
})
const address = (name = 'awa') => `${name}.${count}@example.org`
const bring = (...lines: Cells<'people'>[]) =>
  importLines(
    app.system,
    'people',
    lines.map((line) => ({ nom, ...line })),
  )

async function people() {
  const rows = await app.deps.db.selectFrom('person').selectAll().where('lastName', '=', nom).execute()
  return rows.toSorted((one, other) => (one.firstName < other.firstName ? -1 : 1))
}

async function accountOf(email: string) {
  const account = await app.deps.db
    .selectFrom('account')
    .selectAll()
    .where('email', '=', email)
    .executeTakeFirst()
  const grants: RoleGrant[] = await app.deps.db
    .selectFrom('roleGrant')
    .select(['role', 'chapterId'])
    .where('accountId', '=', account?.id ?? null)
    .orderBy('role')
    .orderBy('chapterId')
    .execute()
  return account && { ...account, grants }
}

test('people who come with an account are invited by nobody but an admin, later', async () => {
  await bring({ prenom: 'Awa', email: address(), roles: 'membre' })
  expect(await accountOf(address())).toMatchObject({ passwordHash: null, invitedAt: null })
  const mails = await app.deps.db.selectFrom('outgoingMail').select('id').execute()
  expect(mails).toEqual([])
})

test('people come with their chapter, their employer and what they may do', async () => {
  const outcome = await bring(
    {
      nom_naissance: 'Ndiaye',
      email: address(),
      telephone: '06 39 98 00 01',
      antenne: 'bretagne',
      employeur: 'Atelier des Rives',
      siret_employeur: '00091234500018',
      roles: 'membre + ambassadrice',
    },
    { prenom: 'Zoé' },
  )
  expect(outcome).toMatchObject({
    created: 2,
    updated: 0,
    unchanged: 0,
    problems: [],
    besides: { accounts: 1 },
  })
  const [awa, zoe] = await people()
  const employer = await app.deps.db
    .selectFrom('client')
    .selectAll()
    .where('id', '=', awa?.employerClientId ?? null)
    .executeTakeFirst()
  expect(employer).toMatchObject({ kind: 'company', name: 'Atelier des Rives', siret: '00091234500018' })
  expect(awa).toMatchObject({
    birthName: 'Ndiaye',
    email: address(),
    phone: '06 39 98 00 01',
    chapterId: bretagne,
  })
  expect(zoe).toMatchObject({
    firstName: 'Zoé',
    email: null,
    phone: null,
    chapterId: null,
    employerClientId: null,
  })
  expect(await accountOf(address())).toMatchObject({
    personId: awa?.id,
    passwordHash: null,
    grants: [
      { role: 'ambassador', chapterId: bretagne },
      { role: 'member', chapterId: null },
    ],
  })
})

test('the same file again writes nothing, not even into the audit', async () => {
  const lines = [
    { email: address(), antenne: 'Paris', employeur: `Rives ${count}`, roles: 'membre' },
    { prenom: 'Zoé', employeur: `RIVES ${count}` },
    { prenom: 'Jo', email: address('jo') },
    { prenom: 'Jo', email: address('jo2') },
  ]
  await bring(...lines)
  const before = await dump(app.deps.db)
  expect(await bring(...lines)).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 4,
    besides: {},
    problems: [],
  })
  expect(await dump(app.deps.db)).toEqual(before)
  expect(await people()).toHaveLength(4)
})

test('a later file completes and corrects, and an empty cell takes nothing away', async () => {
  await bring({ email: address(), telephone: '06 39 98 00 01', antenne: 'Paris', roles: 'membre' })
  const outcome = await bring({
    email: address().toUpperCase(),
    telephone: '06 39 98 00 02',
    roles: 'formatrice',
  })
  expect(outcome).toMatchObject({ created: 0, updated: 1, unchanged: 0, besides: {} })
  const [awa] = await people()
  expect(awa).toMatchObject({ email: address(), phone: '06 39 98 00 02', chapterId: paris, version: 2 })
  expect(await accountOf(address())).toMatchObject({
    version: 2,
    grants: [
      { role: 'member', chapterId: null },
      { role: 'trainer', chapterId: null },
    ],
  })
})

test('what was changed is in the audit, and no personal value', async () => {
  await bring({ email: address(), telephone: '06 39 98 00 01' })
  await bring({ email: address(), telephone: '06 39 98 00 02' })
  const [awa] = await people()
  const entries = await app.deps.db.selectFrom('auditEntry').selectAll().orderBy('sequence').execute()
  expect(entries.filter((entry) => entry.subjectId === awa?.id)).toMatchObject([
    { action: 'person.change', changes: { phone: 'redacted' } },
  ])
  expect(entries.at(-1)).toMatchObject({ action: 'import.people', changes: { created: 0, updated: 1 } })
  expect(JSON.stringify(entries)).not.toContain('39 98 00')
})

test('an employer with a SIRET on one line and without on another is one client', async () => {
  await bring(
    { employeur: `Rives ${count}` },
    { prenom: 'Zoé', employeur: `Rives ${count}`, siret_employeur: '00091234500026' },
  )
  const [awa, zoe] = await people()
  expect(awa?.employerClientId).toBe(zoe?.employerClientId)
  expect(awa?.employerClientId).not.toBeNull()
})

describe('a file with a line that cannot be', () => {
  test('names the chapters there are when it names another', async () => {
    const { problems } = await bring({ antenne: 'Nantes' })
    expect(problems).toEqual([
      {
        line: 2,
        column: 'antenne',
        reason: 'antenne inconnue\u202f; les antennes sont\u00a0: Bretagne, Paris',
      },
    ])
  })

  test('says whose address it has', async () => {
    await bring({ email: address(), roles: 'membre' })
    expect((await bring({ prenom: 'Marc', email: address(), roles: 'membre' })).problems).toEqual([
      {
        line: 2,
        column: 'email',
        reason: `l’adresse «\u202f${address()}\u202f» est celle de Awa ${nom}\u202f; corrigez le nom, ou videz la cellule si c’est quelqu’un d’autre`,
      },
    ])
  })

  test('cannot give a second account to an address that several share', async () => {
    await bring({ email: address(), roles: 'membre' })
    const { problems } = await bring(
      { email: address() },
      { prenom: 'Marc', email: address(), roles: 'membre' },
    )
    expect(problems).toEqual([{ line: 3, column: 'email', reason: 'un autre compte a cette adresse' }])
  })

  test('is refused whole, one bad line among a thousand', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => ({
      prenom: `Awa-${index}`,
      email: address(`awa${index}`),
      employeur: `Atelier ${count}-${index % 10}`,
      roles: 'membre',
      antenne: index === 700 ? 'Nantes' : 'Paris',
    }))
    const before = await dump(app.deps.db)
    const outcome = await bring(...lines)
    expect(outcome).toMatchObject({ created: 0, besides: {}, problems: [{ line: 702, column: 'antenne' }] })
    expect(await dump(app.deps.db)).toEqual(before)
    expect(await people()).toEqual([])
  })
})

test('a dry run counts the same and writes nothing', async () => {
  const lines = [{ email: address(), antenne: 'Paris', employeur: `Rives ${count}`, roles: 'membre' }]
  const before = await counts(app.deps.db)
  const wanted = lines.map((line) => ({ nom, ...line }))
  const tried = await importLines(app.system, 'people', wanted, { dryRun: true })
  expect(await counts(app.deps.db)).toEqual(before)
  expect(tried).toMatchObject({ created: 1, besides: { accounts: 1, clients: 1 } })
  expect(await bring(...lines)).toEqual(tried)
})

test('two imports of one file at the same moment end as one', async () => {
  const lines = Array.from({ length: 200 }, (_, index) => ({
    prenom: `Awa-${index}`,
    email: address(`awa${index}`),
    employeur: `Atelier ${count}`,
    roles: 'membre',
  }))
  const outcomes = await Promise.all([bring(...lines), bring(...lines), bring(...lines)])
  const sums = outcomes.map(({ created, unchanged, problems }) => [created, unchanged, problems.length])
  expect(sums.toSorted().toReversed()).toEqual([
    [200, 0, 0],
    [0, 200, 0],
    [0, 200, 0],
  ])
  expect(await people()).toHaveLength(200)
})

test('is the same in every dialect of CSV', async () => {
  const lines = [
    { nom, prenom: 'Zoé', email: address('zoe'), antenne: 'Paris', employeur: 'Épicerie « Œuvre », & fils' },
    { nom, prenom: 'Léa', employeur: 'Les; points\nvirgules' },
  ]
  await importLines(app.system, 'people', lines)
  const before = await dump(app.deps.db)
  for (const dialect of everyDialect()) {
    const outcome = await importBytes(app.system, 'people', file('people', lines, dialect))
    expect(outcome, JSON.stringify(dialect)).toMatchObject({
      unchanged: 2,
      created: 0,
      updated: 0,
      problems: [],
    })
  }
  expect(await dump(app.deps.db)).toEqual(before)
})

test('takes a file with headings in English and none of the columns that it has no use for', async () => {
  const bytes = encoded(`First name,Last name,E-mail\nAwa,${nom},${address()}\n`, 'utf-8')
  expect(await importBytes(app.system, 'people', bytes)).toMatchObject({ created: 1 })
})

test('a few statements do, however many people there are', async () => {
  const lines = (many: number) =>
    Array.from({ length: many }, (_, index) => ({
      prenom: `Awa-${many}-${index}`,
      email: address(`${many}.${index}`),
    }))
  const few = await app.countQueries(() => bring(...lines(10)))
  expect(await app.countQueries(() => bring(...lines(100)))).toBe(few)
})

test('only an admin imports', async () => {
  const member = await app.signIn('trainer')
  const actor = { kind: 'account' as const, ...member, roleGrants: [{ role: 'trainer' as const }] }
  await expect(importLines(ctxFor(app.deps, actor), 'people', [{ nom }])).rejects.toMatchObject({
    definition: { status: 403 },
  })
})

function everyDialect(): Dialect[] {
  const dialects: Dialect[] = []
  for (const delimiter of [';', ','] as const)
    for (const newline of ['\n', '\r\n', '\r'] as const)
      for (const encoding of ['utf-8', 'utf-8 with BOM', 'windows-1252'] as const)
        for (const quotes of ['all', 'needed'] as const)
          dialects.push({ delimiter, newline, encoding, quotes })
  return dialects
}

test('what somebody changes while a file is read stays, and the file adds to it', async () => {
  await bring({ email: address(), telephone: '06 39 98 00 01' })
  const { db } = app.deps
  const imported = await db.transaction().execute(async (trx) => {
    await trx.updateTable('person').set({ phone: '06 39 98 00 02' }).where('lastName', '=', nom).execute()
    const importing = bring({ email: address(), antenne: 'paris' })
    const isWaiting = sql<{ waits: boolean }>`select exists (
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`
    while (!(await isWaiting.execute(trx)).rows[0]?.waits) await sleep(10)
    return { importing }
  })
  expect(await imported.importing).toMatchObject({ updated: 1, problems: [] })
  expect(await people()).toMatchObject([{ phone: '06 39 98 00 02', chapterId: paris }])
})
