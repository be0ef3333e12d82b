/** One connection on which queries and COPY share a transaction: what backup, restore and verify need. */
import type { Readable, Writable } from 'node:stream'
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Database } from '../../database.ts'
import { columnTypes } from './pool.ts'

export type OneConnection = {
  /**
   * Runs `work` in one transaction: one that only reads, and sees one moment, or one that writes. When it fails the
   * connection ends with it: a COPY that was left in the middle would hold up the rollback for ever.
   */
  transaction<T>(kind: 'snapshot' | 'writing', work: (trx: Transaction<Database>) => Promise<T>): Promise<T>
  /** The bytes that `copy … to stdout` writes, as fast as they are read. One at a time, and to its end. */
  copyOut(statement: string): Readable
  /** Takes the bytes of `copy … from stdin`; has taken them once it has finished. */
  copyIn(statement: string): Writable
}

/**
 * Connects, works and disconnects. Statements may take as long as they need: a table is copied in one. `signal` cuts the
 * connection, whatever it waits for; the server rolls back, and `work` fails.
 */
export async function withOneConnection<T>(
  connection: pg.ClientConfig,
  work: (one: OneConnection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const client = new pg.Client({
    ...connection,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'preau',
    types: columnTypes,
  })
  client.on('error', () => {}) // the query that is under way reports it
  await client.connect()
  const cut = () => client.connection.stream.destroy()
  signal?.addEventListener('abort', cut)
  try {
    await client.query('set statement_timeout to 0') // which the role may have
    return await work({
      transaction: (kind, work) => runTransaction(client, kind, work),
      copyOut: (statement) => client.query(copyTo(statement)).on('error', () => {}),
      copyIn: (statement) => client.query(copyFrom(statement)).on('error', () => {}),
    })
  } finally {
    signal?.removeEventListener('abort', cut)
    if (!client.connection.stream.destroyed) await client.end()
  }
}

async function runTransaction<T>(
  client: pg.Client,
  kind: 'snapshot' | 'writing',
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  const builder = kyselyOver(client).transaction()
  const transaction =
    kind === 'snapshot'
      ? builder.setIsolationLevel('repeatable read').setAccessMode('read only')
      : builder.setIsolationLevel('read committed')
  let cause: { error: unknown } | undefined
  try {
    return await transaction.execute(async (trx) => {
      try {
        return await work(trx)
      } catch (error) {
        cause = { error }
        client.connection.stream.destroy()
        throw error
      }
    })
  } catch (error) {
    throw cause ? cause.error : error
  }
}

function kyselyOver(client: pg.Client): Kysely<Database> {
  const lent = Object.assign(client, { release: () => {} })
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: { connect: async () => lent, end: async () => {}, options: {} } }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}
