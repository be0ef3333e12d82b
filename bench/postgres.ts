/** The PostgreSQL of the measurements: embedded, durable as in production, gone when the work is done. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../src/database.ts'
import { startEmbeddedDatabase } from '../src/platform/db/embedded.ts'
import { migrateToLatest } from '../src/platform/db/migrate.ts'
import { openDatabase } from '../src/platform/db/pool.ts'
import {
  newTestFolder,
  removeRelocated,
  removeTestFolder,
  sweepTestFolders,
} from '../test/support/test-folder.ts'

/** A migrated database, as `DATABASE_URL` names it for the processes, and open for the preparation. */
export type Store = { url: string; db: Kysely<Database> }

/** A folder in which a database can be kept as long as `work` goes on. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  sweepTestFolders()
  const folder = newTestFolder({ onDisk: true })
  try {
    return await work(folder)
  } finally {
    removeTestFolder(folder)
    removeRelocated()
  }
}

/** An empty database of its own. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return withFolder(async (dataDirectory) => {
    const embedded = await startEmbeddedDatabase({ dataDirectory })
    const { host, port, user, database } = embedded.connection
    const db = openDatabase(embedded.connection, { maxConnections: 2 })
    try {
      await migrateToLatest(db)
      const query = new URLSearchParams({ host, port: String(port), user })
      return await work({ url: `postgres:///${database}?${query}`, db })
    } finally {
      await db.destroy()
      await embedded.stop()
    }
  })
}

/** Runs an SQL file of this folder in one transaction, then does what autovacuum has done by the time anybody asks. */
export async function fill({ db }: Store, file: string): Promise<void> {
  const statements = readFileSync(join(import.meta.dirname, file), 'utf8')
  await db.transaction().execute((trx) => sql.raw(statements).execute(trx))
  await sql`vacuum analyze`.execute(db)
}
