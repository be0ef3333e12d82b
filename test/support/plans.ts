/** How PostgreSQL would carry out what a piece of work asks of it. */
import { CompiledQuery, type Kysely } from 'kysely'
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
    for (const { sql, parameters } of [...reads]) {
      const { rows } = await db.executeQuery<Record<string, string>>(
        CompiledQuery.raw(`explain ${sql}`, [...parameters]),
      )
      plans.push(rows.map((row) => Object.values(row)[0]).join('\n'))
    }
    return plans
  } finally {
    await db.destroy()
  }
}
