/** Somebody alters attendance behind the back of Préau, in every way and in every place, and is found. */
import { sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listEvents } from '../../../src/attendance/ledger/ledger.queries.ts'
import { signedText } from '../../../src/attendance/ledger/ledger.ts'
import {
  checkpointWhenMoved,
  readLastCheckpoint,
} from '../../../src/attendance/ledger/ledger-checkpoint.service.ts'
import { verifyCheckpoints } from '../../../src/attendance/ledger/ledger-checkpoint-verification.ts'
import { introduceKey } from '../../../src/attendance/ledger/ledger-key.ts'
import { listKeys } from '../../../src/attendance/ledger/ledger-keys.queries.ts'
import { rotateKey } from '../../../src/attendance/ledger/ledger-keys.ts'
import { readKeys } from '../../../src/attendance/ledger/ledger-signatories.ts'
import { type HandedOut, readStatements } from '../../../src/attendance/ledger/ledger-statement.ts'
import { verifyHandedOut } from '../../../src/attendance/ledger/ledger-statement-verification.ts'
import { verifyLedgers } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Outside, verifyEvidence } from '../../../src/compliance/evidence.ts'
import type { Database } from '../../../src/database.ts'
import type { Alteration } from '../../../src/platform/alteration.ts'
import { memoryKeyring, type Signer } from '../../../src/platform/keyring.ts'
import {
  attendanceEvidence,
  changesOf,
  columnsOf,
  dropConstraints,
  guardedTables,
  otherValue,
  tamper,
} from '../../support/alterations.ts'
import type { TestApp } from '../../support/app.ts'
import { eventKinds, everyEvent } from '../../support/every-event.ts'
import { type Body, forge } from '../../support/forging.ts'
import { anOpenSession, made, type RouteWorld, routeWorld } from '../../support/route-world.ts'

let world: RouteWorld
let app: TestApp
/** Of the last checkpoint: its mail, and its file. */
let mailed: HandedOut
let written: HandedOut
/** Holds the current key. */
let signer: Signer

beforeAll(async () => {
  world = await routeWorld()
  app = world.app
  await everyEvent(world)
  await checkpointWhenMoved(app.system)
  const { to } = await rotateKey(app.system, { isLost: false })
  const { session, callers } = world
  const marks = [
    { enrolmentId: session.enrolmentId, status: 'absent', reasonCode: 'illness', note: 'Fièvre' },
  ]
  made(await callers.trainer.put(`/api/slots/${session.slotIds[1]}/attendance`, { marks }))
  await checkpointWhenMoved(app.system)
  const last = await readLastCheckpoint(app.system)
  const [whole] = readStatements(last?.text ?? '') ?? []
  if (!whole) throw new Error('no checkpoint')
  written = whole
  mailed = { statement: whole.statement }
  signer = app.deps.keyring.signer(to) as Signer
  for (const statement of await dropConstraints(app.deps.db, attendanceEvidence))
    await sql.raw(statement).execute(app.deps.db)
}, 60_000)
afterAll(() => app.close())

const outside = (): Outside => ({ heldKeys: app.deps.keyring.keyIds() })

/** All that is found wrong; with what was handed out, only by comparing with that. */
async function faultsIn(trx: Transaction<Database>, of: Outside = outside()): Promise<Alteration[]> {
  const found: Alteration[] = []
  await verifyEvidence(
    trx,
    (alteration) => found.push(alteration),
    () => {},
    of,
  )
  return found
}

/** As above in a third of the time: attendance, keys and checkpoints alone. */
async function attendanceFaultsIn(trx: Transaction<Database>): Promise<Alteration[]> {
  const found: Alteration[] = []
  const take = (alteration: Alteration) => found.push(alteration)
  const keys = await readKeys(trx, app.deps.keyring.keyIds())
  for (const { keyId, ...fault } of keys.faults)
    take({ kind: 'key', id: keyId, reference: null, sequence: null, ...fault })
  await verifyCheckpoints(trx, keys, take)
  await verifyLedgers(trx, keys, take)
  return found
}

/** Changes what nobody can through Préau, looks at it, and puts it back. */
const alter = <T>(
  change: readonly string[] | ((trx: Transaction<Database>) => Promise<void>),
  look: (trx: Transaction<Database>) => Promise<T>,
) => tamper(app.deps.db, change, look)

/** What a fault in a row of the table is named as. */
const namedAs = (table: string): Alteration['kind'][] => {
  if (table === 'ledger_key') return ['key']
  return table.startsWith('ledger_checkpoint') ? ['checkpoint', 'attendance'] : ['attendance', 'reference']
}

