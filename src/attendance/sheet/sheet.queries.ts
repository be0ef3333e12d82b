/** What the attendance sheet shows besides marks: who signed, what was scanned, what was corrected or came too late. */
import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { AttendanceScanTable, AttendanceSignatureTable } from '../attendance.tables.ts'
import { eventBody } from '../ledger/ledger-event.ts'
import { leastClockOffsetSeconds, type ToldEvent } from './sheet.rules.ts'

type SignatureRow = Pick<
  Selectable<AttendanceSignatureTable>,
  'slotId' | 'enrolmentId' | 'way' | 'signedAt' | 'eventId'
>

export async function listSheetSignatures(db: Kysely<Database>, sessionId: string): Promise<SignatureRow[]> {
  return db
    .selectFrom('attendanceSignature')
    .select(['slotId', 'enrolmentId', 'way', 'signedAt', 'eventId'])
    .where('sessionId', '=', sessionId)
    .execute()
}

type SlotScan = { slotId: string } & Pick<
  Selectable<AttendanceScanTable>,
  'id' | 'mediaType' | 'originalKeptAt' | 'uploadedAt'
>

/** One row for each half-day that a scan shows, the oldest scan first. */
export async function listScans(db: Kysely<Database>, sessionId: string): Promise<SlotScan[]> {
  return db
    .selectFrom('attendanceScan as scan')
    .innerJoin('attendanceScanSlot as shown', 'shown.scanId', 'scan.id')
    .select(['shown.slotId', 'scan.id', 'scan.mediaType', 'scan.originalKeptAt', 'scan.uploadedAt'])
    .where('scan.sessionId', '=', sessionId)
    .orderBy('scan.uploadedAt')
    .orderBy('scan.id')
    .execute()
}

/** All events of these sessions about marks that were corrected after their half-day was sealed, in their order. */
export async function listCorrectedMarks(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<ToldEvent[]> {
  const rows = await db
    .with('corrected', (db) =>
      db
        .selectFrom('attendanceEvent')
        .select(['slotId', 'enrolmentId'])
        .distinct()
        .where('sessionId', '=', anyOf(sessionIds))
        .where('kind', '=', 'addendum'),
    )
    .selectFrom('corrected')
    .innerJoin('attendanceEvent as event', (join) =>
      join
        .onRef('event.slotId', '=', 'corrected.slotId')
        .onRef('event.enrolmentId', '=', 'corrected.enrolmentId'),
    )
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'event.id')
    .leftJoin('account', 'account.id', 'event.recordedBy')
    .leftJoin('person', 'person.id', 'account.personId')
    .select([
      'event.body',
      sql<string | null>`payload.content ->> 'reason'`.as('reason'),
      sql<string | null>`nullif(concat_ws(' ', person.first_name, person.last_name), '')`.as('by'),
    ])
    .where('event.kind', 'in', ['mark', 'addendum'])
    .orderBy('event.sessionId')
    .orderBy('event.sequence')
    .execute()
  return rows.map((row) => ({ ...row, body: eventBody.parse(JSON.parse(row.body)) }))
}

/** What arrived too late, and what comes from a device whose clock was off; in their order. */
export async function listDoubtfulEvents(db: Kysely<Database>, sessionId: string) {
  const rows = await db
    .selectFrom('attendanceEvent')
    .select('body')
    .where('sessionId', '=', sessionId)
    // Canonical JSON has one spelling, and no text of anybody's in it.
    .where(
      sql<SqlBool>`(body like '%"isLate":true%' or body like '%"deviceAt":"%' and abs(extract(epoch from
        (body::jsonb ->> 'deviceAt')::timestamptz
        - coalesce(body::jsonb ->> 'signedAt', body::jsonb ->> 'decidedAt')::timestamptz)) >= ${leastClockOffsetSeconds})`,
    )
    .orderBy('sequence')
    .execute()
  return rows.map(({ body }) => eventBody.parse(JSON.parse(body)))
}
