/**
 * The private keys beside a backup, in a file of their own: who has only the backup can prove the ledgers and go on with
 * none of them.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { sql } from 'kysely'
import { listKeys } from '../attendance/ledger/ledger-keys.queries.ts'
import type { Deps } from '../deps.ts'
import { type Keyring, memoryKeyring, pemsIn } from '../platform/keyring.ts'

/** Where the keys of a backup lie unless somebody put them elsewhere. */
export function keysFileOf(backup: string): string {
  return `${backup}.keys.pem`
}

/** The private keys of the ledger that are held here, in PEM; none where the database is older than its keys. */
export async function heldPrivateKeys({ db, keyring }: Deps): Promise<string[]> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass('ledger_key') is not null as is_there`.execute(db)
  if (!rows[0]?.isThere) return []
  return (await listKeys(db)).flatMap(({ id }) => keyring.pemOf(id) ?? [])
}

/** Writes them for their owner alone, whole or not at all. */
export async function writeKeysFile(path: string, pems: readonly string[]): Promise<void> {
  const partial = `${path}.${process.pid}.partial`
  const file = await open(partial, 'wx', 0o600)
  try {
    await file.writeFile(pems.join(''))
    await file.sync()
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/**
 * The keys in a file, not yet kept anywhere; undefined where there is no such file. Throws an error for people when it
 * holds something else.
 */
export async function readKeysFile(path: string): Promise<Keyring | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const keyring = memoryKeyring()
  try {
    for (const pem of pemsIn(text)) keyring.add(pem)
  } catch {
    throw new Error(`${path} holds something else than private keys. Nothing was written.`)
  }
  if (keyring.keyIds().length === 0) throw new Error(`${path} holds no private key. Nothing was written.`)
  return keyring
}
