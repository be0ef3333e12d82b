import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database.ts'
import { isDatabaseAway, openDatabase } from '../../../src/platform/db/pool.ts'
import { cloneDatabase } from '../../support/database.ts'

let db: Kysely<Database>

beforeAll(async () => {
  db = openDatabase((await cloneDatabase()).connection, { maxConnections: 2 })
})
afterAll(() => db.destroy())

/** What a restart of the server does to a connection. */
async function endConnection(process: number): Promise<void> {
  await sql`select pg_terminate_backend(${process}::integer, 5000)`.execute(db)
}

async function processOf(trx: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ process: number }>`select pg_backend_pid() as process`.execute(trx)
  return rows[0]?.process ?? 0
}

async function cutOff(work: (trx: Kysely<Database>, process: number) => Promise<unknown>): Promise<unknown> {
  const transaction = db.transaction().execute(async (trx) => work(trx, await processOf(trx)))
  return transaction.catch((error: unknown) => error)
}

test('a connection lost between two statements of a transaction fails that transaction and nothing else', async () => {
  const error = await cutOff(async (trx, process) => {
    await endConnection(process)
    await sql`select 1`.execute(trx)
  })
  expect(isDatabaseAway(error)).toBe(true)
  expect(await processOf(db)).toBeGreaterThan(0)
})

test('a connection lost in the middle of a statement fails that transaction and nothing else', async () => {
  const error = await cutOff(async (trx, process) =>
    Promise.all([sql`select pg_sleep(30)`.execute(trx), endConnection(process)]),
  )
  expect(isDatabaseAway(error)).toBe(true)
  expect(await processOf(db)).toBeGreaterThan(0)
})

test.each(['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])(
  'a server that the network does not lead to for a moment (%s) is away',
  (code) => {
    expect(isDatabaseAway(Object.assign(new Error('connect'), { code }))).toBe(true)
  },
)

test('dates and instants are read alike on a server that writes them in another way', async () => {
  const { connection } = await cloneDatabase()
  const before = openDatabase(connection)
  await sql.raw(`alter database ${connection.database} set datestyle to 'German'`).execute(before)
  await sql.raw(`alter database ${connection.database} set timezone to 'Asia/Tokyo'`).execute(before)
  await before.destroy()
  const german = openDatabase(connection)
  const { rows } = await sql<{ day: string; at: Temporal.Instant }>`
    select '2026-03-02'::date as day, '2026-03-02T09:00:00Z'::timestamptz as at`.execute(german)
  await german.destroy()
  expect(rows[0]?.day).toBe('2026-03-02')
  expect(rows[0]?.at.toString()).toBe('2026-03-02T09:00:00Z')
})
