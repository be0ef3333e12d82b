/** A database of its own for every test file: a clone of the migrated template, never dropped one by one. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { inject } from 'vitest'
import { openDatabase } from '../../src/platform/db/pool.ts'

export type ClonedDatabase = {
  connection: { host: string; port: number; user: string; database: string }
}

/**
 * Its files are copied, which is less work than to log them first, as PostgreSQL does unless told so. Clones are not
 * dropped one by one, but go with the whole cluster. `from`: another database to clone than the migrated template;
 * nobody may be connected to it.
 */
export async function cloneDatabase(from?: string): Promise<ClonedDatabase> {
  const { template, ...cluster } = inject('testCluster')
  const database = `test_${randomUUID().replaceAll('-', '')}`
  const postgres = openDatabase({ ...cluster, database: 'postgres' }, { maxConnections: 1 })
  await sql
    .raw(`create database ${database} template ${from ?? template} strategy file_copy`)
    .execute(postgres)
  await postgres.destroy()
  return { connection: { ...cluster, database } }
}

/** For those who make many clones; nobody may be connected. */
export async function dropDatabase({ connection: { database, ...cluster } }: ClonedDatabase): Promise<void> {
  const postgres = openDatabase({ ...cluster, database: 'postgres' }, { maxConnections: 1 })
  await sql.raw(`drop database ${database}`).execute(postgres)
  await postgres.destroy()
}

/** The same database as `DATABASE_URL` names it: the host is a socket's folder. */
export function databaseUrl({ host, port, user, database }: ClonedDatabase['connection']): string {
  return `postgres:///${database}?${new URLSearchParams({ host, port: String(port), user })}`
}
