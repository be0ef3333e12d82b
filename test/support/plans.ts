/** How PostgreSQL would carry out what a piece of work asks of it. */
import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Database } from '../../src/database.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import type { TestApp } from './app.ts'

/** The plan of each statement that reads, in the order in which they were sent. */
export async function plansOf(
  { url }: TestApp,
  work: (db: Kysely<Database>) => Promise<unknown>,
): Promise<string[]> {
  const reads: CompiledQuery[] = []
  const db = openDatabase(
    { connectionString: url },
    {
      onQuery: ({ query }) => {
        if (/^(select|with)\b/.test(query.sql)) reads.push(query)
      },
    },
  )
  try {
    await work(db)
    const plans: string[] = []
    for (const { sql: text, parameters } of [...reads]) {
      const { rows } = await db.executeQuery<Record<string, string>>(
        CompiledQuery.raw(`explain ${text}`, [...parameters]),
      )
      plans.push(rows.map((row) => Object.values(row)[0]).join('\n'))
    }
    return plans
  } finally {
    await db.destroy()
  }
}

type Scans = { whole: number; byIndex: number }

/** How often the work reads a whole table, and how often by one of its indexes. */
export async function scansOf(
  { deps }: TestApp,
  table: string,
  work: (db: Kysely<Database>) => Promise<unknown>,
): Promise<Scans> {
  return deps.db.transaction().execute(async (db) => {
    const before = await countScans(db, table)
    await work(db)
    const after = await countScans(db, table)
    return { whole: after.whole - before.whole, byIndex: after.byIndex - before.byIndex }
  })
}

/** Of this connection, as far as it has not told the others. */
async function countScans(db: Kysely<Database>, table: string): Promise<Scans> {
  const { rows } = await sql<Scans>`
    select seq_scan::integer as whole, idx_scan::integer as by_index
    from pg_stat_xact_user_tables where relname = ${table}`.execute(db)
  return rows[0] ?? { whole: 0, byIndex: 0 }
}
