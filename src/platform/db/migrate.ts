/** Applies the SQL files of `migrations/` in order, each once, under a lock that other processes wait for. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import type { Database } from '../../database.ts'
import { unusableDatabase } from './embedded-problems.ts'
import { isDatabaseAway } from './pool.ts'

const folder = join(import.meta.dirname, '../../../migrations')

const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const migrations: Record<string, Migration> = {}
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
      migrations[file.replace(/\.sql$/, '')] = {
        up: async (db) => {
          await sql.raw(await readFile(join(folder, file), 'utf8')).execute(db)
        },
      }
    }
    return migrations
  },
}

function migratorFor(db: Kysely<Database>): Migrator {
  return new Migrator({
    db,
    provider: sqlFiles,
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  })
}

/**
 * Brings the schema up to date; returns the names applied now. All or nothing: they run in one transaction. Throws an
 * error for people when a newer version was here before.
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  assertKnown((await schemaDifference(db)).unknown)
  const { error, results } = await migratorFor(db).migrateToLatest()
  if (error) throw failedMigration(error, results?.find(({ status }) => status === 'Error')?.migrationName)
  return (results ?? []).map((result) => result.migrationName)
}

/** Brings an older schema up to this migration and no further, in the caller's transaction. */
export async function migrateTo(trx: Transaction<Database>, name: string): Promise<void> {
  const { error } = await migratorFor(trx).migrateTo(name)
  if (error) throw error
}

function failedMigration(error: unknown, name: string | undefined): unknown {
  if (name === undefined || isDatabaseAway(error) || !(error instanceof Error)) return error
  return unusableDatabase(`Migration ${name} failed, and nothing was changed: ${error.message}`, error)
}

export type SchemaDifference = {
  /** The migrations of this version that the database lacks. */
  missing: string[]
  /** Those that the database has from a newer version. */
  unknown: string[]
}

/** How the schema differs from the one that this version was written for; both lists are empty when it does not. */
export async function schemaDifference(db: Kysely<Database>): Promise<SchemaDifference> {
  const [ours, applied] = await Promise.all([ourMigrations(), appliedMigrations(db)])
  return {
    missing: ours.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !ours.includes(name)),
  }
}

/** Throws an error for people, naming the first migration that this version does not know. */
export function assertKnown(unknown: readonly string[]): void {
  if (unknown.length === 0) return
  throw unusableDatabase(
    `A newer Préau has used this database: it has ${unknown.length} migration(s) that this version does not know, from ${unknown[0]} on. Start that version, or restore a backup from before.`,
  )
}

let namesRead: Promise<string[]> | undefined

/**
 * All that this version knows, in order. Read once, so that files which are replaced under a running process do not
 * change what it was written for.
 */
export function ourMigrations(): Promise<string[]> {
  namesRead ??= sqlFiles.getMigrations().then((migrations) => Object.keys(migrations))
  return namesRead
}

/** In order; none where Préau has never been. */
export async function appliedMigrations(db: Kysely<Database>): Promise<string[]> {
  const { rows: tables } = await sql<{ isThere: boolean }>`
    select to_regclass('schema_migration') is not null as is_there`.execute(db)
  if (!tables[0]?.isThere) return []
  const { rows } = await sql<{ name: string }>`select name from schema_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}
