/** Loads a backup's tables into a database that has their schema and none of their rows. */
import { pipeline } from 'node:stream/promises'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { OneConnection } from '../db/one-connection.ts'
import { speakPlainly } from '../db/plain-values.ts'
import { listSequences, listTables, planLoading, quoted } from './catalogue.ts'
import type { BackedUpTable, Manifest } from './manifest.ts'
import type { Backup } from './read-backup.ts'

/**
 * In `one`'s transaction, which the caller commits: all or nothing. Throws an error for people when the tables are not
 * those of the backup, or not empty; a violated constraint as PostgreSQL states it.
 */
export async function loadBackup(
  one: OneConnection,
  trx: Transaction<Database>,
  backup: Backup,
  onTable: (table: string) => void = () => {},
): Promise<void> {
  const { manifest } = backup
  await speakPlainly(trx)
  await assertSameTables(trx, manifest)
  const plan = await planLoading(trx)
  await run(trx, plan.before) // which also keeps everybody else out of the tables
  await assertEmpty(trx, manifest)
  for (const table of manifest.tables) {
    onTable(table.name)
    await loadTable(one, trx, backup, table)
  }
  await setSequences(trx, manifest)
  await run(trx, plan.after)
  await run(
    trx,
    manifest.tables.map(({ name }) => `analyze ${quoted(name)}`),
  )
}

async function run(trx: Transaction<Database>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(trx)
}

async function assertSameTables(trx: Transaction<Database>, manifest: Manifest): Promise<void> {
  const expected = (await listTables(trx)).filter(({ name }) => !Object.hasOwn(manifest.leftOut, name))
  const describe = (tables: readonly { name: string; columns: string[] }[]) =>
    tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`).sort()
  const [here, there] = [describe(expected), describe(manifest.tables)]
  const odd = [
    ...there.filter((table) => !here.includes(table)),
    ...here.filter((table) => !there.includes(table)),
  ]
  if (odd.length > 0)
    throw new Error(
      `The backup has not the tables of its own migrations: ${odd.join('; ')}. Nothing was written.`,
    )
}

async function assertEmpty(trx: Transaction<Database>, manifest: Manifest): Promise<void> {
  const full: string[] = []
  for (const { name } of manifest.tables) {
    const { rows } = await sql`select from ${sql.id(name)} limit 1`.execute(trx)
    if (rows.length > 0) full.push(name)
  }
  if (full.length === 0) return
  throw new Error(
    `This database is not empty: there are rows in ${full.join(', ')}. Restore into a new one, by another ` +
      'PREAU_DATA_DIR or DATABASE_URL. Nothing was written.',
  )
}

async function loadTable(
  one: OneConnection,
  trx: Transaction<Database>,
  backup: Backup,
  table: BackedUpTable,
): Promise<void> {
  const columns = table.columns.map(quoted).join(', ')
  const copy = one.copyIn(`copy ${quoted(table.name)} (${columns}) from stdin`)
  await pipeline(await backup.readTable(table), copy)
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.id(table.name)}`.execute(
    trx,
  )
  if (rows[0]?.rows !== table.rows)
    throw new Error(`${table.name}: ${rows[0]?.rows} rows of ${table.rows} arrived. Nothing was written.`)
}

async function setSequences(trx: Transaction<Database>, manifest: Manifest): Promise<void> {
  const here = new Set((await listSequences(trx)).map(({ name }) => name))
  for (const { name, lastValue, isCalled } of manifest.sequences) {
    if (!here.has(name)) throw new Error(`There is no sequence ${name}. Nothing was written.`)
    await sql`select setval(${quoted(name)}::regclass, ${lastValue}, ${isCalled})`.execute(trx)
  }
}
