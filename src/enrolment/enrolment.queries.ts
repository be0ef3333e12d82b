import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'
import {
  cursorInstant,
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
} from '../platform/http/pagination.ts'
import type { EnrolmentStatus, EnrolmentsQuery } from './enrolment.schema.ts'
import type { AccommodationNeedTable, EnrolmentTable } from './enrolment.tables.ts'

export type EnrolmentRow = Selectable<EnrolmentTable>
/** `waitlistPosition`: 1 is the next to be seated; null unless it waits. */
export type Enrolment = EnrolmentRow & { waitlistPosition: number | null }

/**
 * Places are handed out once and never again; the position shown is the rank among those who still wait, without
 * holes. In a RETURNING clause the row itself is not yet among them, hence the `+ 1`.
 */
const waitlistPosition = sql<number | null>`case when enrolment.waiting_place is not null then (
  select count(*) + 1 from enrolment ahead
  where ahead.session_id = enrolment.session_id and ahead.waiting_place < enrolment.waiting_place
) end`.as('waitlistPosition')

function enrolments(db: Kysely<Database>) {
  return db.selectFrom('enrolment').selectAll('enrolment').select(waitlistPosition)
}

export async function findEnrolment(db: Kysely<Database>, id: string): Promise<Enrolment | undefined> {
  return enrolments(db).where('enrolment.id', '=', id).executeTakeFirst()
}

