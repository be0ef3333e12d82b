/** Opens a backup: reads it from end to end and proves it, before anything is made of it. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { type BackedUpTable, entryName, type Manifest, manifest, manifestName } from './manifest.ts'
import { readSealed } from './seal.ts'

export type Backup = {
  file: string
  manifest: Manifest
  /** Of the whole file, as `sha256sum` prints it. */
  sha256: string
  /** The lines of a table as they were copied; fails at the end when they are not what the manifest says. */
  readTable(table: BackedUpTable): Promise<Readable>
  close(): void
}

const largestManifest = 16_000_000
const mostEntries = 10_000

/**
 * Proves the whole file: its seal, its list of entries, and the hash, length and rows of every table. Throws an error for
 * people otherwise. The caller closes it.
 */
export async function openBackup(file: string, onTable: (table: string) => void = () => {}): Promise<Backup> {
  const size = await sizeOf(file)
  const sealed = await readSealed(file)
  if (!sealed) throw damaged(file, 'it is not whole, or has been changed since it was written')
  const zip = await yauzl
    .openPromise(file, { autoClose: false, lazyEntries: true, strictFileNames: true })
    .catch((error) => {
      throw damaged(file, `it is no ZIP file: ${error.message}`)
    })
  try {
    const entries = await listEntries(zip, size)
    const stated = await readManifest(zip, entries)
    assertSameEntries(entries, stated)
    const readTable = (table: BackedUpTable) => openTable(zip, entries, table)
    for (const table of stated.tables) {
      onTable(table.name)
      for await (const _ of await readTable(table));
    }
    return { file, manifest: stated, sha256: sealed.sha256, readTable, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw damaged(file, error instanceof Error ? error.message : String(error))
  }
}

function damaged(file: string, reason: string): Error {
  return new Error(`${file} is not a backup that can be used: ${reason}. Nothing was written.`)
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new Error(`${file}: there is no such file.`)
  return found.size
}

async function listEntries(zip: ZipFile, size: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) throw new Error('it has too many entries')
  const entries = new Map<string, Entry>()
  let packed = 0
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize } = entry
    if (entries.has(fileName)) throw new Error(`${fileName} is in it twice`)
    packed += compressedSize
    entries.set(fileName, entry)
  }
  if (packed > size) throw new Error('its entries lie over one another')
  return entries
}

async function readManifest(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<Manifest> {
  const entry = entries.get(manifestName)
  if (!entry) throw new Error(`it has no ${manifestName}`)
  if (entry.uncompressedSize > largestManifest) throw new Error(`its ${manifestName} is too large`)
  const text = await buffer(await zip.openReadStreamPromise(entry))
  const { formatVersion } = JSON.parse(text.toString())
  if (formatVersion > 1)
    throw new Error(`a newer Préau wrote it, in format ${formatVersion}: upgrade this one first`)
  const read = manifest.safeParse(JSON.parse(text.toString()))
  if (!read.success) throw new Error(`its ${manifestName} is not one`)
  return read.data
}

function assertSameEntries(entries: ReadonlyMap<string, Entry>, { tables }: Manifest): void {
  const stated = new Set([manifestName, ...tables.map(({ name }) => entryName(name))])
  if (stated.size !== tables.length + 1) throw new Error('its manifest names a table twice')
  const missing = [...stated].find((name) => !entries.has(name))
  if (missing) throw new Error(`${missing} is missing`)
  const unknown = [...entries.keys()].find((name) => !stated.has(name))
  if (unknown) throw new Error(`${unknown} does not belong in it`)
}

async function openTable(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  table: BackedUpTable,
): Promise<Readable> {
  const entry = entries.get(entryName(table.name))
  if (entry?.uncompressedSize !== table.bytes)
    throw new Error(`${table.name} has not the length that was written`)
  return Readable.from(proved(await zip.openReadStreamPromise(entry), table), { objectMode: false })
}

const lineBreak = 0x0a

async function* proved(source: AsyncIterable<Buffer>, table: BackedUpTable): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let rows = 0
  for await (const chunk of source) {
    hash.update(chunk)
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, at + 1)) rows++
    yield chunk
  }
  if (hash.digest('hex') !== table.sha256) throw new Error(`${table.name} is not what was written`)
  if (rows !== table.rows) throw new Error(`${table.name} has ${rows} rows, and ${table.rows} were written`)
}
