import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { inBatches } from '../../platform/db/batches.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { AttendanceEventTable, AttendancePayloadTable } from '../attendance.tables.ts'
import { genesis, type LedgerEvent, type Link } from './ledger.ts'
import { hasNoSuccessor } from './ledger-keys.queries.ts'

export type PayloadRow = Selectable<AttendancePayloadTable>

/** The last of the locks (session, enrolment, ledger head); made at the first event. With the key to sign with. */
export async function lockLedgerHead(
  trx: Transaction<Database>,
  sessionId: string,
): Promise<Link & { keyId: string | null }> {
  return trx
    .insertInto('ledgerHead')
    .values({ sessionId, ...genesis(sessionId) })
    .onConflict((conflict) =>
      conflict.column('sessionId').doUpdateSet((eb) => ({ sequence: eb.ref('ledgerHead.sequence') })),
    )
    .returning((eb) => [
      'sequence',
      'hash',
      eb.selectFrom('ledgerKey').select('ledgerKey.id').where(hasNoSuccessor).as('keyId'),
    ])
    .executeTakeFirstOrThrow()
}

type AppendedRow = {
  event: Insertable<AttendanceEventTable> & Link
  payload: Insertable<AttendancePayloadTable> | undefined
}

/**
 * Under the head's lock, which it moves to the last of these events. Everything in one statement: whoever signs at the
 * same moment waits for each one.
 */
export async function appendRows(
  trx: Transaction<Database>,
  sessionId: string,
  rows: readonly AppendedRow[],
): Promise<void> {
  for (const batch of inBatches(rows, 18)) {
    const payloads = batch.flatMap(({ payload }) => payload ?? [])
    const { sequence, hash } = batch.at(-1)?.event ?? genesis(sessionId)
    const appending = trx.with('event', (db) =>
      db.insertInto('attendanceEvent').values(batch.map(({ event }) => event)),
    )
    const keeping =
      payloads.length === 0
        ? appending
        : appending.with('payload', (db) => db.insertInto('attendancePayload').values(payloads))
    await keeping
      .updateTable('ledgerHead')
      .set({ sequence, hash })
      .where('sessionId', '=', sessionId)
      .execute()
  }
}

/** All events of a session in their order. */
export async function listEvents(db: Kysely<Database>, sessionId: string): Promise<LedgerEvent[]> {
  return listEventsOf(db, [sessionId])
}

/** All events of these sessions, each session's in their order. */
export async function listEventsOf(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<LedgerEvent[]> {
  return db
    .selectFrom('attendanceEvent')
    .selectAll()
    .where('sessionId', '=', anyOf(sessionIds))
    .orderBy('sessionId')
    .orderBy('sequence')
    .execute()
}

/** Those that retention has not deleted, in no order. */
export async function listPayloadsOf(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<PayloadRow[]> {
  return db
    .selectFrom('attendancePayload')
    .innerJoin('attendanceEvent', 'attendanceEvent.id', 'attendancePayload.eventId')
    .selectAll('attendancePayload')
    .where('attendanceEvent.sessionId', '=', anyOf(sessionIds))
    .execute()
}

/** By session; nothing before its first event. */
export async function findHeadsOf(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<Map<string, Link>> {
  const rows = await db
    .selectFrom('ledgerHead')
    .selectAll()
    .where('sessionId', '=', anyOf(sessionIds))
    .execute()
  return new Map(rows.map((row) => [row.sessionId, row]))
}

/** The references that people know these sessions by. */
export async function sessionReferences(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('trainingSession')
    .select(['id', 'reference'])
    .where('id', '=', anyOf(sessionIds))
    .execute()
  return new Map(rows.map((row) => [row.id, row.reference]))
}

const sessionsAtOnce = 200

/** All sessions that have a ledger, so many at a time that their events are about `eventsAtOnce`, one at least. */
export async function* sessionsWithHeads(
  db: Kysely<Database>,
  eventsAtOnce: number,
): AsyncGenerator<string[]> {
  let after: string | undefined
  for (;;) {
    const heads = await db
      .selectFrom('ledgerHead')
      .select(['sessionId', 'sequence'])
      .$if(after !== undefined, (rest) => rest.where('sessionId', '>', after ?? ''))
      .orderBy('sessionId')
      .limit(sessionsAtOnce)
      .execute()
    if (heads.length === 0) return
    let events = 0
    const batch = heads.filter(({ sequence }, index) => {
      events += sequence
      return index === 0 || events <= eventsAtOnce
    })
    yield batch.map(({ sessionId }) => sessionId)
    after = batch.at(-1)?.sessionId
  }
}

/** Sessions with events or marks and no ledger at all: there are none, unless somebody deleted it. */
export async function* sessionsWithoutHeads(db: Kysely<Database>): AsyncGenerator<string[]> {
  const { rows } = await sql<{ sessionId: string }>`
    select session_id from attendance_event event
      where not exists (select from ledger_head head where head.session_id = event.session_id)
    union
    select session_id from attendance_mark mark
      where not exists (select from ledger_head head where head.session_id = mark.session_id)
    order by session_id`.execute(db)
  for (let start = 0; start < rows.length; start += sessionsAtOnce)
    yield rows.slice(start, start + sessionsAtOnce).map(({ sessionId }) => sessionId)
}
