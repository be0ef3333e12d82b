import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import { contains } from '../platform/db/filter.ts'
import { decodeCursor, type Page, toPage } from '../platform/http/pagination.ts'
import type { AccountStatus, AccountsQuery, Role } from './people.schema.ts'
import type { AccountTable } from './people.tables.ts'

export type RoleGrant = { role: Role; chapterId: string | null }
type AccountRow = Selectable<AccountTable>
export type Account = AccountRow & { roleGrants: RoleGrant[]; status: AccountStatus }

function accounts(db: Kysely<Database>) {
  return db.selectFrom('account').selectAll('account').select([roleGrantsOfAccount, statusOfAccount])
}

const statusOfAccount = sql<AccountStatus>`case
  when password_hash is not null then 'active' when invited_at is not null then 'invited' else 'new' end`.as(
  'status',
)

/** The grants of an account as one JSON column, in a stable order. */
export const roleGrantsOfAccount = sql<RoleGrant[]>`(
  select coalesce(json_agg(json_build_object('role', role, 'chapterId', chapter_id) order by role, chapter_id), '[]')
  from role_grant where role_grant.account_id = account.id
)`.as('roleGrants')

export async function findAccount(db: Kysely<Database>, id: string): Promise<Account | undefined> {
  return accounts(db).where('account.id', '=', id).executeTakeFirst()
}

/** Whatever the case of the address. */
export async function findAccountByEmail(db: Kysely<Database>, email: string): Promise<Account | undefined> {
  return accounts(db)
    .where(sql<string>`lower(account.email)`, '=', sql<string>`lower(${email})`)
    .executeTakeFirst()
}

/** The account's row is locked, its grants are not. */
export async function lockAccount(trx: Transaction<Database>, id: string): Promise<Account | undefined> {
  return accounts(trx).where('account.id', '=', id).forUpdate('account').executeTakeFirst()
}

/**
 * Holds the account as it is until the end of the transaction, and says whether this is still its password hash: who
 * signs in while the password is being changed comes too late.
 */
export async function passwordStands(
  trx: Transaction<Database>,
  account: { id: string; passwordHash: string | null },
): Promise<boolean> {
  const row = await trx
    .selectFrom('account')
    .select('passwordHash')
    .where('id', '=', account.id)
    .forShare()
    .executeTakeFirst()
  return row !== undefined && row.passwordHash === account.passwordHash
}

/** Holds the account as it is, and says whether the login session or token of this hash still acts for it. */
export async function credentialStands(
  trx: Transaction<Database>,
  accountId: string,
  hash: string,
): Promise<boolean> {
  await trx.selectFrom('account').select('id').where('id', '=', accountId).forShare().execute()
  const session = trx.selectFrom('loginSession').select('accountId').where('idHash', '=', hash)
  const token = trx.selectFrom('apiToken').select('accountId').where('tokenHash', '=', hash)
  return (await session.unionAll(token).executeTakeFirst()) !== undefined
}

export async function insertAccount(
  trx: Transaction<Database>,
  row: Insertable<AccountTable>,
): Promise<AccountRow> {
  return trx.insertInto('account').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Writes the fields and counts the version up. */
export async function updateAccount(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<AccountTable>,
): Promise<void> {
  await trx
    .updateTable('account')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .execute()
}

export async function replaceRoleGrants(
  trx: Transaction<Database>,
  accountId: string,
  grants: readonly RoleGrant[],
  newId: () => string,
): Promise<void> {
  await trx.deleteFrom('roleGrant').where('accountId', '=', accountId).execute()
  await trx
    .insertInto('roleGrant')
    .values(grants.map((grant) => ({ ...grant, id: newId(), accountId })))
    .execute()
}

/** Locks every admin grant, so that two cannot take each other's away; returns their accounts. */
export async function lockAdmins(trx: Transaction<Database>): Promise<string[]> {
  const rows = await trx
    .selectFrom('roleGrant')
    .select('accountId')
    .where('role', '=', 'admin')
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.accountId)
}

/** By address, then id. */
export async function listAccounts(db: Kysely<Database>, query: AccountsQuery): Promise<Page<Account>> {
  const after = decodeCursor(query.cursor, 2)
  const rows = await accounts(db)
    .select(sql<string>`lower(account.email)`.as('sortEmail'))
    .$if(query.q !== undefined, (all) => all.where(contains(sql`account.email`, query.q ?? '')))
    .$if(after !== undefined, (all) =>
      all.where(sql<boolean>`(lower(account.email), account.id) > (${after?.[0]}, ${after?.[1]}::uuid)`),
    )
    .orderBy(sql`lower(account.email)`)
    .orderBy('account.id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.sortEmail, row.id])
}

export type SignedIn = { accountId: string; personId: string; roleGrants: RoleGrant[] }
