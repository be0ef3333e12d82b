/** One embedded PostgreSQL for the whole run, with a migrated template that every test file clones. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import { startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { migrateToLatest } from '../../src/platform/db/migrate.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: { host: string; port: number; user: string }
  }
}

export const templateName = 'preau_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'preau-test-'))
  const embedded = await startEmbeddedDatabase({
    dataDirectory: folder,
    databaseName: templateName,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const template = openDatabase(embedded.connection)
  await migrateToLatest(template)
  await template.destroy()
  const postgres = openDatabase({ ...embedded.connection, database: 'postgres' })
  await sql.raw(`alter database ${templateName} is_template true allow_connections false`).execute(postgres)
  await postgres.destroy()
  const { host, port, user } = embedded.connection
  project.provide('testCluster', { host, port, user })
  return async () => {
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true })
    rmSync(embedded.dataDirectory, { recursive: true, force: true })
  }
}
