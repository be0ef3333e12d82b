/** An organisation with every kind of evidence, its backups, and somebody who has the keys of the database. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql, type Transaction } from 'kysely'
import { inject } from 'vitest'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { leftOutTables } from '../../src/commands/left-out-tables.ts'
import { type RestoreOptions, restore } from '../../src/commands/restore.ts'
import { verifyEvidence } from '../../src/compliance/evidence.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import type { Alteration } from '../../src/platform/alteration.ts'
import { comment } from '../../src/platform/backup/seal.ts'
import { writeBackup } from '../../src/platform/backup/write-backup.ts'
import { withOneConnection } from '../../src/platform/db/one-connection.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { heldSession } from '../certification/held-session.ts'
import type { Caller, TestApp } from './app.ts'
import { databaseUrl } from './database.ts'
import { newTestFolder } from './test-folder.ts'
import { addSession, describeOrganisation, type WorldSession } from './world.ts'

export type EvidenceWorld = {
  /** Closed, with three certificates, of which one was revoked and replaced. */
  closed: WorldSession
  /** Open: four events, three marks, two of them with free text. */
  open: WorldSession
}

export async function addEvidence(app: TestApp, admin: Caller): Promise<EvidenceWorld> {
  await describeOrganisation(app)
  const closed = await heldSession(app, admin)
  const { body } = await admin.post(`/api/sessions/${closed.id}/certificates`)
  const [first] = body.issued
  await admin.post(`/api/certificates/${first.id}/revoke`, { reason: 'Nom mal orthographié' })
  await admin.post(`/api/sessions/${closed.id}/certificates`)
  const open = await addSession(app)
  const [one, other, third] = open.learners.map((learner) => learner.enrolmentId)
  const path = `/api/slots/${open.slots[0]?.id}/attendance`
  await admin.put(path, {
    marks: [
      { enrolmentId: one, status: 'present' },
      { enrolmentId: other, status: 'partial', attendedMinutes: 90, note: 'Arrivée à 11 h' },
      { enrolmentId: third, status: 'absent', reasonCode: 'family', justified: true, note: 'Naissance\n\\N' },
    ],
  })
  await admin.put(path, { marks: [{ enrolmentId: one, status: 'absent', reasonCode: 'unknown' }] })
  return { closed, open }
}

/** What is found wrong, in the order in which it is found. */
export async function alterationsIn(trx: Transaction<Database>): Promise<Alteration[]> {
  const found: Alteration[] = []
  await verifyEvidence(trx, (alteration) => found.push(alteration))
  return found
}

/** A folder for the files of one test file. */
export function backupFolder(): string {
  const folder = newTestFolder()
  mkdirSync(folder)
  return folder
}

/** Writes a backup as the command does. */
export async function backUp(url: string, file: string, onTable?: (table: string) => void) {
  return withOneConnection({ connectionString: url }, (one) =>
    writeBackup(one, {
      file,
      overwrite: false,
      createdAt: Temporal.Instant.from('2026-03-10T12:00:00Z'),
      leftOut: leftOutTables,
      describe: (db) =>
        db.selectFrom('organisation').select(['id', 'isDemonstration']).executeTakeFirstOrThrow(),
      ...(onTable && { onTable }),
    }),
  )
}

/** As the command does, in this process; returns what it prints. */
export async function restoreInto(
  url: string,
  backup: string,
  options: Partial<RestoreOptions> = {},
): Promise<string> {
  const lines: string[] = []
  await restore(readConfig({ DATABASE_URL: url }), (line) => lines.push(line), {
    file: backup,
    demonstration: false,
    acceptAlterations: false,
    json: false,
    ...options,
  })
  return lines.join('\n')
}

/** The entries of a ZIP file as text, by name. */
export async function unzip(file: string): Promise<Map<string, string>> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false })
  const entries = new Map<string, string>()
  for await (const entry of zip.eachEntry())
    entries.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)))
  zip.close()
  return entries
}

/** Writes the entries of a backup, changed, into another ZIP file that is sealed as a backup is. */
export async function repack(
  file: string,
  target: string,
  change: (entries: Map<string, string>) => void,
): Promise<void> {
  const entries = await unzip(file)
  change(entries)
  const zip = new yazl.ZipFile()
  for (const [name, content] of entries) zip.addBuffer(Buffer.from(content), name)
  zip.end({ comment, forceZip64Format: false })
  await writeFile(target, zip.outputStream)
  reseal(target)
}

/** Puts the seal on a file whose bytes were changed, as somebody would who knows how it is made. */
export function reseal(file: string): void {
  const bytes = readFileSync(file)
  const before = bytes.subarray(0, -64)
  writeFileSync(file, Buffer.concat([before, Buffer.from(createHash('sha256').update(before).digest('hex'))]))
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** An empty database that belongs to a role with no other right than to connect; on the server of the tests, or another. */
export async function databaseOfPlainOwner(
  { host, port, user }: { host: string; port: number; user: string } = inject('testCluster'),
): Promise<string> {
  const name = `plain_${randomUUID().replaceAll('-', '')}`
  const postgres = openDatabase({ host, port, user, database: 'postgres' }, { maxConnections: 1 })
  await sql.raw(`create role ${name} login nosuperuser nocreatedb nocreaterole`).execute(postgres)
  await sql.raw(`create database ${name} owner ${name}`).execute(postgres)
  await postgres.destroy()
  return databaseUrl({ host, port, user: name, database: name })
}

export function fileIn(folder: string, name = `${randomUUID()}.zip`): string {
  return join(folder, name)
}
