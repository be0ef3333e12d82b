import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { olderThan, type Page, type PageQuery, toPage } from '../../platform/http/pagination.ts'
import { roleGrantsOfAccount, type SignedIn } from '../account.queries.ts'
import type { ApiTokenTable } from '../people.tables.ts'

export type ApiToken = Selectable<ApiTokenTable>

export async function insertApiToken(
  trx: Transaction<Database>,
  row: Insertable<ApiTokenTable>,
): Promise<void> {
  await trx.insertInto('apiToken').values(row).execute()
}

export async function deleteApiTokens(trx: Transaction<Database>, accountId: string): Promise<void> {
  await trx.deleteFrom('apiToken').where('accountId', '=', accountId).execute()
}

export async function deleteApiToken(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('apiToken').where('id', '=', id).execute()
}

/** The token and the person it acts for. */
export async function lockApiToken(
  trx: Transaction<Database>,
  id: string,
): Promise<{ accountId: string; personId: string } | undefined> {
  return trx
    .selectFrom('apiToken')
    .innerJoin('account', 'account.id', 'apiToken.accountId')
    .select(['apiToken.accountId', 'account.personId'])
    .where('apiToken.id', '=', id)
    .forUpdate('apiToken')
    .executeTakeFirst()
}

type TokenOwner = SignedIn & Pick<ApiToken, 'scope' | 'lastUsedOn'>

/** The owner of a token that has not expired on `today` (a civil date in UTC). */
export async function findTokenOwner(
  db: Kysely<Database>,
  tokenHash: string,
  today: string,
): Promise<TokenOwner | undefined> {
  return db
    .selectFrom('apiToken')
    .innerJoin('account', 'account.id', 'apiToken.accountId')
    .select(['account.id as accountId', 'account.personId', roleGrantsOfAccount])
    .select(['apiToken.scope', 'apiToken.lastUsedOn'])
    .where('tokenHash', '=', tokenHash)
    .where((eb) => eb.or([eb('expiresOn', 'is', null), eb('expiresOn', '>=', today)]))
    .executeTakeFirst()
}

/** The last day of the token with this hash; null where it has none, and where the hash is not a token's. */
export async function findTokenExpiry(db: Kysely<Database>, tokenHash: string): Promise<string | null> {
  const token = await db
    .selectFrom('apiToken')
    .select('expiresOn')
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
  return token?.expiresOn ?? null
}

/** Notes the day on which it was used. Several requests at once write it once. */
export async function touchApiToken(db: Kysely<Database>, tokenHash: string, today: string): Promise<void> {
  await db
    .updateTable('apiToken')
    .set({ lastUsedOn: today })
    .where('tokenHash', '=', tokenHash)
    .where((eb) => eb.or([eb('lastUsedOn', 'is', null), eb('lastUsedOn', '<', today)]))
    .execute()
}

/** The newest first; those that have expired too, so that their owner sees why a program has stopped. */
export async function listApiTokens(
  db: Kysely<Database>,
  accountId: string,
  query: PageQuery,
): Promise<Page<Omit<ApiToken, 'tokenHash'>>> {
  const rows = await db
    .selectFrom('apiToken')
    .select(['id', 'accountId', 'name', 'scope', 'expiresOn', 'createdAt', 'lastUsedOn'])
    .where('accountId', '=', accountId)
    .where(olderThan(query.cursor))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}
