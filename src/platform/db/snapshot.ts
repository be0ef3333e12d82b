/** Several reads of one moment. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'

/** What the reads return fits together, whatever is written meanwhile. Inside a transaction it is the transaction's. */
export async function inSnapshot<T>(
  db: Kysely<Database>,
  read: (db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return read(db)
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}
