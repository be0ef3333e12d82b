/** The real command in processes of its own, on files in a folder and a database that others use too. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../src/database.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { cloneDatabase } from '../../support/database.ts'
import { ledgerKeyPem } from '../../support/ledger-key.ts'
import { newTestFolder, removeTestFolder } from '../../support/test-folder.ts'
import { type Cells, counts, day, dump, file } from './import-world.ts'

const main = join(import.meta.dirname, '../../../src/preau.js')
const folder = newTestFolder()
beforeAll(() => mkdirSync(folder))
afterAll(() => removeTestFolder(folder))

type Ended = { code: number | null; stdout: string; stderr: string }

function start(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env }, // no LANG
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function preau(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const child = start(args, env)
  const ended = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, stdout, stderr }
}

function fileNamed(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes)
  return name
}

/** A database on the server of the tests, and the address at which the command finds it. */
async function servedDatabase(): Promise<{
  db: Kysely<Database>
  env: { DATABASE_URL: string; PREAU_LEDGER_KEY: string }
}> {
  const { connection } = await cloneDatabase()
  const { user, host, port, database } = connection
  const db = openDatabase(connection, { maxConnections: 1 })
  onTestFinished(() => db.destroy())
  const where = new URLSearchParams({ host, port: String(port) })
  const url = `postgres://${user}@localhost/${database}?${where}`
  return { db, env: { DATABASE_URL: url, PREAU_LEDGER_KEY: ledgerKeyPem } }
}

const learners = (many: number): Cells<'attendance'>[] =>
  Array.from({ length: many }, (_, index) => ({ prenom: `Awa-${index}`, email: '' }))

describe('preau import', () => {
  test('takes a file over into a database of its own, once', async () => {
    const env = { PREAU_DATA_DIR: join(folder, 'data') }
    fileNamed(
      'people.csv',
      file('people', [{ email: 'awa@example.org', employeur: 'Rives', roles: 'membre' }]),
    )
    expect(await preau(['import', 'people', 'people.csv'], env)).toMatchObject({
      code: 0,
      stdout: [
        'people.csv\u00a0: 1 personne ajoutée, 0 modifiée, 0 inchangée',
        '  1 compte créé',
        '  1 client ajouté\n',
      ].join('\n'),
    })
    const again = await preau(['import', 'people', 'people.csv', '--json'], env)
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(again.stdout)).toEqual({
      kind: 'people',
      file: 'people.csv',
      dryRun: false,
      created: 0,
      updated: 0,
      unchanged: 1,
      besides: {},
      notices: [],
      problems: [],
    })
  })

  test('with --dry-run says the same and writes nothing', async () => {
    const { db, env } = await servedDatabase()
    fileNamed('dry.csv', file('attendance', day({}, ...learners(3))))
    const before = await counts(db)
    const tried = await preau(['import', 'attendance', 'dry.csv', '--dry-run'], env)
    expect(await counts(db)).toEqual(before)
    const done = await preau(['import', 'attendance', 'dry.csv'], env)
    expect(tried).toEqual({ ...done, stdout: `${done.stdout}Essai\u00a0: rien n’a été écrit.\n` })
  })

  test('says every bad line with its column and its reason, those the database knows of too', async () => {
    const { db, env } = await servedDatabase()
    const lines = [{ email: 'pas une adresse' }, { prenom: 'Zoé', antenne: 'Nantes' }, { prenom: '' }]
    fileNamed('bad.csv', file('people', lines))
    const before = await dump(db)
    const said = await preau(['import', 'people', 'bad.csv'], env)
    expect(said).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'bad.csv\u00a0: 3 erreurs, rien n’a été écrit',
        '  ligne 2, colonne email\u00a0: «\u202fpas une adresse\u202f» n’est pas une adresse e-mail',
        '  ligne 3, colonne antenne\u00a0: antenne inconnue\u202f; aucune antenne n’est encore créée',
        '  ligne 4, colonne prenom\u00a0: la cellule est vide\n',
      ].join('\n'),
    })
    const json = await preau(['import', 'people', 'bad.csv', '--json'], env)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      created: 0,
      problems: [{ line: 2, column: 'email' }, { line: 3 }, { line: 4 }],
    })
    expect(await dump(db)).toEqual(before)
  })

  test('leaves nothing when it is killed in the middle, and can then be done', async () => {
    const { db, env } = await servedDatabase()
    const lines = Array.from({ length: 30 }, (_, index) =>
      day({ session: `S-${index}` }, ...learners(20)),
    ).flat()
    fileNamed('long.csv', file('attendance', lines))
    const before = await dump(db)
    const child = start(['import', 'attendance', 'long.csv'], env)
    const ended = once(child, 'exit')
    const writers = async () => {
      const { rows } = await sql<{ isWriting: boolean }>`
        select backend_xid is not null as is_writing from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(db)
      return rows
    }
    while (!(await writers()).some(({ isWriting }) => isWriting)) await sleep(5)
    child.kill('SIGKILL')
    await ended
    while ((await writers()).length > 0) await sleep(5)
    expect(await dump(db)).toEqual(before)
    expect((await preau(['import', 'attendance', 'long.csv', '--json'], env)).code).toBe(0)
    expect(await counts(db)).toMatchObject({ training_session: 30, attendance_event: 1_200 })
  })

  test('twice at the same moment is once', async () => {
    const { db, env } = await servedDatabase()
    fileNamed('twice.csv', file('attendance', day({}, ...learners(10))))
    const both = await Promise.all(
      [1, 2].map(() => preau(['import', 'attendance', 'twice.csv', '--json'], env)),
    )
    const created = both.map(({ stdout }) => JSON.parse(stdout).created)
    expect(created.toSorted((one, other) => one - other)).toEqual([0, 20])
    expect(await counts(db)).toMatchObject({ training_session: 1, attendance_event: 20 })
  })
})
