/** `preau restore`: loads a backup into a database that is empty, all of it or nothing. */
import type { Transaction } from 'kysely'
import { findCurrentKey } from '../attendance/ledger/ledger-keys.queries.ts'
import { type VerifiedEvidence, verifyEvidence } from '../compliance/evidence.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import type { Alteration } from '../platform/alteration.ts'
import { listTables } from '../platform/backup/catalogue.ts'
import { loadBackup } from '../platform/backup/load-backup.ts'
import { type Backup, openBackup } from '../platform/backup/read-backup.ts'
import { appliedMigrations, migrateTo, migrateToLatest, ourMigrations } from '../platform/db/migrate.ts'
import { type OneConnection, withOneConnection } from '../platform/db/one-connection.ts'
import { asDatabaseError } from '../platform/db/pool.ts'
import type { Keyring } from '../platform/keyring.ts'
import { giveUpRestored } from '../platform/mail/mail.queries.ts'
import { describeAlteration } from './alterations.ts'
import { keysFileOf, readKeysFile } from './backup-keys.ts'
import { sayNowAndThen } from './now-and-then.ts'
import { defaultDemoDirectory, openRuntime, type Say } from './runtime.ts'

export type RestoreOptions = {
  file: string
  /** Where its private keys lie; absent: beside it, if they do. */
  keys?: string | undefined
  /** The backup is one of the demonstration, and its folder is the demonstration's unless another is given. */
  demonstration: boolean
  /** Loads a backup all the same whose evidence had been altered before it was made. */
  acceptAlterations: boolean
  json: boolean
}

/**
 * Proves the whole file before anything is written, then loads it in one transaction, brings an older schema up to date
 * and proves the evidence in it. Throws an error for people, and nothing has changed: the file is damaged, comes from a
 * newer Préau, or its evidence was altered; the database is not empty.
 */
export async function restore(config: Config, say: Say, options: RestoreOptions): Promise<void> {
  const progress = sayNowAndThen()
  const backup = await openBackup(options.file, (table) => progress(`reading ${table}`))
  try {
    await assertUsable(backup, options)
    const keys = await readKeys(options)
    const runtime = await openRuntime(configFor(config, options), { leavesSchema: true })
    try {
      const now = runtime.deps.clock()
      const restored = await withOneConnection(runtime.connection, (one) =>
        one.transaction('writing', (trx) => load(one, trx, backup, { ...options, now, progress, keys })),
      ).catch((error) => {
        throw explain(error, options.file)
      })
      const { keyring, db } = runtime.deps
      const ids = keys?.keyIds() ?? []
      for (const id of ids) keyring.add(keys?.pemOf(id) ?? '')
      const current = await findCurrentKey(db)
      const lacksKey = current !== undefined && keyring.signer(current.id) === undefined
      tell(say, options.json, backup, { ...restored, keys: ids.length, lacksKey })
    } finally {
      await runtime.close()
    }
  } finally {
    backup.close()
  }
}

async function readKeys({ file, keys }: RestoreOptions): Promise<Keyring | undefined> {
  const found = await readKeysFile(keys ?? keysFileOf(file))
  if (keys !== undefined && !found) throw new Error(`${keys}: there is no such file. Nothing was written.`)
  return found
}

/** The demonstration goes back to its own folder, unless another is given. */
function configFor(config: Config, { demonstration }: RestoreOptions): Config {
  return demonstration ? { ...config, dataDirectory: config.dataDirectory ?? defaultDemoDirectory } : config
}

async function assertUsable({ file, manifest }: Backup, { demonstration }: RestoreOptions): Promise<void> {
  const ours = await ourMigrations()
  const unknown = manifest.migrations.find((name, index) => ours[index] !== name)
  if (unknown)
    throw new Error(
      `${file} comes from a newer Préau (${manifest.preau}), which has the migration ${unknown}: upgrade this one first. Nothing was written.`,
    )
  const isDemonstration = manifest.organisation?.isDemonstration ?? false
  if (isDemonstration && !demonstration)
    throw new Error(
      `${file} holds the demonstration, and nothing in it is real: restore it with --demonstration. Nothing was written.`,
    )
  if (demonstration && !isDemonstration)
    throw new Error(`${file} holds a real organisation, not the demonstration. Nothing was written.`)
}

