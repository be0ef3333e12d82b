/** What every command runs on: the database, served or embedded, brought up to date or refused. */
import { type Kysely, sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import type { Deps } from '../deps.ts'
import { systemClock } from '../platform/clock.ts'
import { startEmbeddedDatabase } from '../platform/db/embedded.ts'
import { unusableDatabase } from '../platform/db/embedded-problems.ts'
import { assertUtf8 } from '../platform/db/encoding.ts'
import { migrateToLatest, pendingMigrations } from '../platform/db/migrate.ts'
import { isDatabaseAway, openDatabase } from '../platform/db/pool.ts'
import { createLog } from '../platform/log.ts'

/** Prints a line on standard output. */
export type Say = (line: string) => void

export const defaultDataDirectory = './data'
const oldestServer = 150_000

type Runtime = {
  deps: Deps
  /** The migrations applied now. */
  migrated: string[]
  /** Closes the pool, then the embedded database if this process started it. */
  close(): Promise<void>
}

type RuntimeOptions = {
  defaultDataDirectory?: string
  /** A served database is migrated only when the command says so; an embedded one always. */
  migrateServed?: boolean
}

/**
 * Opens the served database, or starts the embedded one, which says on standard error what it has to say. Throws an
 * error for people when the database cannot be used: it does not answer, is too old, is not UTF-8, lacks migrations.
 */
export async function openRuntime(config: Config, options: RuntimeOptions = {}): Promise<Runtime> {
  const log = createLog(config.logLevel)
  const opened =
    config.databaseUrl === undefined
      ? await openEmbedded(config, options)
      : await openServed(config.databaseUrl, options.migrateServed ?? false)
  return {
    deps: {
      db: opened.db,
      clock: systemClock,
      log,
      baseUrl: config.baseUrl ?? `http://localhost:${config.port}`,
    },
    migrated: opened.migrated,
    close: opened.close,
  }
}

type Opened = { db: Kysely<Database>; migrated: string[]; close(): Promise<void> }

async function openEmbedded(config: Config, options: RuntimeOptions): Promise<Opened> {
  const embedded = await startEmbeddedDatabase({
    dataDirectory: config.dataDirectory ?? options.defaultDataDirectory ?? defaultDataDirectory,
    // Standard output is for what the command was asked for.
    log: (line) => process.stderr.write(`${line}\n`),
  })
  const db = openDatabase(embedded.connection)
  const close = async () => {
    await db.destroy()
    await embedded.stop()
  }
  try {
    return { db, migrated: await migrateToLatest(db), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openServed(url: string, migrate: boolean): Promise<Opened> {
  const db = openDatabase({ connectionString: url })
  try {
    await assertUsable(db)
    if (!migrate) await assertUpToDate(db)
    return { db, migrated: migrate ? await migrateToLatest(db) : [], close: () => db.destroy() }
  } catch (error) {
    await db.destroy()
    throw isDatabaseAway(error)
      ? unusableDatabase('DATABASE_URL: the database does not answer.', error)
      : error
  }
}

async function assertUsable(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ version: string }>`show server_version_num`.execute(db)
  const version = Number(Object.values(rows[0] ?? {})[0])
  if (version < oldestServer) {
    throw unusableDatabase(
      `PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}.`,
    )
  }
  await assertUtf8((statement) => sql.raw(statement).execute(db))
}

/** An older schema is refused rather than changed: with several processes, who runs `migrate` decides when. */
async function assertUpToDate(db: Kysely<Database>): Promise<void> {
  const pending = await pendingMigrations(db)
  if (pending.length === 0) return
  throw unusableDatabase(
    `The database lacks ${pending.length} migration(s), from ${pending[0]} on. Make a backup, then run: npm run preau -- migrate`,
  )
}
