/** Writes a backup: every table as it stood at one moment, while others go on writing. */
import { createHash } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { type Kysely, sql } from 'kysely'
import yazl from 'yazl'
import type { Database } from '../../database.ts'
import type { OneConnection } from '../db/one-connection.ts'
import { speakPlainly } from '../db/plain-values.ts'
import { version } from '../version.ts'
import { listSequences, listTables, quoted, type TableShape } from './catalogue.ts'
import { type BackedUpTable, entryName, type Manifest, manifestName } from './manifest.ts'
import { comment, type Sealed, sealed } from './seal.ts'

export type BackupRequest = {
  file: string
  /** Replaces a file of this name, once the new one is whole. */
  overwrite: boolean
  createdAt: Temporal.Instant
  /** Tables that are not backed up, each with the reason; also those of older or newer schemas. */
  leftOut: Readonly<Record<string, string>>
  /** Whose data these are; may refuse. */
  describe(db: Kysely<Database>): Promise<Manifest['organisation']>
  /** Told of every table as it begins. */
  onTable?: (table: string) => void
}

/**
 * The file stands under its own name once it is complete and on disk, and not before; whatever goes wrong leaves no
 * other. Only its owner may read it: it holds personal data. Throws when there is one already, or nothing to back up.
 */
export async function writeBackup(
  one: OneConnection,
  request: BackupRequest,
): Promise<Sealed & { manifest: Manifest }> {
  if (!request.overwrite) await assertFree(request.file)
  // Of this process, so that two backups to one name never write into each other.
  const partial = `${request.file}.${process.pid}.partial`
  const handle = await open(partial, 'wx', 0o600)
  try {
    const written = await writeSnapshot(one, request, handle)
    await handle.sync()
    if (!request.overwrite) await assertFree(request.file)
    await rename(partial, request.file)
    await syncFolder(dirname(request.file))
    return written
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

async function assertFree(file: string): Promise<void> {
  const exists = await lstat(file).then(
    () => true,
    () => false,
  )
  if (exists) throw new Error(`${file} exists: choose another name, or add --force to replace it.`)
}

/** The rename itself must survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeSnapshot(
  one: OneConnection,
  request: BackupRequest,
  handle: FileHandle,
): Promise<Sealed & { manifest: Manifest }> {
  return one.transaction('snapshot', async (trx) => {
    await speakPlainly(trx)
    const all = await listTables(trx)
    const shapes = all.filter(({ name }) => !Object.hasOwn(request.leftOut, name))
    if (shapes.length === 0) throw new Error('There is nothing to back up: the database is empty.')
    await holdTables(trx, shapes)
    const head = await describeDatabase(trx, request)
    const zip = zipOf(one, request, { ...head, leftOut: reasonsFor(all, request.leftOut) }, shapes)
    let whole: Sealed | undefined
    const bytes = sealed(zip.bytes, (sealed) => {
      whole = sealed
    })
    await handle.writeFile(bytes)
    if (!whole) throw new Error('the backup has no end')
    return { ...whole, manifest: zip.manifest() }
  })
}

/** Nobody may change the tables themselves from here on; rows may be written as ever. */
async function holdTables(db: Kysely<Database>, shapes: readonly TableShape[]): Promise<void> {
  const names = shapes.map(({ name }) => quoted(name)).join(', ')
  await sql.raw(`lock table ${names} in access share mode`).execute(db)
}

type Head = Omit<Manifest, 'tables' | 'leftOut'>

async function describeDatabase(db: Kysely<Database>, request: BackupRequest): Promise<Head> {
  const server = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(
    db,
  )
  const migrations = await sql<{ name: string }>`select name from schema_migration order by name`.execute(db)
  return {
    format: 'preau-backup',
    formatVersion: 1,
    preau: version,
    createdAt: request.createdAt.toString(),
    server: server.rows[0]?.version ?? '',
    organisation: await request.describe(db),
    migrations: migrations.rows.map(({ name }) => name),
    sequences: await listSequences(db),
  }
}

function reasonsFor(
  tables: readonly TableShape[],
  leftOut: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(leftOut).filter(([name]) => tables.some((table) => table.name === name)),
  )
}

/** The entries one after the other, each read when its turn comes; the manifest last, when all is known. */
function zipOf(
  one: OneConnection,
  request: BackupRequest,
  head: Omit<Manifest, 'tables'>,
  shapes: readonly TableShape[],
): { bytes: Readable; manifest(): Manifest } {
  const zip = new yazl.ZipFile()
  const bytes = zip.outputStream as Readable
  const fail = (error: Error) => bytes.destroy(error)
  zip.on('error', fail)
  const tables: BackedUpTable[] = []
  const manifest = (): Manifest => ({ ...head, tables })
  const options = { mtime: new Date(request.createdAt.epochMilliseconds), mode: 0o100600 }
  const add = (name: string, read: () => Readable) =>
    zip.addReadStreamLazy(name, options, (use) => use(null, read().on('error', fail)))
  for (const shape of shapes) {
    add(entryName(shape.name), () => {
      request.onTable?.(shape.name)
      return Readable.from(measured(one.copyOut(copyStatement(shape)), shape, (table) => tables.push(table)))
    })
  }
  add(manifestName, () => Readable.from([Buffer.from(`${JSON.stringify(manifest(), null, 1)}\n`)]))
  zip.end({ comment, forceZip64Format: false })
  return { bytes, manifest }
}

export function copyStatement({ name, columns, order }: TableShape): string {
  return `copy (select ${columns.map(quoted).join(', ')} from ${quoted(name)} order by ${order}) to stdout`
}

const lineBreak = 0x0a

/** Passes on what COPY writes; a line break is the end of a row, since those in values are written `\n`. */
async function* measured(
  source: AsyncIterable<Buffer>,
  { name, columns }: TableShape,
  done: (table: BackedUpTable) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  for await (const chunk of source) {
    hash.update(chunk)
    bytes += chunk.length
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, at + 1)) rows++
    yield chunk
  }
  done({ name, columns, rows, bytes, sha256: hash.digest('hex') })
}
