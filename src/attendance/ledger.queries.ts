import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { inBatches } from '../platform/db/batches.ts'
import type { AttendanceEventTable, AttendancePayloadTable } from './attendance.tables.ts'
import { genesis, type LedgerEvent, type Link } from './ledger.ts'

export type PayloadRow = Selectable<AttendancePayloadTable>

/** The last of the locks (session, enrolment, ledger head); made at the first event. */
export async function lockLedgerHead(trx: Transaction<Database>, sessionId: string): Promise<Link> {
  return trx
    .insertInto('ledgerHead')
    .values({ sessionId, ...genesis(sessionId) })
    .onConflict((conflict) =>
      conflict.column('sessionId').doUpdateSet((eb) => ({ sequence: eb.ref('ledgerHead.sequence') })),
    )
    .returning(['sequence', 'hash'])
    .executeTakeFirstOrThrow()
}

/** Under the head's lock. */
export async function moveLedgerHead(
  trx: Transaction<Database>,
  sessionId: string,
  link: Link,
): Promise<void> {
  await trx
    .updateTable('ledgerHead')
    .set({ sequence: link.sequence, hash: link.hash })
    .where('sessionId', '=', sessionId)
    .execute()
}

export async function insertEvents(
  trx: Transaction<Database>,
  events: readonly Insertable<AttendanceEventTable>[],
): Promise<void> {
  for (const batch of inBatches(events, 12)) await trx.insertInto('attendanceEvent').values(batch).execute()
}

export async function insertPayloads(
  trx: Transaction<Database>,
  payloads: readonly Insertable<AttendancePayloadTable>[],
): Promise<void> {
  for (const batch of inBatches(payloads, 3))
    await trx.insertInto('attendancePayload').values(batch).execute()
}

/** All events of a session in their order. */
export async function listEvents(db: Kysely<Database>, sessionId: string): Promise<LedgerEvent[]> {
  return db
    .selectFrom('attendanceEvent')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .orderBy('sequence')
    .execute()
}

/** Those that retention has not deleted, in no order. */
export async function listPayloads(db: Kysely<Database>, sessionId: string): Promise<PayloadRow[]> {
  return db
    .selectFrom('attendancePayload')
    .innerJoin('attendanceEvent', 'attendanceEvent.id', 'attendancePayload.eventId')
    .selectAll('attendancePayload')
    .where('attendanceEvent.sessionId', '=', sessionId)
    .execute()
}

/** Nothing before the session's first event. */
export async function findLedgerHead(db: Kysely<Database>, sessionId: string): Promise<Link | undefined> {
  return db
    .selectFrom('ledgerHead')
    .select(['sequence', 'hash'])
    .where('sessionId', '=', sessionId)
    .executeTakeFirst()
}
