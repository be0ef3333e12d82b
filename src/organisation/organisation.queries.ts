import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import { anyOfLower, contains } from '../platform/db/filter.ts'
import { decodeCursor, type Page, type PageQuery, toPage } from '../platform/http/pagination.ts'
import type { ChapterTable, ClientTable, OrganisationTable } from './organisation.tables.ts'

export type Organisation = Selectable<OrganisationTable>
export type Chapter = Selectable<ChapterTable>
export type Client = Selectable<ClientTable>
export type FollowUp = Pick<
  Organisation,
  'timeZone' | 'remindsLearners' | 'unsealedAfterDays' | 'funderNoticeDays' | 'cpfNoticeWorkingDays'
>

/** One database is one organisation; nothing before it has been described. */
export async function findOrganisation(db: Kysely<Database>): Promise<Organisation | undefined> {
  return db.selectFrom('organisation').selectAll().executeTakeFirst()
}

/** What follow-up goes by, and by whose calendar; nothing before the organisation has been described. */
export async function findFollowUp(db: Kysely<Database>): Promise<FollowUp | undefined> {
  return db
    .selectFrom('organisation')
    .select(['timeZone', 'remindsLearners', 'unsealedAfterDays', 'funderNoticeDays', 'cpfNoticeWorkingDays'])
    .executeTakeFirst()
}

/** Nothing before the organisation has been described. */
export async function findTimeZone(db: Kysely<Database>): Promise<string | undefined> {
  const organisation = await db.selectFrom('organisation').select('timeZone').executeTakeFirst()
  return organisation?.timeZone
}

/** Locks the row, or the place where the first one will stand. */
export async function lockOrganisation(trx: Transaction<Database>): Promise<Organisation | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('organisation', 0))`.execute(trx)
  return trx.selectFrom('organisation').selectAll().forUpdate().executeTakeFirst()
}

export async function insertOrganisation(
  trx: Transaction<Database>,
  row: Insertable<OrganisationTable>,
): Promise<Organisation> {
  return trx.insertInto('organisation').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Writes the fields and counts the version up. */
export async function updateOrganisation(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<OrganisationTable>,
): Promise<Organisation> {
  return trx
    .updateTable('organisation')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertChapter(
  trx: Transaction<Database>,
  row: Insertable<ChapterTable>,
): Promise<Chapter> {
  return trx.insertInto('chapter').values(row).returningAll().executeTakeFirstOrThrow()
}

/** All chapters: a community has tens of them, not thousands. */
export async function listChapters(db: Kysely<Database>): Promise<Chapter[]> {
  return db.selectFrom('chapter').selectAll().orderBy('name').orderBy('id').execute()
}

export async function insertClient(
  trx: Transaction<Database>,
  row: Insertable<ClientTable>,
): Promise<Client> {
  return trx.insertInto('client').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function findClient(db: Kysely<Database>, id: string): Promise<Client | undefined> {
  return db.selectFrom('client').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockClient(trx: Transaction<Database>, id: string): Promise<Client | undefined> {
  return trx.selectFrom('client').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Writes the fields and counts the version up. */
export async function updateClient(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<ClientTable>,
): Promise<Client> {
  return trx
    .updateTable('client')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** By name, then id. */
export async function listClients(
  db: Kysely<Database>,
  query: PageQuery & { q?: string | undefined },
): Promise<Page<Client>> {
  const after = decodeCursor(query.cursor, 2)
  const rows = await db
    .selectFrom('client')
    .selectAll()
    .$if(query.q !== undefined, (clients) => clients.where(contains(sql`name`, query.q ?? '')))
    .$if(after !== undefined, (clients) =>
      clients.where(sql<boolean>`(lower(name), id) > (${after?.[0]}, ${after?.[1]}::uuid)`),
    )
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .select(sql<string>`lower(name)`.as('sortName'))
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.sortName, row.id])
}

/** The client that a paper names: by SIRET when it has one, else the oldest of that name, whatever its case and kind. */
export async function findClientByName(
  db: Kysely<Database>,
  wanted: { name: string; siret?: string | null | undefined },
): Promise<Client | undefined> {
  return db
    .selectFrom('client')
    .selectAll()
    .where((eb) =>
      wanted.siret
        ? eb('siret', '=', wanted.siret)
        : eb(sql<string>`lower(name)`, '=', sql<string>`lower(${wanted.name})`),
    )
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst()
}

/** All clients that have one of these SIRETs or names, the oldest first. */
export async function findClientsByNames(
  db: Kysely<Database>,
  wanted: readonly { name: string; siret: string | null }[],
): Promise<Client[]> {
  const sirets = wanted.flatMap(({ siret }) => siret ?? [])
  const names = wanted.map(({ name }) => name)
  return db
    .selectFrom('client')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('siret', '=', sql<string>`any(${sirets}::text[])`),
        eb(sql<string>`lower(name)`, '=', anyOfLower(names)),
      ]),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

/** Held until the end of the transaction, so that two cannot create the same client by name at once. */
export async function lockClientName(trx: Transaction<Database>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('client:' || lower(${name}), 0))`.execute(trx)
}
