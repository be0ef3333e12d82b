/** People, their employers and their accounts, from the file of people. */
import { ensureClients } from '../../organisation/clients-in-bulk.ts'
import type { Chapter } from '../../organisation/organisation.queries.ts'
import { listChapters } from '../../organisation/organisation.service.ts'
import type { RoleGrant } from '../../people/account.queries.ts'
import type { Person } from '../../people/people.queries.ts'
import type { PersonInput, PersonPatch } from '../../people/people.schema.ts'
import {
  type AccountToAdd,
  addAccounts,
  addPeople,
  addRoleGrants,
  changePeople,
  type GrantsToAdd,
} from '../../people/people-in-bulk.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { fold } from '../../platform/fold.ts'
import * as queries from './import.queries.ts'
import { certain, type Run } from './import-run.ts'
import type { PersonRow } from './people.csv.ts'
import { type KnownPerson, matchPeople } from './people-matching.ts'
import type { Line } from './rows.ts'

/** A line, what it says of the person, and who that is: nobody yet, or somebody as they stand. */
type Entry = {
  row: Line<PersonRow>
  chapterId: string | null
  employerClientId: string | null
  before: Person | undefined
}

export async function bringPeople(ctx: TrxCtx, rows: readonly Line<PersonRow>[], run: Run): Promise<void> {
  const entries = await resolve(ctx, rows, run)
  const accounts = await findAccounts(ctx, entries, run)
  if (run.problems.length > 0) return
  await addEmployers(ctx, entries, run)
  const changes = await writePeople(ctx, entries)
  const granted = await writeAccounts(ctx, entries, changes.personIds, accounts, run)
  for (const [index, { before }] of entries.entries()) {
    if (!before) run.created++
    else if (changes.patched.has(index) || granted.has(index)) run.updated++
    else run.unchanged++
  }
  run.progress(rows.length)
}

async function resolve(ctx: TrxCtx, rows: readonly Line<PersonRow>[], run: Run): Promise<Entry[]> {
  const chapterOf = chapterFinder(await listChapters(ctx))
  const people = await queries.listAllPeople(ctx.db)
  const matches = matchPeople(people.map(knownPerson), rows, { distinct: true })
  const matchedIds = matches.flatMap((match) => (match.kind === 'known' ? [match.personId] : []))
  const persons = new Map((await queries.lockPeople(ctx.db, matchedIds)).map((person) => [person.id, person]))
  return rows.flatMap((row, index) => {
    const match = certain(matches[index], 'a person')
    if (match.kind === 'doubt') run.refuse(row.line, match.column, match.reason)
    const chapter = row.chapterName === null ? null : chapterOf(row.chapterName)
    if (typeof chapter === 'string') run.refuse(row.line, 'antenne', chapter)
    if (match.kind === 'doubt' || typeof chapter === 'string') return []
    const before = match.kind === 'known' ? persons.get(match.personId) : undefined
    return [{ row, chapterId: chapter?.id ?? null, employerClientId: null, before }]
  })
}

export function knownPerson(person: {
  id: string
  firstName: string
  lastName: string
  email: string | null
  accountEmail: string | null
}): KnownPerson {
  const { id, firstName, lastName, email, accountEmail } = person
  return { id, firstName, lastName, emails: [email, accountEmail].filter((one) => one !== null) }
}

/** The chapter of a name as people write it, or why there is none. */
function chapterFinder(chapters: readonly Chapter[]): (name: string) => Chapter | string {
  const byName = new Map(chapters.map((chapter) => [fold(chapter.name), chapter]))
  const names = chapters.map((chapter) => chapter.name).join(', ')
  const known = names === '' ? 'aucune antenne n’est encore créée' : `les antennes sont\u00a0: ${names}`
  return (name) => byName.get(fold(name)) ?? `antenne inconnue\u202f; ${known}`
}

type StandingAccount = { id: string; personId: string; grants: RoleGrant[] }

