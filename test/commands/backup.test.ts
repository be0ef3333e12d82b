/** `preau backup`: one file, whole or not there; what was changed in it afterwards is refused. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backup } from '../../src/commands/backup.ts'
import { leftOutTables } from '../../src/commands/left-out-tables.ts'
import { readConfig } from '../../src/config.ts'
import { listTables } from '../../src/platform/backup/catalogue.ts'
import { entryName } from '../../src/platform/backup/manifest.ts'
import { openBackup } from '../../src/platform/backup/read-backup.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { preau } from '../support/command.ts'
import {
  addEvidence,
  backUp,
  backupFolder,
  databaseOfPlainOwner,
  type EvidenceWorld,
  fileIn,
  repack,
  reseal,
  sha256Of,
  unzip,
} from '../support/evidence.ts'
import { removeTestFolder } from '../support/test-folder.ts'

let app: TestApp
let admin: Caller
let world: EvidenceWorld
const folder = backupFolder()

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
  world = await addEvidence(app, admin)
})
afterAll(async () => {
  await app.close()
  removeTestFolder(folder)
})

/** What the command prints for machines. */
async function backUpAsCommand(url: string, file: string): Promise<string> {
  const lines: string[] = []
  const config = readConfig({ DATABASE_URL: url })
  await backup(config, (line) => lines.push(line), { file, force: false, json: true })
  return lines.join('')
}

describe('a backup', () => {
  it('is a ZIP file that only its owner reads, with every table and a manifest', async () => {
    const file = fileIn(folder)
    const { sha256, tables, rows } = JSON.parse(await backUpAsCommand(app.url, file))
    expect(sha256).toBe(await sha256Of(file))
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const entries = await unzip(file)
    const manifest = JSON.parse(entries.get('manifest.json') ?? '')
    const here = (await listTables(app.deps.db)).filter(({ name }) => !Object.hasOwn(leftOutTables, name))
    expect([...entries.keys()]).toEqual([...here.map(({ name }) => entryName(name)), 'manifest.json'])
    expect(manifest).toMatchObject({ format: 'preau-backup', organisation: { isDemonstration: false } })
    expect(manifest.migrations.at(0)).toBe('0001_foundation')
    expect(manifest.tables).toHaveLength(tables)
    expect(rows).toBeGreaterThan(50)
    const marks = entries.get(entryName('attendance_mark')) ?? ''
    expect(marks.trim().split('\n')).toHaveLength(9)
  })

  it('leaves out only what ends with the installation, and nothing that another table needs', async () => {
    const { rows } = await sql<{ table: string; exists: boolean; needed: string[] }>`
      select name as "table", to_regclass(name) is not null as exists, array(
        select conname::text from pg_constraint where contype = 'f' and confrelid = to_regclass(name)
          and not conrelid::regclass::text = any(${Object.keys(leftOutTables)})
      ) as needed from unnest(${Object.keys(leftOutTables)}::text[]) name`.execute(app.deps.db)
    expect(rows.filter(({ exists, needed }) => !exists || needed.length > 0)).toEqual([])
  })

  it('shows one moment, while people go on working', async () => {
    const file = fileIn(folder)
    const marks = world.open.learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' }))
    const work: Promise<unknown>[] = []
    const { manifest } = await backUp(app.url, file, () => {
      // At the first table, when the moment has been chosen.
      if (work.length === 0)
        work.push(admin.put(`/api/slots/${world.open.slots[1]?.id}/attendance`, { marks }))
    })
    await Promise.all(work)
    const count = (table: string) => manifest.tables.find(({ name }) => name === table)?.rows
    expect([count('attendance_mark'), count('attendance_event')]).toEqual([9, 10])
  })

  it('of the same rows is the same, table by table', async () => {
    const [one, other] = [await backUp(app.url, fileIn(folder)), await backUp(app.url, fileIn(folder))]
    expect(one.manifest).toEqual(other.manifest)
  })

  it('replaces no file unless told to', async () => {
    const file = fileIn(folder)
    writeFileSync(file, 'precious')
    await expect(backUp(app.url, file)).rejects.toThrow('--force')
    expect(readFileSync(file, 'utf8')).toBe('precious')
    const forced = await preau(['backup', file, '--force'], { DATABASE_URL: app.url }).ended()
    expect(forced.code).toBe(0)
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK')
  })

  it('that is interrupted leaves no file, even while it waits for somebody else', async () => {
    const own = backupFolder()
    const other = openDatabase({ connectionString: app.url }, { maxConnections: 1 })
    await other.transaction().execute(async (trx) => {
      await sql`lock table person in access exclusive mode`.execute(trx)
      const command = preau(['backup', fileIn(own)], { DATABASE_URL: app.url })
      await expect
        .poll(() => readdirSync(own), { timeout: 20_000 })
        .toEqual([expect.stringMatching(/\.partial$/)])
      command.child.kill('SIGINT')
      expect(await command.ended()).toEqual({ code: 1, output: 'Interrupted: no backup was written.\n' })
    })
    expect(readdirSync(own)).toEqual([])
    await other.destroy()
    removeTestFolder(own)
  })

  it('of a database that holds nothing, into a folder that is not there or to standard output, is refused', async () => {
    await expect(backUpAsCommand(app.url, '-')).rejects.toThrow('A backup is a file')
    const empty = await databaseOfPlainOwner()
    await expect(backUpAsCommand(empty, fileIn(folder))).rejects.toThrow('nothing to back up')
    const nowhere = fileIn(folder, 'no/such/backup.zip')
    await expect(backUpAsCommand(app.url, nowhere)).rejects.toThrow('no such folder')
  })
})