/** To be called under the lock of its session. */
export async function lockEnrolment(
  trx: Transaction<Database>,
  id: string,
): Promise<EnrolmentRow | undefined> {
  return trx.selectFrom('enrolment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Those of a session in these statuses, to be called under the session's lock. */
export async function lockEnrolments(
  trx: Transaction<Database>,
  sessionId: string,
  statuses: readonly EnrolmentStatus[],
): Promise<EnrolmentRow[]> {
  return trx
    .selectFrom('enrolment')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('status', 'in', statuses)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export async function insertEnrolment(
  trx: Transaction<Database>,
  row: Insertable<EnrolmentTable>,
): Promise<Enrolment> {
  return trx
    .insertInto('enrolment')
    .values(row)
    .returningAll()
    .returning(waitlistPosition)
    .executeTakeFirstOrThrow()
}

/** In one statement; whoever is live in the session already stays as they are. Returns how many were new. */
export async function insertMissingEnrolments(
  trx: Transaction<Database>,
  rows: readonly Insertable<EnrolmentTable>[],
): Promise<number> {
  const inserted = await trx
    .insertInto('enrolment')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['sessionId', 'personId'])
        .where('status', 'not in', ['refused', 'cancelled'])
        .doNothing(),
    )
    .returning('id')
    .execute()
  return inserted.length
}

/** The live enrolments of these people in a session. */
export async function listLiveEnrolments(
  db: Kysely<Database>,
  sessionId: string,
  personIds: readonly string[],
): Promise<EnrolmentRow[]> {
  return db
    .selectFrom('enrolment')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('personId', '=', anyOf(personIds))
    .where('status', 'not in', ['refused', 'cancelled'])
    .execute()
}

/** Writes the fields and counts the version up. */
export async function updateEnrolment(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<EnrolmentTable>,
): Promise<Enrolment> {
  return trx
    .updateTable('enrolment')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .returning(waitlistPosition)
    .executeTakeFirstOrThrow()
}

/** The same change to several. */
export async function updateEnrolments(
  trx: Transaction<Database>,
  ids: readonly string[],
  changes: Updateable<EnrolmentTable>,
): Promise<void> {
  if (ids.length === 0) return
  await trx
    .updateTable('enrolment')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', anyOf(ids))
    .execute()
}

/** How many seats of a session are taken, and how many people wait. */
export async function countSeats(
  db: Kysely<Database>,
  sessionId: string,
): Promise<{ taken: number; waiting: number }> {
  const seats = await db
    .selectFrom('sessionSeats')
    .select(['taken', 'waiting'])
    .where('sessionId', '=', sessionId)
    .executeTakeFirst()
  return seats ?? { taken: 0, waiting: 0 }
}

/** True once attendance has been marked, an absence too, or work done alone has been counted. */
export async function hasMarks(db: Kysely<Database>, enrolmentId: string): Promise<boolean> {
  const mark = await db
    .selectFrom('attendanceMark')
    .select('enrolmentId')
    .where('enrolmentId', '=', enrolmentId)
    .unionAll(
      db
        .selectFrom('activityCompletion')
        .select('enrolmentId')
        .where('enrolmentId', '=', enrolmentId)
        .where('minutes', '>', 0),
    )
    .limit(1)
    .executeTakeFirst()
  return mark !== undefined
}

/** The first in waiting, in their order. */
export async function findFirstWaiting(
  trx: Transaction<Database>,
  sessionId: string,
  count: number,
): Promise<{ id: string; personId: string }[]> {
  return trx
    .selectFrom('enrolment')
    .select(['id', 'personId'])
    .where('sessionId', '=', sessionId)
    .where('status', '=', 'waitlisted')
    .orderBy('waitingPlace')
    .limit(count)
    .forUpdate()
    .execute()
}

export type ListedEnrolment = Enrolment & { firstName: string; lastName: string }

/** In the order in which they were asked for, then id. */
export async function listEnrolments(
  db: Kysely<Database>,
  sessionId: string,
  query: EnrolmentsQuery,
): Promise<Page<ListedEnrolment>> {
  const { status } = query
  const after = positionOf(query)
  const rows = await enrolments(db)
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .select(['person.firstName', 'person.lastName'])
    .where('enrolment.sessionId', '=', sessionId)
    .where((eb) => (status === undefined ? eb.lit(true) : eb('enrolment.status', '=', status)))
    .$if(after !== undefined, (all) =>
      all.where(
        sql<boolean>`(enrolment.created_at, enrolment.id) > (${after?.[0]}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('enrolment.createdAt')
    .orderBy('enrolment.id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}

export type OwnEnrolment = Awaited<ReturnType<typeof listOwnEnrolments>>['items'][number]

/** The newest first, then id. */
export async function listOwnEnrolments(db: Kysely<Database>, personId: string | null, query: PageQuery) {
  const after = positionOf(query)
  const rows = await enrolments(db)
    .innerJoin('trainingSession as session', 'session.id', 'enrolment.sessionId')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .select([
      'session.reference',
      'training.title',
      'session.status as sessionStatus',
      'session.timeZone',
      'session.firstSlotStartsAt',
      'session.lastSlotEndsAt',
    ])
    .where('enrolment.personId', '=', personId)
    .$if(after !== undefined, (all) =>
      all.where(
        sql<boolean>`(enrolment.created_at, enrolment.id) < (${after?.[0]}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('enrolment.createdAt', 'desc')
    .orderBy('enrolment.id', 'desc')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}

/** Throws 422 on a cursor whose first value is not an instant as these lists write it. */
function positionOf(query: PageQuery) {
  const position = decodeCursor(query.cursor, 2)
  if (position) cursorInstant(position[0])
  return position
}

/** What an enrolment needs to know of a person. */
export async function findEnrollee(
  db: Kysely<Database>,
  personId: string,
): Promise<{ id: string; employerClientId: string | null } | undefined> {
  return db
    .selectFrom('person')
    .select(['id', 'employerClientId'])
    .where('id', '=', personId)
    .executeTakeFirst()
}

export async function insertNeed(
  trx: Transaction<Database>,
  row: Insertable<AccommodationNeedTable>,
): Promise<void> {
  await trx.insertInto('accommodationNeed').values(row).execute()
}

export async function findNeed(db: Kysely<Database>, enrolmentId: string): Promise<string | null> {
  const row = await db
    .selectFrom('accommodationNeed')
    .select('need')
    .where('enrolmentId', '=', enrolmentId)
    .executeTakeFirst()
  return row?.need ?? null
}

/** *Référent handicap* of the organisation. */
export async function findDisabilityContact(db: Kysely<Database>): Promise<string | null> {
  const row = await db.selectFrom('organisation').select('disabilityContactPersonId').executeTakeFirst()
  return row?.disabilityContactPersonId ?? null
}
