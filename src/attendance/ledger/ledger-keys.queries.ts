import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { LedgerKeyTable } from '../attendance.tables.ts'

export type LedgerKeyRow = Selectable<LedgerKeyTable>

/** The first one first. */
export async function listKeys(db: Kysely<Database>): Promise<LedgerKeyRow[]> {
  return db.selectFrom('ledgerKey').selectAll().orderBy('createdAt').orderBy('id').execute()
}

/** Of the current key: no other has followed it. */
export const hasNoSuccessor = sql<boolean>`not exists (
  select from ledger_key successor where successor.previous_key_id = ledger_key.id)`

/** The key that no other has followed; undefined before the first one. */
export async function findCurrentKey(db: Kysely<Database>): Promise<LedgerKeyRow | undefined> {
  return db.selectFrom('ledgerKey').selectAll().where(hasNoSuccessor).executeTakeFirst()
}

/** The id of the first key, by which a ledger is known. Throws before there is one. */
export async function findFirstKeyId(db: Kysely<Database>): Promise<string> {
  const row = await db
    .selectFrom('ledgerKey')
    .select('id')
    .where('previousKeyId', 'is', null)
    .executeTakeFirstOrThrow()
  return row.id
}

/** False when another key has taken the place already. */
export async function insertKeyUnlessFollowed(
  trx: Transaction<Database>,
  row: Insertable<LedgerKeyTable>,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('ledgerKey')
    .values(row)
    .onConflict((conflict) => conflict.constraint('ledger_key_one_successor').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}
