/** The folder that checkpoints are written into: evidence that no database holds. */
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadeCheckpoint } from './ledger-checkpoint.service.ts'
import { type HandedOut, readStatements } from './ledger-statement.ts'

/** Those of one ledger: several databases may share a data folder. */
function folderOf(directory: string, ledger: string): string {
  return join(directory, ledger.slice(0, 16))
}

/** Writes a checkpoint's file, whole or not at all; one that is there stays as it is. Returns its path. */
export async function writeCheckpointFile(directory: string, made: MadeCheckpoint): Promise<string> {
  const { statement, hash, text } = made
  const folder = folderOf(directory, statement.ledger)
  const number = String(statement.sequence).padStart(6, '0')
  const path = join(folder, `${number}-${statement.createdAt.slice(0, 10)}-${hash.slice(0, 8)}.json`)
  if (existsSync(path)) return path
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}.partial`
  const file = await open(partial, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(partial, path).catch(async (error) => {
    await rm(partial, { force: true })
    throw error
  })
  return path
}

/** The files of all checkpoints of a ledger that were written into the folder, the first one first. */
export async function listCheckpointFiles(directory: string, ledger: string): Promise<string[]> {
  const folder = folderOf(directory, ledger)
  if (!existsSync(folder)) return []
  const names = await readdir(folder)
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

/** What was handed out, as it was kept. Throws an error for people when the file is no statement, or was changed. */
export async function readStatementFile(path: string): Promise<HandedOut[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw new Error(`${path}: there is no such file.`)
  const statements = readStatements(text)
  if (!statements)
    throw new Error(`${path} holds no statement that Préau signed, or was changed since it was written.`)
  return statements
}