describe('a file that is not as it was written is refused', () => {
  let whole: string
  let bytes: Buffer
  beforeAll(async () => {
    whole = fileIn(folder)
    await backUp(app.url, whole)
    bytes = readFileSync(whole)
  })

  /** Why a file with these bytes cannot be used; undefined when it can. */
  async function refusal(changed: Buffer, isSealedAgain = false): Promise<string | undefined> {
    const file = fileIn(folder)
    writeFileSync(file, changed)
    if (isSealedAgain) reseal(file)
    return openBackup(file).then(
      (backup) => backup.close(),
      (error) => error.message,
    )
  }

  /** Places all over the file, and every byte of its last part, where ZIP keeps its list of entries. */
  function places(): number[] {
    const step = Math.ceil(bytes.length / 150)
    const spread = Array.from({ length: 150 }, (_, index) => Math.min(index * step, bytes.length - 1))
    const last = Array.from({ length: 180 }, (_, index) => bytes.length - 1 - index)
    return [...new Set([...spread, ...last])]
  }

  it('cut off anywhere', async () => {
    for (const place of places()) {
      const reason = await refusal(bytes.subarray(0, place))
      expect(reason, `cut off at ${place}`).toContain('Nothing was written')
    }
  })

  it('with one bit changed anywhere', async () => {
    for (const place of places()) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8))
      const reason = await refusal(changed)
      expect(reason, `changed at ${place}`).toContain('changed since it was written')
    }
  })

  it('with another row, even by somebody who knows how it is sealed', async () => {
    const inside = bytes.indexOf('tables/attendance_event.copy') + 200
    const changed = Buffer.from(bytes)
    changed[inside] = (changed[inside] ?? 0) ^ 1
    expect(await refusal(changed, true)).toContain('Nothing was written')
  })

  type Change = (entries: Map<string, string>) => void

  /** Why a well-sealed file with these entries cannot be used; undefined when it can. */
  async function refusalOf(change: Change): Promise<string | undefined> {
    const file = fileIn(folder)
    await repack(whole, file, change)
    return refusal(readFileSync(file))
  }

  const inManifest =
    (change: (manifest: { tables: object[] }) => void): Change =>
    (entries) => {
      const manifest = JSON.parse(entries.get('manifest.json') ?? '')
      change(manifest)
      entries.set('manifest.json', JSON.stringify(manifest))
    }

  it.each<[string, Change, RegExp]>([
    ['an entry missing', (entries) => entries.delete(entryName('person')), /person\.copy is missing/],
    ['an entry too many', (entries) => entries.set('tables/x.copy', ''), /does not belong/],
    [
      'two entries exchanged',
      (entries) => {
        const person = entries.get(entryName('person')) ?? ''
        entries.set(entryName('person'), entries.get(entryName('account')) ?? '')
        entries.set(entryName('account'), person)
      },
      /length/,
    ],
    [
      'a row more',
      (entries) => entries.set(entryName('chapter'), `${entries.get(entryName('chapter'))}x\n`),
      /length/,
    ],
    [
      'an entry that unpacks to a thousand times what it says',
      (entries) => entries.set(entryName('chapter'), '\n'.repeat(10_000_000)),
      /length/,
    ],
    ['no manifest', (entries) => entries.delete('manifest.json'), /no manifest/],
    ['a manifest that is none', (entries) => entries.set('manifest.json', '[]'), /manifest\.json is not one/],
    [
      'a manifest of a later format',
      inManifest((manifest) => Object.assign(manifest, { formatVersion: 2 })),
      /newer Préau/,
    ],
    [
      'a name that is none of a table',
      inManifest((manifest) => Object.assign(manifest.tables[0] ?? {}, { name: 'person"; drop table x' })),
      /is not one/,
    ],
  ])('with %s, well sealed', async (_, change, reason) => {
    expect(await refusalOf(change)).toMatch(reason)
  })

  it('but packed again by another program and sealed, it is the same backup', async () => {
    expect(await refusalOf(() => {})).toBeUndefined()
  })

  it('and what never was a backup is none', async () => {
    expect(await refusal(Buffer.from('PK'))).toContain('Nothing was written')
    expect(await refusal(Buffer.alloc(0))).toContain('Nothing was written')
    await expect(openBackup(fileIn(folder))).rejects.toThrow('no such file')
  })
})
