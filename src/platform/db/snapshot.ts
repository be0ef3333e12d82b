/** Several reads of one moment. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'

/**
 * What the reads return fits together, whatever is written meanwhile. Inside a transaction it is the transaction's.
 * `statementMs`: how long each of them may take, instead of what the connection allows.
 */
export async function inSnapshot<T>(
  db: Kysely<Database>,
  read: (db: Kysely<Database>) => Promise<T>,
  { statementMs }: { statementMs?: number } = {},
): Promise<T> {
  if (db.isTransaction) return read(db)
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async (db) => {
    if (statementMs !== undefined)
      await sql`set local statement_timeout = ${sql.lit(statementMs)}`.execute(db)
    return read(db)
  })
}
