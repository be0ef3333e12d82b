import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { IdempotencyKeyTable } from './idempotency.tables.ts'

export type KeyRow = Selectable<IdempotencyKeyTable>
export type KeyName = Pick<KeyRow, 'accountId' | 'route' | 'keyHash'>

/** Holds the key until the end of the transaction, or says at once that another transaction does. */
export async function tryLockKey(trx: Transaction<Database>, name: KeyName): Promise<boolean> {
  const text = `idempotency ${name.accountId} ${name.route} ${name.keyHash}`
  const { rows } = await sql<{ isHeld: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${text}, 0)) as is_held`.execute(trx)
  return rows[0]?.isHeld ?? false
}

/** What was answered under the key since `cutoff`. */
export async function findAnswered(
  db: Kysely<Database>,
  { accountId, route, keyHash }: KeyName,
  cutoff: Temporal.Instant,
): Promise<KeyRow | undefined> {
  return db
    .selectFrom('idempotencyKey')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('route', '=', route)
    .where('keyHash', '=', keyHash)
    .where('createdAt', '>', cutoff)
    .executeTakeFirst()
}

/** Over a row that has expired, if nobody has tidied it away. */
export async function keepAnswered(
  trx: Transaction<Database>,
  row: Insertable<IdempotencyKeyTable>,
): Promise<void> {
  const { requestHash, answer, createdAt } = row
  await trx
    .insertInto('idempotencyKey')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'route', 'keyHash']).doUpdateSet({ requestHash, answer, createdAt }),
    )
    .execute()
}

/** Returns how many. */
export async function deleteAnsweredBefore(db: Kysely<Database>, cutoff: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('idempotencyKey')
    .where('createdAt', '<=', cutoff)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
