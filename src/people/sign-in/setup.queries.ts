import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'

/** Held until the end of the transaction: two first admins at once are one. */
export async function lockSetup(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('first admin', 0))`.execute(trx)
}

export async function anyAdminExists(db: Kysely<Database>): Promise<boolean> {
  return (
    (await db.selectFrom('roleGrant').select('id').where('role', '=', 'admin').executeTakeFirst()) !==
    undefined
  )
}
