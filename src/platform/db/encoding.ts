/** Préau keeps names and texts in UTF-8 only. */
import { unusableDatabase } from './embedded-problems.ts'

/** What runs one SQL statement: `(statement) => client.query(statement)`, or Kysely's `sql.raw(statement).execute(db)`. */
export type Query = (statement: string) => Promise<{ rows: unknown[] }>

/**
 * Throws `UnusableDatabase` unless the connected database stores UTF-8. In SQL_ASCII PostgreSQL takes any bytes, neither
 * lengths nor sorting nor search mean anything, and it cannot be mended afterwards.
 */
export async function assertUtf8(query: Query): Promise<void> {
  const { rows } = await query(`select where current_setting('server_encoding') = 'UTF8'`)
  if (rows.length === 1) return
  throw unusableDatabase(
    "This database does not store UTF-8: create another with ENCODING 'UTF8' TEMPLATE template0, and use that one.",
  )
}