/** Rows that break a rule of the schema were not written by Préau. */
function explain(error: unknown, file: string): unknown {
  const broken = asDatabaseError(error)
  if (!broken || !/^2[23]/.test(broken.code) || !(error instanceof Error)) return error
  return new Error(
    `${file} holds rows that the database does not take: ${error.message}. Nothing was written.`,
  )
}

type Loading = Pick<RestoreOptions, 'acceptAlterations'> & {
  now: Temporal.Instant
  progress: Say
  keys: Keyring | undefined
}
type Loaded = { rows: number; mails: number; migrated: string[]; evidence: VerifiedEvidence }
/** `lacksKey`: the ledgers are signed with a key that is not here, and nothing can be recorded. */
type Restored = Loaded & { keys: number; lacksKey: boolean }

async function load(
  one: OneConnection,
  trx: Transaction<Database>,
  backup: Backup,
  { acceptAlterations, now, progress, keys }: Loading,
): Promise<Loaded> {
  const { migrations, tables } = backup.manifest
  await assertPlaceFor(trx, migrations)
  await migrateTo(trx, migrations.at(-1) ?? '')
  await loadBackup(one, trx, backup, (table) => progress(`loading ${table}`))
  const migrated = await migrateToLatest(trx)
  const mails = await giveUpRestored(trx, now)
  const alterations: Alteration[] = []
  const evidence = await verifyEvidence(trx, (alteration) => alterations.push(alteration), progress, {
    heldKeys: keys?.keyIds() ?? [],
  })
  if (alterations.length > 0 && !acceptAlterations) throw alteredBefore(backup, alterations)
  return { rows: tables.reduce((sum, table) => sum + table.rows, 0), mails, migrated, evidence }
}

/** Nothing at all, or Préau's own tables of the same age or older. */
async function assertPlaceFor(trx: Transaction<Database>, migrations: readonly string[]): Promise<void> {
  const applied = await appliedMigrations(trx)
  const further = applied.find((name, index) => migrations[index] !== name)
  if (further)
    throw new Error(
      `This database has the migration ${further}, which the backup has not: restore into one that is still empty, by another PREAU_DATA_DIR or DATABASE_URL. Nothing was written.`,
    )
  if (applied.length > 0) return
  const tables = await listTables(trx)
  if (tables.length > 0)
    throw new Error(
      `This database holds tables that are not Préau's (${tables.map(({ name }) => name).join(', ')}). Nothing was written.`,
    )
}

const mostNamed = 20

function alteredBefore({ file }: Backup, alterations: readonly Alteration[]): Error {
  const named = alterations.slice(0, mostNamed).map(describeAlteration)
  const more = alterations.length - named.length
  return new Error(
    [
      `The evidence in ${file} had been altered before it was backed up:`,
      ...named,
      ...(more > 0 ? [`and ${more} more`] : []),
      'Nothing was written. To load it as it is: --accept-alterations',
    ].join('\n'),
  )
}

function tell(say: Say, json: boolean, { file, manifest, sha256 }: Backup, restored: Restored): void {
  const { rows, mails, migrated, evidence, keys, lacksKey } = restored
  if (json) {
    say(
      JSON.stringify({
        file,
        sha256,
        createdAt: manifest.createdAt,
        tables: manifest.tables.length,
        ...restored,
      }),
    )
    return
  }
  say(`${file} of ${manifest.createdAt}: ${manifest.tables.length} tables, ${rows} rows`)
  if (migrated.length > 0) say(`Applied: ${migrated.join(', ')}`)
  if (mails > 0)
    say(`${mails} mails waited to be sent; whether they were is not known, and they are not sent again`)
  say(
    `Evidence: ${evidence.events} attendance events, ${evidence.documents} documents, ${evidence.files} files`,
  )
  if (keys > 0) say(`Private keys: ${keys}`)
  if (lacksKey)
    say(
      'The key that the ledgers are signed with is not here: bring it into the folder keys/ of the data folder, or set PREAU_LEDGER_KEY_FILE. If it is lost: npm run preau -- keys rotate --lost',
    )
}
