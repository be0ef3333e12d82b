/** `preau restore`: what a backup holds comes back whole on another PostgreSQL, or not at all. */
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateTo } from '../../src/platform/db/migrate.ts'
import { withOneConnection } from '../../src/platform/db/one-connection.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { sha256Hex } from '../../src/platform/files/files.ts'
import { newId } from '../../src/platform/ids.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { dataFolder, preau } from '../support/command.ts'
import { cloneDatabase, databaseUrl } from '../support/database.ts'
import {
  addEvidence,
  alterationsIn,
  backUp,
  backupFolder,
  databaseOfPlainOwner,
  fileIn,
  repack,
  restoreInto,
  unzip,
} from '../support/evidence.ts'
import { figuresOf } from '../support/figures.ts'
import { removeTestFolder } from '../support/test-folder.ts'

let app: TestApp
/** A backup of the organisation with every kind of evidence. */
let file: string
const folder = backupFolder()

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  await addEvidence(app, await app.signIn('admin'))
  file = fileIn(folder)
  await backUp(app.url, file)
})
afterAll(async () => {
  await app.close()
  removeTestFolder(folder)
})

/** A database of its own with today's schema and no rows: nobody has started a server on it, which makes a key. */
async function emptyDatabase(): Promise<string> {
  const { connection } = await cloneDatabase()
  const db = openDatabase(connection, { maxConnections: 1 })
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    for (const table of ['ledger_key', 'ledger_checkpoint', 'audit_entry'])
      await sql`delete from ${sql.table(table)}`.execute(trx)
  })
  await db.destroy()
  return databaseUrl(connection)
}

/** A backup of what stood for a moment, behind the back of Préau. */
async function backUpWith(change: string, changeBack: string): Promise<string> {
  const behindTheBack = (statement: string) =>
    app.deps.db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql.raw(statement).execute(trx)
    })
  const backup = fileIn(folder)
  await behindTheBack(change)
  await backUp(app.url, backup)
  await behindTheBack(changeBack)
  return backup
}

/** What the manifest says of the tables. */
async function tablesIn(backup: string): Promise<unknown> {
  return JSON.parse((await unzip(backup)).get('manifest.json') ?? '').tables
}

describe('a backup', () => {
  it('moves an organisation to a database whose owner may do nothing else, and nothing changes', async () => {
    const url = await databaseOfPlainOwner()
    const served = JSON.parse(await restoreInto(url, file, { json: true }))
    expect(served).toMatchObject({ migrated: [], mails: 0, evidence: { documents: 4 } })
    const period = { from: '2026-01-01', to: '2026-12-31' }
    expect(await figuresOf(url, period)).toBe(await figuresOf(app.url, period))

    const { manifest } = await backUp(url, fileIn(folder))
    expect(manifest.tables).toEqual(await tablesIn(file))
  })

  it('moves it to an embedded database, and nothing changes', async () => {
    const env = { PREAU_DATA_DIR: dataFolder() }
    expect((await preau(['restore', file], env).ended()).code).toBe(0)
    const fromEmbedded = fileIn(folder)
    expect((await preau(['backup', fromEmbedded], env).ended()).code).toBe(0)
    expect(await tablesIn(fromEmbedded)).toEqual(await tablesIn(file))
  })

  it('goes on where it was: the next number, the next event and the next entry of the audit', async () => {
    const url = await emptyDatabase()
    await restoreInto(url, file)
    const db = openDatabase({ connectionString: url })
    await sql`update issued_document set revoked_at = now(), revoked_reason = 'Erreur', version = version + 1
      where revoked_at is null and number = 2`.execute(db)
    await expect(sql`delete from audit_entry`.execute(db)).rejects.toMatchObject({ code: 'PR001' })
    await sql`insert into audit_entry (id, occurred_at, actor_kind, action, subject_kind, changes, request_id)
      values (${newId()}, now(), 'system', 'x', 'x', '{}', 'x')`.execute(db)
    const { rows } = await sql<{ sequence: number }>`
      select sequence from audit_entry order by sequence desc limit 2`.execute(db)
    expect(rows[0]?.sequence).toBeGreaterThan(rows[1]?.sequence ?? 0)
    expect(await db.transaction().execute(alterationsIn)).toEqual([])
    await db.destroy()
  })

  it('made before an upgrade comes back upgraded, its documents in the ledger', async () => {
    const before = await databaseOfPlainOwner()
    await organisationOfVersion1(before)
    const old = fileIn(folder)
    await backUp(before, old)
    // Not into today's schema, which cannot become an older one.
    const refused = restoreInto(await emptyDatabase(), old)
    await expect(refused).rejects.toThrow('has the migration 0010_sign_in, which the backup has not')
    const restored = JSON.parse(await restoreInto(await databaseOfPlainOwner(), old, { json: true }))
    expect(restored.migrated.at(0)).toMatch(/^0010_/)
    expect(restored.evidence).toMatchObject({ documents: 1, documentEvents: 1 })
  })

  it('never sends a mail twice: what waited then is not known now', async () => {
    const withMails = await backUpWith(
      `insert into outgoing_mail (id, created_at, updated_at, template, address, data, state)
        select gen_random_uuid(), now(), now(), 'x', 'x@example.org', '{}', state
        from unnest(array['queued', 'sending', 'sent']) state`,
      'delete from outgoing_mail',
    )
    const url = await emptyDatabase()
    expect(await restoreInto(url, withMails)).toContain('2 mails waited')
    const db = openDatabase({ connectionString: url })
    const mails = await db.selectFrom('outgoingMail').select('state').orderBy('state').execute()
    expect(mails.map(({ state }) => state)).toEqual(['sent', 'unknown', 'unknown'])
    await db.destroy()
  })
})

