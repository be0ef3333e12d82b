import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { choosePlace } from '../../../src/platform/db/embedded-paths.ts'
import { isServedBy } from '../../../src/platform/db/embedded-postmaster.ts'
import { isRunning } from '../../../src/platform/db/embedded-system.ts'
import { postmasterOf, startInProcess, until, untilStopped } from '../../support/embedded-process.ts'
import {
  ask,
  fast,
  folderWithDatabase,
  holdUpShutdown,
  ordinaryUser,
  ownFolder,
  ownPath,
  refusalOf,
  removeOwnFolders,
  start,
} from '../../support/embedded-world.ts'

afterAll(removeOwnFolders)

describe('several processes on one folder', () => {
  it('have one database when they start for the first time at once: one owner, and guests', async () => {
    const dataDirectory = ownPath('data')
    const request = { options: { dataDirectory, settings: fast } }
    const all = await Promise.all([1, 2, 3].map(() => startInProcess(request)))
    expect(all.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect(all.map(({ database }) => database?.role).sort()).toEqual(['guest', 'guest', 'owner'])
    await ask(all[0]?.database?.connection, 'create table shared ()')
    for (const { database } of all)
      expect(await ask(database?.connection, 'select * from shared')).toEqual([])
    expect(readdirSync(dataDirectory).filter((name) => name.includes('.new-'))).toEqual([])
  })

  it('may have a guest that ends without ending the database', async () => {
    const dataDirectory = await folderWithDatabase()
    const owner = await start({ dataDirectory })
    const guest = await start({ dataDirectory, databaseName: 'demonstration' })
    expect(guest).toMatchObject({ role: 'guest', connection: { database: 'demonstration' } })
    await guest.stop()
    expect(await ask(owner.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await ask(guest.connection, 'select current_database() as name')).toEqual([
      { name: 'demonstration' },
    ])
  })

  it('wait for a database that is being stopped, and start it again', async () => {
    const dataDirectory = await folderWithDatabase()
    const first = await start({ dataDirectory })
    await holdUpShutdown(first, 0.7)
    const stopped = first.stop()
    await until(() => readFileSync(join(dataDirectory, 'pg/postmaster.pid'), 'utf8').includes('stopping'))
    const second = await start({ dataDirectory })
    await stopped
    expect(second.role).toBe('owner')
  })

  it('wait no longer than they have patience, and say which process holds the database', async () => {
    const dataDirectory = await folderWithDatabase()
    const first = await start({ dataDirectory })
    await holdUpShutdown(first, 1.2)
    const stopped = first.stop()
    await until(() => readFileSync(join(dataDirectory, 'pg/postmaster.pid'), 'utf8').includes('stopping'))
    const pid = postmasterOf(dataDirectory)
    const { message } = await refusalOf({ dataDirectory }, { patienceMs: 200 })
    expect(message).toContain(
      `Another PostgreSQL (process ${pid}, state: stopping) holds ${dataDirectory}/pg`,
    )
    await stopped
  })
})

describe('the end', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('of its process by %s ends PostgreSQL', async (signal) => {
    const dataDirectory = await folderWithDatabase()
    const { process } = await startInProcess({ options: { dataDirectory, settings: fast } })
    expect(existsSync(join(dataDirectory, 'pg/postmaster.pid'))).toBe(true)
    process.kill(signal)
    await untilStopped(dataDirectory)
    expect(existsSync(join(dataDirectory, 'pg/postmaster.pid'))).toBe(false)
    expect((await start({ dataDirectory })).role).toBe('owner')
  })

  it('of a process that forgot to stop it ends PostgreSQL too', async () => {
    const dataDirectory = await folderWithDatabase()
    const { process } = await startInProcess({ options: { dataDirectory, settings: fast }, leaves: true })
    await until(() => process.exitCode === 0)
    await untilStopped(dataDirectory)
  })

  it('does not come by Ctrl-C, which a terminal sends to the whole group: the process drains first', async () => {
    const dataDirectory = await folderWithDatabase()
    const started = await startInProcess({ options: { dataDirectory, settings: fast } })
    const connection = started.database?.connection
    process.kill(-(started.process.pid ?? 0), 'SIGINT')
    await until(() => started.lines.some((line) => line.interrupted))
    expect(await ask(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    started.process.stdin?.write('stop\n')
    await until(() => started.lines.some((line) => line.stopped))
    expect(existsSync(join(dataDirectory, 'pg/postmaster.pid'))).toBe(false)
  })

  it('of PostgreSQL itself is said, and what was committed is there at the next start', async () => {
    const dataDirectory = await folderWithDatabase()
    const lines: string[] = []
    const settings = {}
    const crashed = await start({ dataDirectory, settings, log: (line) => lines.push(line) })
    expect(await ask(crashed.connection, 'show fsync')).toEqual([{ fsync: 'on' }])
    await ask(crashed.connection, 'create table kept as select 1 as one')
    process.kill(postmasterOf(dataDirectory), 'SIGKILL')
    await until(() => lines.length > 0)
    expect(lines[0]).toMatch(/^PostgreSQL ended by itself/)
    expect(existsSync(join(dataDirectory, 'pg/postmaster.pid'))).toBe(true)
    const next = await start({ dataDirectory, settings })
    expect(next.role).toBe('owner')
    expect(await ask(next.connection, 'select * from kept')).toEqual([{ one: 1 }])
  })

  it('is recovered from even if another program now has the number that PostgreSQL had', async () => {
    const dataDirectory = await folderWithDatabase({ owner: ordinaryUser })
    const request = {
      options: { dataDirectory, settings: fast },
      account: ordinaryUser,
    }
    const crashed = await startInProcess(request)
    process.kill(postmasterOf(dataDirectory), 'SIGKILL')
    await until(() => crashed.lines.some((line) => line.log?.startsWith('PostgreSQL ended by itself')))
    const pidFile = join(dataDirectory, 'pg/postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(crashed.process.pid)))
    const { database, error } = await startInProcess(request)
    expect(error).toBeUndefined()
    expect(database?.role).toBe('owner')
  })

  it('leaves a file that is not taken for that of the next one, which in a container has the same number', async () => {
    const dataDirectory = await folderWithDatabase()
    const place = choosePlace(dataDirectory)
    await start({ dataDirectory })
    const number = postmasterOf(dataDirectory)
    expect(await isServedBy(place, number)).toBe(true)
    process.kill(number, 'SIGKILL')
    await until(() => !isRunning(number))
    expect(readFileSync(join(dataDirectory, 'pg/postmaster.pid'), 'utf8')).toContain('ready')
    expect(await isServedBy(place, number)).toBe(false)
  })

  it('in the middle of a first start leaves nothing that the next one keeps', async () => {
    const dataDirectory = ownFolder()
    const { pid } = spawnSync('true') // a number that was a process's
    mkdirSync(join(dataDirectory, `pg.new-${pid}-0a1b2c3d/base`), { recursive: true })
    await start({ dataDirectory })
    expect(readdirSync(dataDirectory).filter((name) => name.includes('.new-'))).toEqual([])
  })
})

describe('a copy of the folder', () => {
  it('made while the database ran is a database of its own', async () => {
    const dataDirectory = await folderWithDatabase()
    const original = await start({ dataDirectory })
    await ask(original.connection, 'create table before_the_copy ()')
    const copy = ownPath('copy')
    execFileSync('cp', ['-a', dataDirectory, copy])
    const copied = await start({ dataDirectory: copy })
    expect(copied.role).toBe('owner')
    await ask(original.connection, 'create table after_the_copy ()')
    const tables = `select relname from pg_class where relname like '%the_copy'`
    expect(await ask(copied.connection, tables)).toEqual([{ relname: 'before_the_copy' }])
  })
})
