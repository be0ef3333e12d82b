import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { accountForRoot, isRoot } from '../../../src/platform/db/embedded-system.ts'
import { assertUtf8 } from '../../../src/platform/db/encoding.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { startInProcess } from '../../support/embedded-process.ts'
import {
  ask,
  copyPackage,
  fast,
  folderWithDatabase,
  ordinaryUid,
  ordinaryUser,
  ownFolder,
  ownPath,
  reachablePackage,
  refusalOf,
  removeOwnFolders,
  start,
} from '../../support/embedded-world.ts'

afterAll(removeOwnFolders)

describe('the place of the data', () => {
  it('is the folder asked for when an ordinary user starts, behind a private socket, without password or TCP', async () => {
    const home = ownFolder({ mode: 0o700, owner: ordinaryUser })
    const dataDirectory = join(home, 'préau/data')
    const { database, lines } = await startInProcess({
      options: { dataDirectory, settings: fast },
      account: ordinaryUser,
    })
    expect(database).toEqual({
      connection: { host: join(dataDirectory, 'socket'), port: 5432, user: 'preau', database: 'preau' },
      dataDirectory,
      relocated: false,
      role: 'owner',
    })
    expect(lines.filter((line) => line.log)).toEqual([])
    expect(readdirSync(dataDirectory).sort()).toEqual(['pg', 'postgresql.log', 'socket'])
    for (const name of ['pg', 'socket']) {
      const { uid, mode } = statSync(join(dataDirectory, name))
      expect({ uid, mode: mode & 0o777 }).toEqual({ uid: ordinaryUid, mode: 0o700 })
    }
    const [settings] = await ask(database?.connection, `select current_setting('listen_addresses') tcp`)
    expect(settings).toEqual({ tcp: '' })
  })

  it('may have a name with spaces, commas, quotes and accents', async () => {
    const dataDirectory = await folderWithDatabase({ path: ownPath('Préau, « l’asso » "2026"') })
    const { connection } = await start({ dataDirectory })
    expect(connection.host).toBe(join(dataDirectory, 'socket'))
    expect(await ask(connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('may have a path longer than a socket can have, and guests still find it', async () => {
    const dataDirectory = await folderWithDatabase({ path: ownPath('é'.repeat(30), 'è'.repeat(40)) })
    const owner = await start({ dataDirectory })
    onTestFinished(() => rmSync(owner.connection.host, { recursive: true }))
    const guest = await start({ dataDirectory })
    expect([owner.role, guest.role]).toEqual(['owner', 'guest'])
    expect(guest.connection).toEqual(owner.connection)
    expect(Buffer.byteLength(`${dataDirectory}/socket/.s.PGSQL.5432`)).toBeGreaterThan(107)
    expect(await ask(guest.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(statSync(owner.connection.host).mode & 0o777).toBe(0o700)
  })

  it('stays usable under a strict umask', async () => {
    const { database, error } = await startInProcess({
      options: { dataDirectory: ownPath('new/data'), settings: fast },
      mask: 0o077,
    })
    expect(error).toBeUndefined()
    expect(database?.relocated).toBe(false)
  })
})

if (isRoot()) {
  describe('the place of the data when root starts', () => {
    it('is the folder asked for, run by another user than root, when that user can reach it', async () => {
      const dataDirectory = ownPath('data')
      const { relocated } = await start({ dataDirectory })
      expect(relocated).toBe(false)
      expect(statSync(join(dataDirectory, 'pg')).uid).toBe(accountForRoot().uid)
    })

    it('is run by nobody where there is no user postgres', async () => {
      const tools = ownFolder()
      writeFileSync(join(tools, 'id'), '#!/bin/sh\n[ "$2" = postgres ] && exit 1\nexec /usr/bin/id "$@"\n', {
        mode: 0o755,
      })
      const dataDirectory = ownPath('data')
      const { database } = await startInProcess({
        options: { dataDirectory, settings: fast },
        path: `${tools}:${process.env.PATH}`,
      })
      expect(database?.role).toBe('owner')
      expect(statSync(join(dataDirectory, 'pg')).uid).toBe(ordinaryUid)
    })

    it('is under /var/lib/preau when that user cannot reach it, one line says so, and it is found again', async () => {
      const asked = join(ownFolder({ mode: 0o700 }), 'data')
      const lines: string[] = []
      const first = await start({ dataDirectory: asked, log: (line) => lines.push(line) })
      expect(first.relocated).toBe(true)
      expect(first.dataDirectory).toMatch(/^\/var\/lib\/preau\/preau-test-.*-data-[0-9a-f]{12}$/)
      expect(lines).toEqual([
        `The database is kept in ${first.dataDirectory}, because PostgreSQL, which cannot run as root, cannot reach ${asked}.`,
      ])
      await ask(first.connection, 'create table kept ()')
      await first.stop()
      execFileSync('chmod', ['755', join(asked, '..')])
      const second = await start({ dataDirectory: asked })
      expect(second.dataDirectory).toBe(first.dataDirectory)
      expect(await ask(second.connection, 'select * from kept')).toEqual([])
    })

    it('is never shared by two folders, even of the same name', async () => {
      const sameName = basename(ownFolder())
      const one = await start({ dataDirectory: join(ownFolder({ mode: 0o700 }), sameName, 'data') })
      const other = await start({ dataDirectory: join(ownFolder({ mode: 0o700 }), sameName, 'data') })
      expect([one.relocated, other.relocated]).toEqual([true, true])
      expect([one.role, other.role]).toEqual(['owner', 'owner'])
      expect(one.dataDirectory).not.toBe(other.dataDirectory)
    })

    it('stays the folder asked for when only the programs are out of reach, and they are copied beside it', async () => {
      const packageRoot = copyPackage(ownFolder({ mode: 0o700 }))
      const dataDirectory = await folderWithDatabase()
      const { relocated, connection } = await start({ dataDirectory }, { packageRoot })
      expect(relocated).toBe(false)
      const copied = readdirSync(dataDirectory).filter((name) => name.startsWith('postgresql-'))
      expect(copied).toHaveLength(1)
      expect(await ask(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    })

    it('remains that of an ordinary user who made it, and is run as that user', async () => {
      const dataDirectory = await folderWithDatabase({ owner: ordinaryUser })
      expect(await start({ dataDirectory })).toMatchObject({ role: 'owner', relocated: false })
      expect(statSync(join(dataDirectory, 'postgresql.log')).uid).toBe(ordinaryUid)
    })

    it('is refused to an ordinary user when it belongs to another', async () => {
      const dataDirectory = await folderWithDatabase()
      const { error } = await startInProcess({
        options: { dataDirectory },
        account: { uid: 4242, gid: 4242 },
      })
      expect(error?.message).toContain('belongs to user')
    })
  })
}

describe('the language of the database', () => {
  it('is French in UTF-8 whatever the machine speaks: order, letters, words', async () => {
    const { database } = await startInProcess({ options: { dataDirectory: ownPath('data'), settings: fast } })
    const rows = await ask(
      database?.connection,
      `select current_setting('server_encoding') encoding,
         (select string_agg(word, ' ' order by word)
            from unnest('{zèbre,Œuvre,côté,eau,cote,Élan,coté,côte}'::text[]) word) ordered,
         to_tsvector('« L’École » enseigne les formations')::text words,
         upper('œuvré') uppercase, 'ÉTÉ' ilike 'été' alike`,
    )
    expect(rows).toEqual([
      {
        encoding: 'UTF8',
        ordered: 'cote coté côte côté eau Élan Œuvre zèbre',
        words: "'enseign':3 'format':5 'le':4 'écol':2",
        uppercase: 'ŒUVRÉ',
        alike: true,
      },
    ])
  })

  it('must not be SQL_ASCII, neither here nor on a server', async () => {
    const dataDirectory = ownFolder()
    const account = isRoot() ? accountForRoot() : {}
    const cluster = join(dataDirectory, 'pg')
    execFileSync('install', [
      '-d',
      '-m',
      '700',
      ...(isRoot() ? ['-o', String(accountForRoot().uid)] : []),
      cluster,
    ])
    execFileSync(
      join(reachablePackage(), 'native/bin/initdb'),
      ['-D', cluster, '-U', 'preau', '-E', 'SQL_ASCII', '--locale=C', '-A', 'trust', '--no-sync'],
      { ...account, cwd: '/', stdio: 'ignore' },
    )
    const error = await refusalOf({ dataDirectory })
    expect(error.name).toBe('UnusableDatabase')
    expect(error.message).toContain('does not store UTF-8')
    expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false)

    const { connection } = await start({ dataDirectory: await folderWithDatabase() })
    await ask(
      connection,
      `create database ascii template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
    )
    const query = (database: string) => {
      const db = openDatabase({ ...connection, database })
      onTestFinished(() => db.destroy())
      return (statement: string) => sql.raw(statement).execute(db)
    }
    await expect(assertUtf8(query('ascii'))).rejects.toThrow('does not store UTF-8')
    await expect(assertUtf8(query('preau'))).resolves.toBeUndefined()
  })
})
