/** One embedded PostgreSQL for the whole run, with a migrated template that every test file clones. */
import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import { startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { migrateToLatest } from '../../src/platform/db/migrate.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { introduceTestKey } from './ledger-key.ts'
import { newTestFolder, removeRelocated, removeTestFolder, sweepTestFolders } from './test-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: { host: string; port: number; user: string; template: string }
  }
}

/** Nothing here has to survive a power cut, and its log need not take a gigabyte of memory. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '128MB',
  max_connections: '200',
}

/**
 * Vitest skips the teardown when it is killed. The database ends all the same, because its watchdog sees to it; its
 * folder is removed by the next run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweepTestFolders()
  const folder = newTestFolder()
  const template = 'preau_template'
  const embedded = await startEmbeddedDatabase({ dataDirectory: folder, databaseName: template, settings })
  const db = openDatabase(embedded.connection)
  await migrateToLatest(db)
  await introduceTestKey(db)
  await db.destroy()
  const { host, port, user } = embedded.connection
  const postgres = openDatabase({ host, port, user, database: 'postgres' })
  // A stray connection to the template would make every clone fail.
  await sql.raw(`alter database ${template} is_template true allow_connections false`).execute(postgres)
  await postgres.destroy()
  project.provide('testCluster', { host, port, user, template })
  return async () => {
    await embedded.stop()
    removeTestFolder(folder)
    removeRelocated()
  }
}