/** An organisation with a certificate, in the schema of the first version. */
async function organisationOfVersion1(url: string): Promise<void> {
  await withOneConnection({ connectionString: url }, (one) =>
    one.transaction('writing', async (trx) => {
      await migrateTo(trx, '0009_compliance')
      const id = newId()
      const statements = [
        `insert into organisation (id, created_at, updated_at, legal_name, siret, declaration_number, declaration_region,
          time_zone, address, email, representative, vat_exempt)
          values (:id, now(), now(), 'OF', 'x', 'x', 'x', 'Europe/Paris', '{}', 'x', '{}', true)`,
        `insert into person (id, created_at, updated_at, first_name, last_name) values (:id, now(), now(), 'Alix', 'Le Goff')`,
        `insert into training (id, created_at, updated_at, code, status) values (:id, now(), now(), 'ECO', 'published')`,
        `insert into training_version (id, training_id, number, published_at, title) values (:id, :id, 1, now(), 'Éco')`,
        `update training set published_version_id = :id`,
        `insert into training_session (id, created_at, updated_at, reference, training_version_id, status, opened_at,
          time_zone, modality, capacity, approval, visibility, subcontracting, bpf_scope) values (:id, now(), now(), 'S-1',
          :id, 'closed', now(), 'Europe/Paris', 'onsite', 10, 'automatic', 'public', 'none', 'included')`,
        `insert into enrolment (id, created_at, updated_at, session_id, person_id, status)
          values (:id, now(), now(), :id, :id, 'completed')`,
        `insert into document_number values ('certificate', 2025, 1)`,
        `insert into issued_document (id, created_at, updated_at, kind, year, number, session_id, enrolment_id, person_id,
          model, template_source, template_version, attended_minutes, issued_at, verification_code)
          values (:id, now(), now(), 'certificate', 2025, 1, :id, :id, :id, '{}', 'x', '1', 420, now(), 'x')`,
      ]
      for (const statement of statements) await sql.raw(statement.replaceAll(':id', `'${id}'`)).execute(trx)
    }),
  )
}

