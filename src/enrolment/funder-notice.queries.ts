import { type Insertable, type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { inBatches } from '../platform/db/batches.ts'
import { anyOf } from '../platform/db/filter.ts'
import {
  decodeCursor,
  invalidCursor,
  type Page,
  type PageQuery,
  toPage,
} from '../platform/http/pagination.ts'
import type { FunderNoticeTable } from './enrolment.tables.ts'
import type { FundedWay, NoticeKind, Payer } from './funder-notice.rules.ts'
import type { NoticeStatus } from './funder-notice.schema.ts'

export type NoticeRow = Selectable<FunderNoticeTable>

/** Workers look over notices one after the other, so that each sees what the one before wrote. */
export async function lockNotices(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('funder-notices', 0))`.execute(trx)
}

/** The funded sessions held since `since`, and those of which a notice still waits. */
export async function listFundedSessions(
  db: Kysely<Database>,
  now: Temporal.Instant,
  since: Temporal.Instant,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from training_session session
    where exists (select from funding_line where funding_line.session_id = session.id)
      and session.status <> 'draft' and session.first_slot_starts_at <= ${now} and session.last_slot_ends_at > ${since}
    union
    select session_id from funder_notice where told_at is null
    order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

export async function sessionExists(db: Kysely<Database>, id: string): Promise<boolean> {
  const row = await db.selectFrom('trainingSession').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

/** The learners of these sessions who had a seat. */
export async function listWays(
  db: Kysely<Database>,
  sessionIds: readonly string[],
  now: Temporal.Instant,
): Promise<FundedWay[]> {
  const { rows } = await sql<FundedWay>`
    select enrolment.id as enrolment_id, enrolment.session_id, enrolment.status,
      enrolment.started_on, enrolment.interrupted_on, enrolment.ended_on,
      attended.first_on as first_attended_on, attended.last_on as last_attended_on,
      unmarked.first_on as first_unmarked_on,
      (select max(slot.held_on) from slot where slot.session_id = session.id and slot.cancelled_at is null) as last_day,
      coalesce(session.last_slot_ends_at <= ${now}, false) as is_session_over
    from enrolment
    join training_session session on session.id = enrolment.session_id
    cross join lateral (
      select min(held_on) as first_on, max(held_on) as last_on from attended_time
      where attended_time.enrolment_id = enrolment.id
    ) attended
    cross join lateral (
      -- Who was enrolled afterwards did not begin because a half-day did.
      select min(slot.held_on) as first_on
      from expected_attendance expected
      join slot on slot.id = expected.slot_id
      where expected.enrolment_id = enrolment.id
        and slot.starts_at <= ${now} and slot.ends_at > enrolment.created_at
        and not exists (select from attendance_mark mark
          where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id)
    ) unmarked
    where enrolment.session_id = ${anyOf(sessionIds)} and session.status <> 'draft'
      and enrolment.status in ('confirmed', 'completed', 'abandoned', 'cancelled')`.execute(db)
  return rows
}

/** Who pays something for these sessions or their learners, once credit notes are taken away. */
export async function listPayers(db: Kysely<Database>, sessionIds: readonly string[]): Promise<Payer[]> {
  return db
    .selectFrom('fundingLine as line')
    .leftJoin('client', 'client.id', 'line.clientId')
    .select([
      'line.sessionId',
      'line.enrolmentId',
      'line.clientId',
      'client.kind as clientKind',
      'line.source',
    ])
    .where('line.sessionId', '=', anyOf(sessionIds))
    .groupBy(['line.sessionId', 'line.enrolmentId', 'line.clientId', 'client.kind', 'line.source'])
    .having((eb) => eb.fn.sum('line.amountCents'), '>', 0)
    .execute()
}

export async function listNoticesOf(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<NoticeRow[]> {
  return db.selectFrom('funderNotice').selectAll().where('sessionId', '=', anyOf(sessionIds)).execute()
}

/** Those that were there already stay as they are. */
export async function insertNotices(
  trx: Transaction<Database>,
  rows: readonly Insertable<FunderNoticeTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 10))
    await trx
      .insertInto('funderNotice')
      .values(batch)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

/** Notices of which nobody was told yet, and which are not true any more. */
export async function deleteNotices(trx: Transaction<Database>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.deleteFrom('funderNotice').where('id', '=', anyOf(ids)).where('toldAt', 'is', null).execute()
}

/** A notice as it is shown; `status` by a calendar day. */
export type ShownNotice = Omit<NoticeRow, 'announcedOn' | 'toldBy'> & {
  reference: string
  personId: string
  learner: string
  funder: string | null
  status: NoticeStatus
}

function shownNotices(db: Kysely<Database>, today: string) {
  return db
    .selectFrom('funderNotice as notice')
    .innerJoin('trainingSession as session', 'session.id', 'notice.sessionId')
    .innerJoin('enrolment', 'enrolment.id', 'notice.enrolmentId')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('client', 'client.id', 'notice.clientId')
    .select([
      'notice.id',
      'notice.version',
      'notice.createdAt',
      'notice.updatedAt',
      'notice.sessionId',
      'session.reference',
      'notice.enrolmentId',
      'enrolment.personId',
      sql<string>`concat(person.first_name, ' ', person.last_name)`.as('learner'),
      'notice.clientId',
      'client.name as funder',
      'notice.source',
      'notice.kind',
      'notice.happenedOn',
      'notice.dueOn',
      'notice.toldAt',
      'notice.toldHow',
      statusOn(today).as('status'),
    ])
}

function statusOn(today: string): RawBuilder<NoticeStatus> {
  return sql<NoticeStatus>`case when notice.told_at is not null then 'told'
    when notice.due_on < ${today}::date then 'overdue' else 'due' end`
}

export async function findNotice(
  db: Kysely<Database>,
  id: string,
  today: string,
): Promise<ShownNotice | undefined> {
  return shownNotices(db, today).where('notice.id', '=', id).executeTakeFirst()
}

/** What is due first comes first, then id. */
export async function listNotices(
  db: Kysely<Database>,
  query: PageQuery & { status?: NoticeStatus | undefined; sessionId?: string | undefined },
  today: string,
): Promise<Page<ShownNotice>> {
  const { status, sessionId, limit } = query
  const after = decodeCursor(query.cursor, 2)
  if (after && !/^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/.test(after[0] ?? '')) throw invalidCursor()
  const rows = await shownNotices(db, today)
    .$if(status !== undefined, (all) => all.where(inStatus(status ?? 'due', today)))
    .$if(sessionId !== undefined, (all) => all.where('notice.sessionId', '=', sessionId ?? ''))
    .$if(after !== undefined, (all) =>
      all.where(sql<boolean>`(notice.due_on, notice.id) > (${after?.[0]}::text::date, ${after?.[1]}::uuid)`),
    )
    .orderBy('notice.dueOn')
    .orderBy('notice.id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, (row) => [row.dueOn, row.id])
}

/** In conditions on columns, so that the index of those that wait serves. */
function inStatus(status: NoticeStatus, today: string): RawBuilder<boolean> {
  if (status === 'told') return sql<boolean>`notice.told_at is not null`
  const isDue =
    status === 'overdue' ? sql`notice.due_on < ${today}::date` : sql`notice.due_on >= ${today}::date`
  return sql<boolean>`notice.told_at is null and ${isDue}`
}

/** False when that was written down before. */
export async function tellNotice(
  trx: Transaction<Database>,
  id: string,
  told: { toldAt: Temporal.Instant; toldBy: string | null; toldHow: string },
): Promise<boolean> {
  const row = await trx
    .updateTable('funderNotice')
    .set({ ...told, updatedAt: told.toldAt })
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .where('toldAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that the admins are told today of those that wait; returns how many they did not know of. */
export async function announceNotices(trx: Transaction<Database>, today: string): Promise<number> {
  const rows = await trx
    .updateTable('funderNotice')
    .set({ announcedOn: today })
    .where('toldAt', 'is', null)
    .where('announcedOn', 'is', null)
    .returning('id')
    .execute()
  return rows.length
}

/** What waits, by session, funder and kind. */
export type WaitingNotices = {
  sessionId: string
  reference: string
  title: string
  clientId: string | null
  funder: string | null
  kind: NoticeKind
  dueOn: string
  learners: number
}

/** What is due first comes first. */
export async function listWaitingNotices(db: Kysely<Database>, limit: number): Promise<WaitingNotices[]> {
  return db
    .selectFrom('funderNotice as notice')
    .innerJoin('trainingSession as session', 'session.id', 'notice.sessionId')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .leftJoin('client', 'client.id', 'notice.clientId')
    .select([
      'notice.sessionId',
      'session.reference',
      'training.title',
      'notice.clientId',
      'client.name as funder',
      'notice.kind',
      'notice.dueOn',
      sql<number>`count(*)`.as('learners'),
    ])
    .where('notice.toldAt', 'is', null)
    .groupBy([
      'notice.sessionId',
      'session.reference',
      'training.title',
      'notice.clientId',
      'client.name',
      'notice.kind',
      'notice.dueOn',
    ])
    .orderBy('notice.dueOn')
    .orderBy('session.reference')
    .orderBy('notice.kind')
    .limit(limit)
    .execute()
}
