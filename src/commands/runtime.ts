/** What every command runs on: the database, served or embedded, brought up to date or refused. */
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { holdLedgerKey } from '../attendance/ledger/ledger-keys.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { type Deps, systemCtx } from '../deps.ts'
import { systemClock } from '../platform/clock.ts'
import { startEmbeddedDatabase } from '../platform/db/embedded.ts'
import { unusableDatabase } from '../platform/db/embedded-problems.ts'
import { assertUtf8 } from '../platform/db/encoding.ts'
import { assertKnown, migrateToLatest, schemaDifference } from '../platform/db/migrate.ts'
import { type Connection, isDatabaseAway, openDatabase } from '../platform/db/pool.ts'
import { folderKeyring } from '../platform/keyring.ts'
import { createLog } from '../platform/log.ts'

/** Prints a line on standard output. */
export type Say = (line: string) => void

export const defaultDataDirectory = './data'
export const defaultDemoDirectory = './demo-data'
const oldestServer = 150_000

type Runtime = {
  deps: Deps
  /** For a connection besides the pool's. */
  connection: Connection
  /** The migrations applied now. */
  migrated: string[]
  /** Closes the pool, then the embedded database if this process started it. */
  close(): Promise<void>
}

type RuntimeOptions = {
  /** A served database is migrated only when the command says so; an embedded one always. */
  migrateServed?: boolean
  /** The schema stays as it is, whatever its age: a backup comes before migrating, and a restore brings its own. */
  leavesSchema?: boolean
  /** Records evidence, and so needs the key that the ledgers are signed with; made at the first start. */
  recordsEvidence?: boolean
  /** Somebody waits for an answer over HTTP: a statement that takes longer than half a minute is given up. */
  isServing?: boolean
}

/**
 * Opens the served database, or starts the embedded one, which says on standard error what it has to say. Throws an
 * error for people when the database cannot be used: it does not answer, is too old, is not UTF-8, lacks migrations.
 */
export async function openRuntime(config: Config, options: RuntimeOptions = {}): Promise<Runtime> {
  const log = createLog(config.logLevel ?? 'info')
  const opened =
    config.databaseUrl === undefined
      ? await openEmbedded(config, options)
      : await openServed(config.databaseUrl, options)
  const deps: Deps = {
    db: opened.db,
    clock: systemClock,
    log,
    baseUrl: config.baseUrl ?? `http://localhost:${config.port}`,
    keyring: folderKeyring(join(config.dataDirectory ?? defaultDataDirectory, 'keys'), config.ledgerKey),
    trustedProxies: config.trustedProxies,
  }
  try {
    if (options.recordsEvidence) await assertHoldsKey(deps)
  } catch (error) {
    await opened.close()
    throw error
  }
  return { deps, connection: opened.connection, migrated: opened.migrated, close: opened.close }
}

async function assertHoldsKey(deps: Deps): Promise<void> {
  if (await holdLedgerKey(systemCtx(deps, 'ledger key'))) return
  throw new Error(
    'The attendance of this database is signed with a key that is not here. Bring the folder keys/ of the data folder where it was made, or set PREAU_LEDGER_KEY_FILE to its .pem file.',
  )
}

type Opened = { db: Kysely<Database>; connection: Connection; migrated: string[]; close(): Promise<void> }

async function openEmbedded(config: Config, options: RuntimeOptions): Promise<Opened> {
  const embedded = await startEmbeddedDatabase({
    dataDirectory: config.dataDirectory ?? defaultDataDirectory,
    // Standard output is for what the command was asked for.
    log: (line) => process.stderr.write(`${line}\n`),
  })
  const db = openFor(embedded.connection, options)
  const close = async () => {
    await db.destroy()
    await embedded.stop()
  }
  try {
    const migrated = options.leavesSchema ? [] : await migrate(embedded.connection)
    return { db, connection: embedded.connection, migrated, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openServed(url: string, options: RuntimeOptions): Promise<Opened> {
  const connection = { connectionString: url }
  const db = openFor(connection, options)
  try {
    await assertUsable(db)
    if (!options.migrateServed && !options.leavesSchema) await assertUpToDate(db)
    const migrated = options.migrateServed ? await migrate(connection) : []
    return { db, connection, migrated, close: () => db.destroy() }
  } catch (error) {
    await db.destroy()
    throw isDatabaseAway(error)
      ? unusableDatabase('DATABASE_URL: the database does not answer.', error)
      : error
  }
}

const servingStatementMs = 30_000

function openFor(connection: Connection, { isServing }: RuntimeOptions): Kysely<Database> {
  return openDatabase(connection, isServing ? { statementTimeoutMs: servingStatementMs } : {})
}

/** On a connection of its own, without a time limit: an index on a large table takes as long as it takes. */
async function migrate(connection: Connection): Promise<string[]> {
  const db = openDatabase(connection, { maxConnections: 1, statementTimeoutMs: 0 })
  try {
    return await migrateToLatest(db)
  } finally {
    await db.destroy()
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

/** Another schema is refused rather than changed: with several processes, who runs `migrate` decides when. */
async function assertUpToDate(db: Kysely<Database>): Promise<void> {
  const { missing, unknown } = await schemaDifference(db)
  assertKnown(unknown)
  if (missing.length === 0) return
  throw unusableDatabase(
    `The database lacks ${missing.length} migration(s), from ${missing[0]} on. Make a backup, then run: npm run preau -- migrate`,
  )
}
