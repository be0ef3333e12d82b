/** With `DATABASE_URL`: who runs `migrate` decides when, and the commands share the database with `serve`. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { testAppForOneTest } from '../support/app.ts'
import { dataFolder, preau, signInAt } from '../support/command.ts'
import { databaseUrl } from '../support/database.ts'

/** An empty database on the server of the tests, as `DATABASE_URL` names it. */
async function emptyDatabase(options = ''): Promise<{ DATABASE_URL: string }> {
  const { host, port, user } = inject('testCluster')
  const name = `served_${randomUUID().replaceAll('-', '')}`
  const postgres = openDatabase({ host, port, user, database: 'postgres' }, { maxConnections: 1 })
  await sql.raw(`create database ${name} ${options}`).execute(postgres)
  await postgres.destroy()
  return { DATABASE_URL: databaseUrl({ host, port, user, database: name }) }
}

const admin = { PREAU_ADMIN_EMAIL: 'chef@example.org', PREAU_ADMIN_PASSWORD: 'une phrase de passe' }

describe('a served database', () => {
  it('is refused as long as it lacks a migration, then migrated once by however many, and served', async () => {
    const env = await emptyDatabase()
    const refused = await preau(['serve'], env).ended()
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('npm run preau -- migrate') })

    const migrations = await Promise.all([1, 2, 3].map(() => preau(['migrate', '--json'], env).ended()))
    const applied = migrations.map(({ output }) => JSON.parse(output).migrated.length).sort()
    expect(applied.slice(0, 2)).toEqual([0, 0])
    expect(applied[2]).toBeGreaterThan(5)

    const server = preau(['serve'], { ...env, ...admin })
    const [, address = ''] = await server.until(/Préau answers at (\S+)/)
    await signInAt(address, admin.PREAU_ADMIN_EMAIL, admin.PREAU_ADMIN_PASSWORD)
  })

  it('that a newer version has migrated is refused by every command, in one line that names the migration', async () => {
    const { url, deps } = await testAppForOneTest()
    await sql`insert into schema_migration values ('9999_something_newer', '2030-01-01')`.execute(deps.db)
    const env = { DATABASE_URL: url, PREAU_DATA_DIR: dataFolder() }
    const commands = [['serve'], ['worker'], ['migrate'], ['admin', 'create', '--email', 'a@example.org']]
    const ended = await Promise.all(commands.map((command) => preau(command, env, 'une phrase').ended()))
    for (const { code, output } of ended) {
      expect(code).toBe(1)
      expect(output).toMatch(/A newer Préau has used this database.*9999_something_newer/)
      expect(output.trim().split('\n')).toHaveLength(1)
    }
  })

  it('is left as it was by a migration that fails, those before it undone too, and migrated once that is mended', async () => {
    const env = await emptyDatabase()
    const db = openDatabase({ connectionString: env.DATABASE_URL }, { maxConnections: 1 })
    onTestFinished(() => db.destroy())
    // In the way of a migration in the middle.
    await sql`create table attendance_mark ()`.execute(db)
    const failed = await preau(['migrate'], env).ended()
    expect(failed.code).toBe(1)
    expect(failed.output).toMatch(/^Migration 0007_attendance failed, and nothing was changed: .*\n$/)
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relkind in ('r', 'v') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and relname not like 'schema_migration%' and relname not like 'pg_toast%'`.execute(db)
    expect(rows).toEqual([{ name: 'attendance_mark' }])
    await sql`drop table attendance_mark`.execute(db)
    expect((await preau(['migrate'], env).ended()).code).toBe(0)
  })

  it('that is not UTF-8 is refused before anything is written', async () => {
    const env = await emptyDatabase(
      `encoding 'SQL_ASCII' locale_provider libc lc_collate 'C' lc_ctype 'C' template template0`,
    )
    const { code, output } = await preau(['migrate'], env).ended()
    expect(code).toBe(1)
    expect(output).toContain('UTF-8')
    expect(output.trim().split('\n')).toHaveLength(1)
  })
})

describe('the command line', () => {
  it('works beside a running server: an admin more, and the BPF that the API gives', async () => {
    const env = { PREAU_DATA_DIR: dataFolder() }
    const server = preau(['serve'], { ...env, ...admin })
    const [, address = ''] = await server.until(/Préau answers at (\S+)/)
    const password = 'une autre phrase de passe'
    const made = await preau(
      ['admin', 'create', '--email', 'deux@example.org', '--json'],
      env,
      `${password}\n`,
    ).ended()
    expect(JSON.parse(made.output)).toMatchObject({ id: expect.any(String), personId: expect.any(String) })
    const headers = await signInAt(address, 'deux@example.org', password)

    const period = { from: '2025-01-01', to: '2025-12-31' }
    const third = ['admin', 'create', '--email', 'trois@example.org']
    const [report, fromEnvironment, twice] = await Promise.all([
      preau(['report', 'bpf', '--json', '--from', period.from, '--to', period.to], env).ended(),
      preau(third, { ...env, PREAU_ADMIN_PASSWORD: password }).ended(),
      preau(['admin', 'create', '--email', 'DEUX@example.org'], env, password).ended(),
    ])
    const answer = await fetch(`${address}/api/reports/bpf?${new URLSearchParams(period)}`, { headers })
    expect(JSON.parse(report.output)).toEqual(await answer.json())
    expect(fromEnvironment.code).toBe(0)
    await signInAt(address, 'trois@example.org', password)
    expect(twice).toMatchObject({ code: 1, output: expect.stringContaining('people/email-taken') })
  })

  it('explains every command, and says what is wrong with a call', async () => {
    const commands = [
      'serve',
      'worker',
      'migrate',
      'demo',
      'admin create',
      'import',
      'report bpf',
      'backup',
      'restore',
      'verify',
      'openapi',
    ]
    const helps = await Promise.all(commands.map((name) => preau([...name.split(' '), '--help'], {}).ended()))
    for (const { code, output } of helps) {
      expect(code).toBe(0)
      expect(output).toMatch(/^Usage: preau /)
    }
    const wrong = [
      [['nothing'], /unknown command/],
      [['report', 'bpf', '--from', '2025-01-01'], /--to/],
      [['report', 'bpf', '--from', '2025-01-01', '--to', '2025-01-01', '--format', 'pdf'], /json, csv/],
    ] as const
    const refused = await Promise.all(wrong.map(([args]) => preau(args, {}).ended()))
    for (const [index, { code, output }] of refused.entries()) {
      expect(code).not.toBe(0)
      expect(output).toMatch(wrong[index]?.[1] ?? '')
    }
  })
})
