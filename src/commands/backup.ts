/** `preau backup`: everything in one file, while people go on working; the private keys in another. */
import { existsSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import type { Manifest } from '../platform/backup/manifest.ts'
import { writeBackup } from '../platform/backup/write-backup.ts'
import { codeOf } from '../platform/db/embedded-problems.ts'
import { withOneConnection } from '../platform/db/one-connection.ts'
import { heldPrivateKeys, keysFileOf, writeKeysFile } from './backup-keys.ts'
import { leftOutTables } from './left-out-tables.ts'
import { sayNowAndThen } from './now-and-then.ts'
import { openRuntime, type Say } from './runtime.ts'

/**
 * Backs up the database of the configuration, whatever the age of its schema. Throws an error for people when the file
 * exists, cannot be written, or there is nothing to back up.
 */
export async function backup(
  config: Config,
  say: Say,
  options: { file: string; force: boolean; json: boolean },
): Promise<void> {
  const { file } = options
  if (file === '-')
    throw new Error(
      'A backup is a file: what has gone to standard output cannot be taken back when it fails.',
    )
  const keysFile = keysFileOf(file)
  if (!options.force && existsSync(keysFile))
    throw new Error(`${keysFile} exists: choose another name, or add --force to replace it.`)
  const runtime = await openRuntime(config, { leavesSchema: true })
  const progress = sayNowAndThen()
  try {
    const { manifest, bytes, sha256 } = await untilInterrupted((signal) =>
      withOneConnection(
        runtime.connection,
        (one) =>
          writeBackup(one, {
            file,
            overwrite: options.force,
            createdAt: runtime.deps.clock().round('millisecond'),
            leftOut: leftOutTables,
            describe: describeOrganisation,
            onTable: (table) => progress(`backing up ${table}`),
          }),
        signal,
      ),
    )
    const pems = await heldPrivateKeys(runtime.deps)
    if (pems.length > 0) await writeKeysFile(keysFile, pems)
    const tables = manifest.tables.length
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const keys = pems.length > 0 ? keysFile : null
    if (options.json) return say(JSON.stringify({ file, bytes, sha256, tables, rows, keys }))
    say(`${file}: ${tables} tables, ${rows} rows, ${bytes} bytes`)
    say(`SHA-256 ${sha256}`)
    if (keys !== null) say(`${keys}: the private keys; keep them apart from the backup`)
  } catch (error) {
    throw explain(error, file)
  } finally {
    await runtime.close()
  }
}

/** A folder mistaken for another must not replace good backups by empty ones. */
async function describeOrganisation(db: Kysely<Database>): Promise<Manifest['organisation']> {
  const organisation = await db
    .selectFrom('organisation')
    .select(['id', 'isDemonstration'])
    .executeTakeFirst()
  const { rows } = await sql`select from person limit 1`.execute(db)
  if (!organisation && rows.length === 0)
    throw new Error('There is nothing to back up: this database holds no organisation and nobody.')
  return organisation ?? null
}

/** Ctrl-C, or the end of the service, takes the unfinished file away. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(new Error('Interrupted: no backup was written.'))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, interrupt)
  try {
    return await work(interruption.signal)
  } catch (error) {
    throw interruption.signal.aborted ? interruption.signal.reason : error
  } finally {
    for (const signal of signals) process.off(signal, interrupt)
  }
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
}

function explain(error: unknown, file: string): unknown {
  const reason = reasons[codeOf(error)]
  return reason ? new Error(`${file} cannot be written: ${reason}. No backup was made.`) : error
}