/** The rows that are altered: the first of the table; of events the first of each kind. */
const rowsOf = (table: string) =>
  table === 'attendance_event'
    ? `ctid in (select distinct on (kind) ctid from ${table} order by kind, session_id, sequence)`
    : `ctid = (select min(ctid) from ${table})`

type Place = { sessionId: string; sequence: number }

async function placesOf(trx: Transaction<Database>): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select session_id, sequence from attendance_event where ${sql.raw(rowsOf('attendance_event'))}`.execute(
    trx,
  )
  return rows
}

/** Whether every altered event is named, by its place where that is not what was altered. */
function areNamed(places: readonly Place[], column: string, found: readonly Alteration[]): boolean {
  const isPlace = column === 'session_id' || column === 'sequence'
  return places.every(({ sessionId, sequence }) =>
    found.some((fault) => fault.id === sessionId && (isPlace || fault.sequence === sequence)),
  )
}

describe('attendance as Préau wrote it', () => {
  it('has an event of every kind, a row in every table of evidence, and nothing that is wrong', async () => {
    const { rows } = await sql<{ kind: string }>`select distinct kind from attendance_event`.execute(
      app.deps.db,
    )
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...new Set(eventKinds)].sort())
    for (const table of attendanceEvidence) {
      const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(app.deps.db)
      expect(rows, table).toHaveLength(1)
    }
    expect(await alter([], (trx) => faultsIn(trx, { ...outside(), handedOut: [mailed, written] }))).toEqual(
      [],
    )
  })

  it('is guarded in every table that is proved here', async () => {
    const guarded = await guardedTables(app.deps.db)
    const open = attendanceEvidence.filter((table) => !guarded.includes(table))
    expect(open).toEqual([])
  })
})

describe('without the key, an alteration is found and named', () => {
  it('in every column of every table, in events of every kind', async () => {
    const missed: string[] = []
    for (const one of await columnsOf(app.deps.db, attendanceEvidence)) {
      const { table, column } = one
      for (const change of changesOf(one)) {
        const update = `update ${table} set "${column}" = ${change} where ${rowsOf(table)}`
        let places: Place[] = []
        const alteration = async (trx: Transaction<Database>) => {
          places = table === 'attendance_event' ? await placesOf(trx) : []
          await sql.raw(update).execute(trx)
        }
        const isNamed = (found: Alteration[]) => found.some(({ kind }) => namedAs(table).includes(kind))
        let found = await alter(alteration, attendanceFaultsIn)
        if (!isNamed(found)) found = await alter(alteration, faultsIn)
        if (!isNamed(found) || !areNamed(places, column, found)) missed.push(`${table}.${column} = ${change}`)
      }
    }
    expect(missed).toEqual([])
  })

  it.for(attendanceEvidence.filter((table) => table !== 'attendance_payload'))(
    'when rows of %s are deleted: one, or all of them',
    async (table) => {
      const one = await alter([`delete from ${table} where ${rowsOf(table)}`], attendanceFaultsIn)
      expect(one.some(({ kind }) => namedAs(table).includes(kind))).toBe(true)
      expect(await alter([`delete from ${table}`], attendanceFaultsIn)).not.toEqual([])
    },
  )

  it('when everything is gone but the keys', async () => {
    const tables = attendanceEvidence.filter((table) => table !== 'ledger_key')
    const found = await alter([`truncate ${tables.join(', ')} cascade`], attendanceFaultsIn)
    expect(found).toContainEqual(expect.objectContaining({ kind: 'checkpoint', code: 'missing' }))
  })

  it('when an event of any kind is taken out', async () => {
    const places = await placesOf(app.deps.db as Transaction<Database>)
    for (const { sessionId, sequence } of places) {
      const gone = `delete from attendance_event where session_id = '${sessionId}' and sequence = ${sequence}`
      const found = await alter([gone], attendanceFaultsIn)
      expect(found.map(({ id }) => id)).toContain(sessionId)
    }
  })

  it.for(attendanceEvidence)('when a row is slipped into %s', async (table) => {
    const leadsNowhere = ['attendance_payload', 'attendance_scan_slot'].includes(table)
    const look = leadsNowhere ? faultsIn : attendanceFaultsIn
    const found = await alter([await copyInto(table)], look)
    expect(found.some(({ kind }) => namedAs(table).includes(kind))).toBe(true)
  })

  it.for([
    [
      'attendance_event',
      `session_id = (select session_id from attendance_event group by 1 having count(*) > 2 limit 1) and`,
    ],
    ['ledger_checkpoint', ''],
  ] as const)('when two rows of %s change places', async ([table, which]) => {
    const found = await alter(
      [
        `update ${table} set sequence = sequence + 1000 where ${which} sequence in (1, 2)`,
        `update ${table} set sequence = 3 - (sequence - 1000) where ${which} sequence > 1000`,
      ],
      attendanceFaultsIn,
    )
    expect(found[0]).toMatchObject({ code: 'broken-link' })
  })

  it('when the end of a ledger is cut off with all that it led to, while the audit or a checkpoint knows better', async () => {
    const { sessionId, sequence } = await uncovered()
    const cut = [
      `delete from attendance_payload where event_id in
        (select id from attendance_event where session_id = '${sessionId}' and sequence = ${sequence})`,
      ...['attendance_mark', 'attendance_event'].map(
        (table) => `delete from ${table} where ${table === 'attendance_mark' ? 'event_id in' : 'id in'}
          (select id from attendance_event where session_id = '${sessionId}' and sequence = ${sequence})`,
      ),
      `update ledger_head set sequence = sequence - 1, hash = (select hash from attendance_event event
        where event.session_id = ledger_head.session_id and event.sequence = ledger_head.sequence - 1)
        where session_id = '${sessionId}'`,
    ]
    expect(await alter(cut, faultsIn)).toEqual([
      expect.objectContaining({ kind: 'attendance', id: sessionId, code: 'cut-off', sequence }),
    ])
    const audit = `delete from audit_entry where subject_id = '${sessionId}' and changes ? 'events'`
    await checkpointWhenMoved(app.system)
    const afterwards = await alter([...cut, audit], faultsIn)
    expect(afterwards).toContainEqual(
      expect.objectContaining({ kind: 'attendance', id: sessionId, code: 'cut-off', sequence }),
    )
  })

  it('when the last checkpoint is taken back', async () => {
    const last = 'checkpoint_sequence = (select max(sequence) from ledger_checkpoint)'
    const found = await alter(
      [
        `delete from ledger_checkpoint_head where ${last}`,
        'delete from ledger_checkpoint where sequence = (select max(sequence) from ledger_checkpoint)',
        `update ledger_head set covered_sequence = coalesce((select max(sequence) from ledger_checkpoint_head head
          where head.session_id = ledger_head.session_id), 0)`,
      ],
      faultsIn,
    )
    expect(found).toEqual([expect.objectContaining({ kind: 'checkpoint', code: 'cut-off' })])
  })
})

/** A session with something recorded since the last checkpoint, and which event that is. */
async function uncovered(): Promise<Place> {
  const { session, callers } = world
  const marks = [{ enrolmentId: session.enrolmentId, status: 'present' }]
  const { admin } = callers
  const { slotIds, enrolmentId, id } = await anOpenSession(world)
  made(await admin.put(`/api/slots/${session.slotIds[0]}/attendance`, { marks }))
  for (const slotId of slotIds)
    made(await admin.put(`/api/slots/${slotId}/attendance`, { marks: [{ enrolmentId, status: 'present' }] }))
  const events = await listEvents(app.deps.db, id)
  return { sessionId: id, sequence: events.length }
}

/** A statement that copies a row of the table under another key. */
async function copyInto(table: string): Promise<string> {
  const { rows } = await sql<{ column: string; type: string }>`
    select attname::text as "column", typname::text as type from pg_index
    join pg_attribute on attrelid = indrelid and attnum = any(indkey) join pg_type t on t.oid = atttypid
    where indisprimary and indrelid = ${table}::regclass`.execute(app.deps.db)
  const key = rows.map(
    ({ column, type }) => `'${column}', ${otherValue[type]?.replaceAll(':column', `"${column}"`)}`,
  )
  return `insert into ${table} select (jsonb_populate_record(row, jsonb_build_object(${key.join(', ')}))).*
    from ${table} row where ${rowsOf(table)} limit 1`
}

describe('keys that are not Préau’s are found', () => {
  const own = memoryKeyring()
  const insert = (row: ReturnType<typeof introduceKey>) => async (trx: Transaction<Database>) => {
    await trx.insertInto('ledgerKey').values(row).execute()
  }

  it('one that says it follows the current one, which never said so', async () => {
    const attacker = own.create()
    const claim = introduceKey(attacker, now, { keyId: signer.keyId, signer: undefined })
    expect(await alter(insert(claim), attendanceFaultsIn)).toContainEqual(
      expect.objectContaining({ kind: 'key', id: attacker.keyId, code: 'key-not-vouched-for' }),
    )
    const introduction = { ...claim, previousSignature: attacker.sign(claim.body) }
    expect(await alter(insert(introduction), attendanceFaultsIn)).toContainEqual(
      expect.objectContaining({ kind: 'key', id: attacker.keyId, code: 'key-not-introduced' }),
    )
  })

  it('and what they sign is not signed', async () => {
    const attacker = own.create()
    const { session } = world
    const found = await alter(async (trx) => {
      await insert(introduceKey(attacker, now, { keyId: signer.keyId, signer: undefined }))(trx)
      await forge(
        trx,
        () => attacker,
        session.id,
        (bodies) => bodies,
      )
    }, attendanceFaultsIn)
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'attendance', id: session.id, code: 'wrong-signature', sequence: 1 }),
    )
  })

  it('all of them exchanged, and everything signed anew', async () => {
    const attacker = own.create()
    const found = await alter(async (trx) => {
      await trx.deleteFrom('ledgerKey').execute()
      await insert(introduceKey(attacker, now, undefined))(trx)
      for (const { sessionId } of await trx.selectFrom('ledgerHead').select('sessionId').execute())
        await forge(
          trx,
          () => attacker,
          sessionId,
          (bodies) => bodies,
        )
    }, attendanceFaultsIn)
    expect(found[0]).toMatchObject({ kind: 'key', code: 'keys-of-another' })
  })

  it('and one of the past signs nothing any more, even stolen', async () => {
    const { session } = world
    const [first] = await listKeys(app.deps.db)
    const old = app.deps.keyring.signer(first?.id ?? '') as Signer
    const found = await alter(async (trx) => {
      await sql`update attendance_event set key_id = ${old.keyId}, signature = null where session_id = ${session.id}`.execute(
        trx,
      )
      for (const { id, hash } of await listEvents(trx, session.id))
        await sql`update attendance_event set signature = ${old.sign(signedText(hash))} where id = ${id}`.execute(
          trx,
        )
    }, attendanceFaultsIn)
    expect(found[0]).toMatchObject({ kind: 'attendance', id: session.id, code: 'wrong-key' })
  })
})

const now = Temporal.Instant.from('2026-03-10T12:00:00Z')

/** What somebody might do with the events of a session; of which the first that it changes is this one. */
const edits: [string, (bodies: Body[], index: number) => Body[]][] = [
  [
    'altered',
    (bodies, index) => bodies.map((body, at) => (at === index ? { ...body, recordedBy: null } : body)),
  ],
  ['taken out', (bodies, index) => bodies.filter((_, at) => at !== index)],
  ['doubled', (bodies, index) => bodies.toSpliced(index, 0, { ...bodies[index], id: crypto.randomUUID() })],
  ['put first', (bodies, index) => [bodies[index] as Body, ...bodies.toSpliced(index, 1)]],
  ['cut off with all after it', (bodies, index) => bodies.slice(0, index)],
]

describe('with the key as well, what was handed out finds every alteration before it', () => {
  it.for(edits)('of an event of any kind that is %s', async ([, edit]) => {
    const signerOf = (keyId: string) => app.deps.keyring.signer(keyId) as Signer
    let changed = 0
    for (const { sessionId, sequence } of await placesOf(app.deps.db as Transaction<Database>)) {
      let isChanged = false
      const rewrite = (trx: Transaction<Database>) =>
        forge(trx, signerOf, sessionId, (bodies) => {
          const edited = edit(bodies, sequence - 1)
          isChanged = JSON.stringify(edited) !== JSON.stringify(bodies)
          return edited
        })
      const found = await alter(rewrite, async (trx) => ({
        byItself: await attendanceFaultsIn(trx),
        mailed: await againstHandedOut(trx, mailed),
      }))
      // The chain holds, all is signed, and the checkpoints say the same: at most what the events lead to differs.
      expect(found.byItself.filter(({ code }) => !/-(missing|differs|unfounded)$/.test(code))).toEqual([])
      expect(found.mailed.map(({ kind, code }) => `${kind} ${code}`)).toEqual(
        isChanged ? ['checkpoint rewritten'] : [],
      )
      if (isChanged) changed++
    }
    expect(changed).toBeGreaterThan(0)
  })

  it('and its file names the session and the event', async () => {
    const sessionId = world.session.id
    const signerOf = (keyId: string) => app.deps.keyring.signer(keyId) as Signer
    const found = await alter(
      (trx) =>
        forge(trx, signerOf, sessionId, (bodies) => bodies.map((body) => ({ ...body, recordedBy: null }))),
      (trx) => againstHandedOut(trx, written),
    )
    expect(found).toEqual([
      expect.objectContaining({ kind: 'checkpoint', code: 'rewritten' }),
      expect.objectContaining({
        kind: 'attendance',
        id: sessionId,
        code: 'rewritten',
        sequence: expect.any(Number),
      }),
    ])
  })
})

async function againstHandedOut(trx: Transaction<Database>, handedOut: HandedOut): Promise<Alteration[]> {
  const found: Alteration[] = []
  const keys = await readKeys(trx, [])
  await verifyHandedOut(trx, keys, [handedOut], (alteration) => found.push(alteration))
  return found
}
