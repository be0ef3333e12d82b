import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { olderThan, type Page, type PageQuery, toPage } from '../../platform/http/pagination.ts'
import { roleGrantsOfAccount, type SignedIn } from '../account.queries.ts'
import type { LoginSessionTable } from '../people.tables.ts'

export type LoginSession = Selectable<LoginSessionTable>
export type LoginSessionRow = SignedIn & Omit<LoginSession, 'idHash'>

/** Of an expired session too: lucia looks at the date. */
export async function findLoginSession(
  db: Kysely<Database>,
  idHash: string,
): Promise<LoginSessionRow | undefined> {
  return db
    .selectFrom('loginSession')
    .innerJoin('account', 'account.id', 'loginSession.accountId')
    .select(['account.id as accountId', 'account.personId', roleGrantsOfAccount])
    .select(['loginSession.id', 'loginSession.createdAt', 'loginSession.lastSeenAt'])
    .select(['loginSession.expiresAt', 'loginSession.device'])
    .where('idHash', '=', idHash)
    .executeTakeFirst()
}

export async function insertLoginSession(
  db: Kysely<Database>,
  row: Insertable<LoginSessionTable>,
): Promise<void> {
  await db.insertInto('loginSession').values(row).execute()
}

export async function setLoginSessionExpiry(
  db: Kysely<Database>,
  idHash: string,
  expiresAt: Temporal.Instant,
): Promise<void> {
  await db.updateTable('loginSession').set({ expiresAt }).where('idHash', '=', idHash).execute()
}

/** Notes that it is in use. Several requests at once write it once. */
export async function touchLoginSession(
  db: Kysely<Database>,
  idHash: string,
  now: Temporal.Instant,
  ifBefore: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable('loginSession')
    .set({ lastSeenAt: now })
    .where('idHash', '=', idHash)
    .where('lastSeenAt', '<', ifBefore)
    .execute()
}

/** Those that have not expired, the newest first. */
export async function listLoginSessions(
  db: Kysely<Database>,
  accountId: string,
  query: PageQuery,
  now: Temporal.Instant,
): Promise<Page<LoginSession>> {
  const rows = await db
    .selectFrom('loginSession')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('expiresAt', '>', now)
    .where(olderThan(query.cursor))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}

export async function deleteLoginSession(db: Kysely<Database>, idHash: string): Promise<void> {
  await db.deleteFrom('loginSession').where('idHash', '=', idHash).execute()
}

/** One of this account, by the id that its owner sees. Returns its hash; undefined when there is none. */
export async function deleteLoginSessionById(
  trx: Transaction<Database>,
  accountId: string,
  id: string,
): Promise<string | undefined> {
  const deleted = await trx
    .deleteFrom('loginSession')
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .returning('idHash')
    .executeTakeFirst()
  return deleted?.idHash
}

/** Every one of this account, but that of `exceptHash`. Returns how many there were. */
export async function deleteLoginSessions(
  db: Kysely<Database>,
  accountId: string,
  exceptHash?: string,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .$if(exceptHash !== undefined, (sessions) => sessions.where('idHash', '!=', exceptHash ?? ''))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/** Those that have expired, or began before this. */
export async function deleteEndedLoginSessions(
  db: Kysely<Database>,
  now: Temporal.Instant,
  begunBefore: Temporal.Instant,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('loginSession')
    .where((eb) => eb.or([eb('expiresAt', '<=', now), eb('createdAt', '<=', begunBefore)]))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