describe('a restore is refused and changes nothing', () => {
  it('when the file is damaged, before a database is even looked for', async () => {
    const damaged = fileIn(folder)
    writeFileSync(damaged, readFileSync(file).subarray(0, -100))
    const refused = restoreInto('postgres://nowhere.invalid/x', damaged)
    await expect(refused).rejects.toThrow('it is not whole')
  })

  it('into a database that holds anything, or tables of another program', async () => {
    await expect(restoreInto(app.url, file)).rejects.toThrow('not empty: there are rows in account')
    const others = await databaseOfPlainOwner()
    const db = openDatabase({ connectionString: others })
    await sql`create table ledger (entry text)`.execute(db)
    await db.destroy()
    await expect(restoreInto(others, file)).rejects.toThrow("not Préau's (ledger)")
  })

  it('from a newer version', async () => {
    const newer = fileIn(folder)
    await repack(file, newer, (entries) => {
      const manifest = JSON.parse(entries.get('manifest.json') ?? '')
      manifest.migrations.push('9999_future')
      entries.set('manifest.json', JSON.stringify(manifest))
    })
    await expect(restoreInto(await emptyDatabase(), newer)).rejects.toThrow('comes from a newer Préau')
  })

  it('when its rows do not fit each other, however well it is sealed', async () => {
    const forged = fileIn(folder)
    await repack(file, forged, (entries) => {
      const manifest = JSON.parse(entries.get('manifest.json') ?? '')
      const person = manifest.tables.find((table: { name: string }) => table.name === 'person')
      Object.assign(person, { rows: 0, bytes: 0, sha256: sha256Hex('') })
      entries.set('tables/person.copy', '')
      entries.set('manifest.json', JSON.stringify(manifest))
    })
    const url = await emptyDatabase()
    await expect(restoreInto(url, forged)).rejects.toThrow('rows that the database does not take')
    expect(await restoreInto(url, file)).toContain('4 documents')
  })

  it('when the demonstration would be taken for a real organisation, or the other way round', async () => {
    const backup = await backUpWith(
      'update organisation set is_demonstration = true',
      'update organisation set is_demonstration = false',
    )
    const url = await emptyDatabase()
    await expect(restoreInto(url, file, { demonstration: true })).rejects.toThrow('a real organisation')
    await expect(restoreInto(url, backup)).rejects.toThrow('--demonstration')
    expect(await restoreInto(url, backup, { demonstration: true })).toContain('4 documents')
  })

  it('when its evidence had been altered before, unless that is accepted', async () => {
    const backup = await backUpWith(
      'update issued_document set attended_minutes = attended_minutes + 7 where number = 2',
      'update issued_document set attended_minutes = attended_minutes - 7 where number = 2',
    )
    const url = await emptyDatabase()
    await expect(restoreInto(url, backup)).rejects.toThrow(
      'attended_minutes of CR-2026-0002 is not what was written',
    )
    expect(await restoreInto(url, backup, { acceptAlterations: true })).toContain('4 documents')
  })

  it('when it is killed in the middle, and can then be done again', async () => {
    const DATABASE_URL = await emptyDatabase()
    const db = openDatabase({ connectionString: DATABASE_URL })
    // Holds the restore up after the tables before this one.
    await sql`create function dawdle() returns boolean language sql as 'select pg_sleep(30) is not null'`.execute(
      db,
    )
    await sql`alter table enrolment add constraint dawdles check (dawdle())`.execute(db)
    const command = preau(['restore', file], { DATABASE_URL })
    const loading = sql<{ pid: number }>`select pid from pg_stat_activity where wait_event = 'PgSleep'
      and datname = current_database()`
    let pid: number | undefined
    while (pid === undefined && command.child.exitCode === null) {
      pid = (await loading.execute(db)).rows[0]?.pid
      await sleep(20)
    }
    command.child.kill('SIGKILL')
    await command.ended()
    await sql`select pg_terminate_backend(${pid})`.execute(db) // which would otherwise sleep on
    const { rows } = await sql`select from account`.execute(db)
    expect(rows).toEqual([])
    await sql`alter table enrolment drop constraint dawdles`.execute(db)
    await db.destroy()
    expect(await restoreInto(DATABASE_URL, file)).toContain('4 documents')
  })
})
