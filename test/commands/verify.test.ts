/** `preau verify`: somebody with the keys of the database changes evidence behind the back of Préau, and is found. */
import { sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../src/commands/verify.ts'
import { verifySinceBackup } from '../../src/compliance/evidence-since-backup.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import type { Alteration } from '../../src/platform/alteration.ts'
import { openBackup } from '../../src/platform/backup/read-backup.ts'
import { withOneConnection } from '../../src/platform/db/one-connection.ts'
import { speakPlainly } from '../../src/platform/db/plain-values.ts'
import { heldSession } from '../certification/held-session.ts'
import {
  tamper as alter,
  attendanceEvidence,
  changesOf,
  columnsOf,
  dropConstraints,
  guardedTables,
  otherValue,
} from '../support/alterations.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { preau } from '../support/command.ts'
import {
  addEvidence,
  alterationsIn,
  backUp,
  backupFolder,
  type EvidenceWorld,
  fileIn,
} from '../support/evidence.ts'
import { ledgerKeyPem } from '../support/ledger-key.ts'
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

/** Tables whose rows are evidence: the column that tells which of them to alter, and as what it is named then. */
const evidence = {
  document_number: { key: 'year', kind: 'numbers' },
  issued_document: { key: 'number', kind: 'document' },
  document_event: { key: 'sequence', kind: 'document' },
  document_head: { key: 'sequence', kind: 'document' },
  stored_file: { key: 'sha256', kind: 'file' },
} as const

/** Tables that are guarded as well and are proved in another way, or say what is offered and not what was done. */
const otherwise = ['audit_entry', 'certification', 'training_version']

/** Columns that prove nothing, each with the reason. */
const proveNothing = new Set([
  // Two documents with the same bytes share a file: each has the moment in its own event.
  'stored_file.created_at',
])

/** The key of tests is kept beside the database, in a folder of its own. */
const configHere = () =>
  readConfig({ DATABASE_URL: app.url, PREAU_DATA_DIR: folder, PREAU_LEDGER_KEY: ledgerKeyPem })

/** Changes what nobody can through Préau, looks at it, and puts it back. */
const tamper = <T>(statements: readonly string[], look: (trx: Transaction<Database>) => Promise<T>) =>
  alter(app.deps.db, statements, look)

/** One row of the table: the last one in the order of its key, which has everything a row can have. */
function rowOf(table: keyof typeof evidence): string {
  const { key } = evidence[table]
  return `ctid = (select ctid from ${table} order by ${key} desc limit 1)`
}

/** A file of another type is named by what it is part of. */
function isNamedAs(table: keyof typeof evidence, kind: Alteration['kind']): boolean {
  return kind === evidence[table].kind || (table === 'stored_file' && kind === 'document')
}

describe('what Préau itself has written', () => {
  it('is found unaltered, after corrections, a revocation and a replacement', async () => {
    expect(await tamper([], alterationsIn)).toEqual([])
  })

  it('stays so while certificates are issued and revoked at once, and while people mark', async () => {
    const sessions = [
      await heldSession(app, admin, { learners: 1 }),
      await heldSession(app, admin, { learners: 1 }),
    ]
    const issued = await Promise.all(sessions.map(({ id }) => admin.post(`/api/sessions/${id}/certificates`)))
    const path = `/api/slots/${world.open.slots[1]?.id}/attendance`
    const marks = world.open.learners.map(({ enrolmentId }) => ({
      enrolmentId,
      status: 'absent',
      reasonCode: 'other',
    }))
    const work = Promise.all([
      ...issued.map(({ body }) =>
        admin.post(`/api/certificates/${body.issued[0].id}/revoke`, { reason: 'Erreur' }),
      ),
      ...marks.map((mark) => admin.put(path, { marks: [mark] })),
    ])
    expect(await verify(configHere(), () => {}, { json: false })).toBe(true)
    expect((await work).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await tamper([], alterationsIn)).toEqual([])
  })

  it.each([
    ['an event of a document changed', `update document_event set body = ''`],
    ['an event of a document deleted', 'delete from document_event'],
    ['all of them gone', 'truncate document_event'],
    ['their chain cut short', 'update document_head set sequence = 0'],
    ['their chain forgotten', 'delete from document_head'],
    ['all chains gone', 'truncate document_head'],
    ['all chains of attendance gone', 'truncate ledger_head'],
    ['all numbers gone', 'truncate document_number'],
  ])('the database refuses %s', async (_, statement) => {
    await expect(sql.raw(statement).execute(app.deps.db)).rejects.toMatchObject({ code: 'PR001' })
  })
})

describe('an alteration of evidence is found and named', () => {
  it('in every table that the database keeps from being changed', async () => {
    const proved = [...Object.keys(evidence), ...attendanceEvidence, ...otherwise]
    const guarded = await guardedTables(app.deps.db)
    expect(guarded.filter((table) => !proved.includes(table))).toEqual([])
  })

  it('in every column of every table that is evidence', async () => {
    const tables = Object.keys(evidence)
    const checks = await dropConstraints(app.deps.db, tables)
    const missed: string[] = []
    for (const one of await columnsOf(app.deps.db, tables)) {
      const { column } = one
      const table = one.table as keyof typeof evidence
      if (proveNothing.has(`${table}.${column}`)) continue
      for (const change of changesOf(one)) {
        const found = await tamper(
          [...checks, `update ${table} set "${column}" = ${change} where ${rowOf(table)}`],
          alterationsIn,
        )
        if (!found.some(({ kind }) => isNamedAs(table, kind))) missed.push(`${table}.${column} = ${change}`)
      }
    }
    expect(missed).toEqual([])
  })

  it.each(Object.keys(evidence))('when rows of %s are deleted, one or all', async (table) => {
    const one = await tamper(
      [`delete from ${table} where ${rowOf(table as keyof typeof evidence)}`],
      alterationsIn,
    )
    expect(one).not.toEqual([])
    expect(await tamper([`delete from ${table}`], alterationsIn)).not.toEqual([])
  })

  it.each([
    [
      'a document',
      `insert into issued_document select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
        'number', number + 1, 'verification_code', 'x', 'enrolment_id', gen_random_uuid()))).*
        from issued_document d order by number desc limit 1`,
    ],
    ['a series of numbers', `insert into document_number values ('certificate', 2020, 3)`],
    [
      'an event of a document',
      `insert into document_event select sequence + 1, document_id, body, hash, repeat('0', 64)
        from document_event order by sequence desc limit 1`,
    ],
    [
      'a file',
      `insert into stored_file values (encode(sha256('x'), 'hex'), 'application/pdf', 1, 'x', now())`,
    ],
  ])('when %s is slipped in', async (_, statement) => {
    expect(await tamper([statement], alterationsIn)).not.toEqual([])
  })

  it('when two events of documents change places', async () => {
    const found = await tamper(
      [
        'update document_event set sequence = sequence + 1000 where sequence in (2, 3)',
        'update document_event set sequence = 5 - (sequence - 1000) where sequence > 1000',
      ],
      alterationsIn,
    )
    expect(found[0]).toMatchObject({ code: 'broken-link', sequence: 2 })
  })

  it('with the learner’s session, the event, and what is wrong with it', async () => {
    const found = await tamper(
      [
        `update attendance_event set body = replace(body, '"minutes":90', '"minutes":91')
          where session_id = '${world.open.id}' and sequence = 2`,
        `update attendance_mark set attended_minutes = 1 where session_id = '${world.closed.id}' and slot_id =
          '${world.closed.slots[0]?.id}' and enrolment_id = '${world.closed.learners[0]?.enrolmentId}'`,
      ],
      alterationsIn,
    )
    expect(found).toHaveLength(2)
    expect(found).toContainEqual({
      kind: 'attendance',
      id: world.open.id,
      reference: world.open.reference,
      code: 'wrong-hash',
      sequence: 2,
      detail: 'event 2 is not what was hashed',
    })
    expect(found).toContainEqual({
      kind: 'attendance',
      id: world.closed.id,
      reference: world.closed.reference,
      code: 'mark-differs',
      sequence: expect.any(Number),
      detail: expect.stringContaining('attendedMinutes'),
    })
  })

  it.each([
    [
      'a name',
      `update issued_document set model = jsonb_set(model, '{learner,lastName}', '"Autre"')`,
      'model',
    ],
    [
      'the template',
      `update issued_document set template_source = template_source || ' '`,
      'template_source',
    ],
    [
      'a hash put where the text was',
      `update issued_document set template_source = 'sha256:' || encode(sha256(convert_to(template_source, 'UTF8')), 'hex')`,
      'template_source',
    ],
    [
      'a revocation taken back',
      `drop index issued_document_valid_unique;
        update issued_document set revoked_at = null, revoked_by = null, revoked_reason = null, replaced_by_id = null`,
      'revoked_reason',
    ],
  ])('with the number of the certificate and the column: %s', async (_, change, column) => {
    const found = await tamper([`${change} where number = 1`], alterationsIn)
    expect(found).toContainEqual({
      kind: 'document',
      id: expect.any(String),
      reference: 'CR-2026-0001',
      code: 'column-differs',
      sequence: expect.any(Number),
      detail: `${column} of CR-2026-0001 is not what was written`,
    })
    expect(found.every(({ reference }) => reference === 'CR-2026-0001')).toBe(true)
  })

  it('when a certificate is gone with all its traces but its number', async () => {
    const found = await tamper(
      [
        `delete from document_event where document_id = (select id from issued_document where number = 2)`,
        `delete from issued_document where number = 2`,
      ],
      alterationsIn,
    )
    expect(found.map(({ code }) => code)).toContain('number-gap')
  })

  it('when something refers to what is nowhere, and when a trigger was switched off', async () => {
    const found = await tamper(
      [
        `delete from slot where id = '${world.open.slots[0]?.id}'`,
        'alter table audit_entry disable trigger audit_entry_append_only',
      ],
      alterationsIn,
    )
    const codes = found.map(({ kind, code }) => `${kind} ${code}`)
    expect(new Set(codes)).toEqual(new Set(['reference leads-nowhere', 'trigger switched-off']))
  })
})

describe('what no database can know of itself is found beside a backup', () => {
  let file: string
  beforeAll(async () => {
    file = fileIn(folder)
    await backUp(app.url, file)
  })

  const restored = new Error('as it was')

  /** Changes, compares with the backup and puts it back, on the one connection that both need. */
  async function sinceBackup(statements: readonly string[]): Promise<Alteration[]> {
    const found: Alteration[] = []
    const backup = await openBackup(file)
    await withOneConnection({ connectionString: app.url }, (one) =>
      one.transaction('writing', async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx)
        for (const statement of statements) await sql.raw(statement).execute(trx)
        await speakPlainly(trx)
        await verifySinceBackup(one, trx, backup, (alteration) => found.push(alteration))
        throw restored
      }),
    ).catch((error) => {
      if (error !== restored) throw error
    })
    backup.close()
    return found
  }

  it('nothing, when people have only gone on working', async () => {
    const [learner] = world.open.learners
    const marks = [{ enrolmentId: learner?.enrolmentId, status: 'present' }]
    await admin.put(`/api/slots/${world.open.slots[1]?.id}/attendance`, { marks })
    expect(await sinceBackup([])).toEqual([])
  })

  it('a session’s attendance that is gone as a whole, chain and marks', async () => {
    const ofSession = `where session_id = '${world.open.id}'`
    const gone = ['attendance_mark', 'attendance_event', 'ledger_head'].map(
      (table) => `delete from ${table} ${ofSession}`,
    )
    const [found] = await sinceBackup(gone)
    expect(found).toMatchObject({ id: world.open.id, reference: world.open.reference, code: 'cut-off' })
  })

  it('a chain written anew from its first event', async () => {
    const [found] = await sinceBackup([
      `update attendance_event set hash = encode(sha256(convert_to('new' || hash, 'UTF8')), 'hex')
        where session_id = '${world.open.id}'`,
    ])
    expect(found).toMatchObject({ id: world.open.id, code: 'rewritten' })
  })

  it('the last certificate, gone with its number', async () => {
    const found = await sinceBackup([
      'delete from document_event where sequence > 3',
      'update document_number set last_number = last_number - 1',
    ])
    expect(found).toEqual([
      expect.objectContaining({ kind: 'document', code: 'cut-off' }),
      expect.objectContaining({ kind: 'numbers', code: 'cut-off' }),
    ])
  })

  it('an entry of the audit that is gone, or says another thing in any column', async () => {
    const entry = 'where sequence = (select min(sequence) from audit_entry)'
    expect(await sinceBackup([`delete from audit_entry ${entry}`])).toEqual([
      expect.objectContaining({ kind: 'audit', code: 'missing' }),
    ])
    const { rows } = await sql<{ column: string; type: string }>`
      select column_name as "column", udt_name as type from information_schema.columns
      where table_name = 'audit_entry' and column_name <> 'id'`.execute(app.deps.db)
    for (const { column, type } of rows) {
      const value = otherValue[type]?.replaceAll(':column', `"${column}"`)
      const found = await sinceBackup([
        'alter table audit_entry drop constraint audit_entry_actor_kind_check',
        'alter table audit_entry drop constraint if exists audit_entry_process_of_system',
        'alter table audit_entry alter column sequence drop identity',
        `update audit_entry set "${column}" = ${value} ${entry}`,
      ])
      expect(found, column).toEqual([expect.objectContaining({ kind: 'audit', code: 'differs' })])
    }
  })

  it('and the command says so, with code 1, for people and for machines', async () => {
    await app.deps.db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`delete from audit_entry where sequence = (select min(sequence) from audit_entry)`.execute(trx)
      await sql`update attendance_mark set attended_minutes = 5 where attended_minutes = 90`.execute(trx)
    })
    const people = await preau(['verify', '--against', file], {
      DATABASE_URL: app.url,
      PREAU_DATA_DIR: folder,
    }).ended()
    expect(people.code).toBe(1)
    expect(people.output).toContain(
      `attendance ${world.open.reference} ${world.open.id} event 2: the mark of`,
    )
    expect(people.output).toContain('ALTERED in 2 places')
    const lines: string[] = []
    expect(await verify(configHere(), (line) => lines.push(line), { against: file, json: true })).toBe(false)
    expect(JSON.parse(lines.join(''))).toMatchObject({
      alterations: [
        { kind: 'attendance', code: 'mark-differs', sequence: 2 },
        { kind: 'audit', code: 'missing' },
      ],
      isUnaltered: false,
      verified: { sessions: expect.any(Number), documents: expect.any(Number) },
      against: { file, hasDocumentLedger: true },
    })
  })
})
