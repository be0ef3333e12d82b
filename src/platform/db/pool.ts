/** One pg pool behind Kysely: parsers for dates and instants, camelCase names, jsonb untouched. */
import { CamelCasePlugin, Kysely, type LogEvent, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from '../../database.ts'

const parsers: Record<number, (value: string) => unknown> = {
  [pg.types.builtins.INT8]: parseInteger,
  [pg.types.builtins.DATE]: (value) => value,
  [pg.types.builtins.TIMESTAMPTZ]: (value) => Temporal.Instant.from(value),
}

/** bigint as a number: amounts in cents and sums of minutes stay far below 2^53, and anything else is an error. */
function parseInteger(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} does not fit a safe integer`)
  return number
}

/** How this driver reads columns. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) || pg.types.getTypeParser(oid, format),
}

type OpenOptions = {
  /** Called for every statement; tests count with it. */
  onQuery?: (event: LogEvent) => void
  maxConnections?: number
  /** How long one statement may take, the time that it waits for locks included. */
  statementTimeoutMs?: number
}

/** The pool behind each database, for who counts its connections. */
const pools = new WeakMap<object, pg.Pool>()

/** As a URL (`connectionString`) or in parts. */
export type Connection = pg.PoolConfig

/** Opens a pool; nothing connects before the first query. `destroy()` closes it. */
export function openDatabase(connection: Connection, options: OpenOptions = {}): Kysely<Database> {
  const pool = new pg.Pool({
    ...connection,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
    // A client that hangs in the middle of a transaction must not hold a session's lock for hours.
    idle_in_transaction_session_timeout: 60_000,
    statement_timeout: options.statementTimeoutMs ?? 300_000,
    // A server that went away without a word is noticed in seconds, not when the network gives up.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'preau',
    types: columnTypes,
  })
  // A connection that the server drops must not end the process: its next query reports it. The pool listens to idle
  // connections only, and one that is in use raises the error beside the query that fails.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    client.on('error', () => {})
    // Before whatever it was opened for: a server may write dates in another way unless told.
    client.query(`set datestyle to 'ISO, YMD'`).catch(() => {})
  })
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    ...(options.onQuery && { log: options.onQuery }),
  })
  pools.set(db, pool)
  return db
}

/** How many connections of the pool work and rest, and how many requests wait for one; of `openDatabase`'s own only. */
export function poolUse(db: Kysely<Database>): { inUse: number; idle: number; waiting: number } {
  const pool = pools.get(db)
  if (!pool) return { inUse: 0, idle: 0, waiting: 0 }
  return { inUse: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }
}

/** A PostgreSQL error as the driver throws it. */
export type DatabaseError = {
  code: string
  constraint?: string
  table?: string
  column?: string
  detail?: string
  /** The function of PostgreSQL's source that raised it. */
  routine?: string
}

export function asDatabaseError(error: unknown): DatabaseError | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return undefined
  const { code, constraint, table, column, detail, routine } = error
  return { code, constraint, table, column, detail, routine }
}

const connectionCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'],
  // Names and routes, which come back by themselves when a server or its network restarts.
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
])

/** True when the database could not be reached, is starting, stopping, or went away in the middle. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    connectionCodes.has(code) ||
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '53300' ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    )
  )
}