/** The accounts of the persons, by person; refuses a role for somebody whose address is another's account. */
async function findAccounts(
  ctx: TrxCtx,
  entries: readonly Entry[],
  run: Run,
): Promise<Map<string, StandingAccount>> {
  const withRoles = entries.filter(({ row }) => row.roles.length > 0)
  const rows = await queries.findAccounts(ctx.db, {
    personIds: withRoles.flatMap(({ before }) => before?.id ?? []),
    emails: withRoles.flatMap(({ row }) => row.email ?? []),
  })
  const grants = Map.groupBy(
    await queries.listGrants(
      ctx.db,
      rows.map((account) => account.id),
    ),
    (grant) => grant.accountId,
  )
  const byPerson = new Map(
    rows.map(({ id, personId }) => [
      personId,
      { id, personId, grants: (grants.get(id) ?? []).map(({ role, chapterId }) => ({ role, chapterId })) },
    ]),
  )
  const holders = new Map(rows.map((account) => [account.email.toLowerCase(), account.personId]))
  for (const { row, before } of withRoles) {
    const holder = holders.get(row.email?.toLowerCase() ?? '')
    if (holder !== undefined && holder !== before?.id)
      run.refuse(row.line, 'email', 'un autre compte a cette adresse')
  }
  return byPerson
}

async function addEmployers(ctx: TrxCtx, entries: readonly Entry[], run: Run): Promise<void> {
  const employed = entries.filter(({ row }) => row.employer !== null)
  const { clients, created } = await ensureClients(
    ctx,
    employed.flatMap(({ row }) => (row.employer ? [{ kind: 'company' as const, ...row.employer }] : [])),
  )
  for (const [index, entry] of employed.entries()) entry.employerClientId = clients[index]?.id ?? null
  run.also('clients', created)
}

/** Returns who each line is, and which lines changed somebody. */
async function writePeople(ctx: TrxCtx, entries: readonly Entry[]) {
  const fresh = entries.filter(({ before }) => before === undefined)
  const newIds = await addPeople(ctx, fresh.map(inputOf))
  const idOf = new Map(fresh.map((entry, index) => [entry, newIds[index]]))
  const changed = entries.flatMap((entry, index) => {
    const patch = entry.before ? patchOf(entry, entry.before) : {}
    return entry.before && Object.keys(patch).length > 0 ? [{ index, before: entry.before, patch }] : []
  })
  await changePeople(ctx, changed)
  return {
    personIds: entries.map((entry) => certain(entry.before?.id ?? idOf.get(entry), 'a person')),
    patched: new Set(changed.map(({ index }) => index)),
  }
}

function inputOf({ row, chapterId, employerClientId }: Entry): PersonInput {
  const { firstName, lastName, birthName, email, phone } = row
  return { firstName, lastName, birthName, email, phone, chapterId, employerClientId }
}

/** Only what the file says and what is not so already; an empty cell takes nothing away. */
function patchOf(entry: Entry, before: Person): PersonPatch {
  const said = inputOf(entry)
  const patch: PersonPatch = {}
  for (const field of Object.keys(said) as (keyof PersonInput)[]) {
    const value = said[field]
    if (value == null || value === before[field]) continue
    // An address that differs in its case is the same, and it is what people sign in with.
    if (field === 'email' && value.toLowerCase() === before.email?.toLowerCase()) continue
    patch[field] = value
  }
  return patch
}

/** Roles are added and never taken away; returns the lines that brought any. */
async function writeAccounts(
  ctx: TrxCtx,
  entries: readonly Entry[],
  personIds: readonly string[],
  accounts: ReadonlyMap<string, StandingAccount>,
  run: Run,
): Promise<Set<number>> {
  const fresh: AccountToAdd[] = []
  const additions: GrantsToAdd[] = []
  const granted = new Set<number>()
  for (const [index, entry] of entries.entries()) {
    const personId = certain(personIds[index], 'a person')
    const { email } = entry.row
    const wanted = grantsOf(entry)
    const account = accounts.get(personId)
    const added = wanted.filter((grant) => !account?.grants.some((one) => isSameGrant(one, grant)))
    if (added.length === 0 || email === null) continue
    granted.add(index)
    if (account) additions.push({ accountId: account.id, before: account.grants, added })
    else fresh.push({ personId, email, roleGrants: added })
  }
  await addAccounts(ctx, fresh)
  await addRoleGrants(ctx, additions)
  run.also('accounts', fresh.length)
  return granted
}

function grantsOf({ row, chapterId }: Entry): RoleGrant[] {
  return row.roles.map((role) => ({ role, chapterId: role === 'ambassador' ? chapterId : null }))
}

function isSameGrant(one: RoleGrant, other: RoleGrant): boolean {
  return one.role === other.role && one.chapterId === other.chapterId
}
