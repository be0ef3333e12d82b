/** Applies the SQL files of `migrations/` in order, each once, under a lock that other processes wait for. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import type { Database } from '../../database.ts'

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

/** Brings the schema up to date; returns the names applied now. All or nothing. */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  const { error, results } = await migratorFor(db).migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** The names of the migrations that this database still lacks; empty when it is up to date. */
export async function pendingMigrations(db: Kysely<Database>): Promise<string[]> {
  const migrations = await migratorFor(db).getMigrations()
  return migrations.filter((migration) => !migration.executedAt).map((migration) => migration.name)
}
