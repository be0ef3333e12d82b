/** Findings read from the rows of any number of sessions in one statement. */
import { type Insertable, type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { inBatches } from '../../platform/db/batches.ts'
import type { FoundRow } from './findings.rules.ts'
import type { AttendanceFindingTable } from './follow-up.tables.ts'

/** Which sessions: an expression on `session`. */
export type Scope = RawBuilder<boolean>

export const oneSession = (id: string): Scope => sql<boolean>`session.id = ${id}`

/**
 * Held in the last two months or about to be; and whatever older ones have open findings, or marks corrected since
 * yesterday.
 */
export function recentSessions(now: Temporal.Instant): Scope {
  return sql<boolean>`(session.first_slot_starts_at < ${now.add({ hours: 30 * 24 })}
      and session.last_slot_ends_at > ${now.subtract({ hours: 60 * 24 })}
    or session.id in (select session_id from attendance_finding where dismissed_at is null)
    or session.id in (select session_id from attendance_mark where marked_at > ${now.subtract({ hours: 48 })}))`
}

type Terms = {
  now: Temporal.Instant
  unsealedAfterDays: number
  /** Public holidays of any place; where the session is held is looked at afterwards. */
  holidays: readonly string[]
}

/** The columns of each part, in the order of the union. */
const nobody = sql`null::uuid as enrolment_id, null::uuid as person_id`
const noOther = sql`null::uuid as other_id, null::uuid as other_session_id, null::timestamptz as signed_at`
const hasSeat = sql`enrolment.status in ('confirmed', 'completed')`
const notSealed = sql`not exists (select from slot_seal seal where seal.slot_id = slot.id)`

/** Sessions entered after they were held are written down, not followed up. */
const parts = ({ now, unsealedAfterDays, holidays }: Terms): RawBuilder<unknown>[] => [
  sql`select slot.session_id, 'unsealed' as kind, slot.id as slot_id, ${nobody}, ${noOther}
    from scope join slot on slot.session_id = scope.id
    where slot.cancelled_at is null and slot.ends_at > scope.created_at
      and slot.ends_at <= ${now.subtract({ hours: 24 * unsealedAfterDays })} and ${notSealed}
      and exists (select from expected_attendance expected
        join enrolment on enrolment.id = expected.enrolment_id and ${hasSeat} where expected.slot_id = slot.id)`,

  sql`select slot.session_id, 'unsigned', slot.id, enrolment.id, enrolment.person_id, ${noOther}
    from scope join expected_attendance expected on expected.session_id = scope.id
    join slot on slot.id = expected.slot_id
    join enrolment on enrolment.id = expected.enrolment_id and ${hasSeat}
    where scope.last_slot_ends_at <= ${now}
      and slot.ends_at > scope.created_at and slot.ends_at > enrolment.created_at and ${notSealed}
      and not exists (select from attendance_signature signature
        where signature.slot_id = slot.id and signature.enrolment_id = enrolment.id)
      and not exists (select from signature_waiver waiver
        where waiver.slot_id = slot.id and waiver.enrolment_id = enrolment.id)
      and not exists (select from attendance_mark mark
        where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id and mark.status = 'absent')`,

  // On paper it is the scan that has a time, not the hand.
  sql`select slot.session_id, case when signature.signed_at < slot.starts_at then 'signedEarly' else 'signedLate' end,
      slot.id, enrolment.id, enrolment.person_id, null::uuid, null::uuid, signature.signed_at
    from scope join attendance_signature signature on signature.session_id = scope.id
    join slot on slot.id = signature.slot_id
    join enrolment on enrolment.id = signature.enrolment_id
    where signature.way <> 'paper'
      and (signature.signed_at < slot.starts_at or signature.signed_at > slot.ends_at + interval '30 minutes')`,

  // Without a network there is only the device's word for when it was.
  sql`select slot.session_id, 'sentLate', slot.id, enrolment.id, enrolment.person_id, null::uuid, null::uuid,
      event.recorded_at
    from scope join attendance_signature signature on signature.session_id = scope.id
    join attendance_event event on event.id = signature.event_id
    join slot on slot.id = signature.slot_id
    join enrolment on enrolment.id = signature.enrolment_id
    where signature.way <> 'paper' and event.recorded_at > slot.ends_at + interval '24 hours'
      and signature.signed_at between slot.starts_at and slot.ends_at + interval '30 minutes'`,

  sql`select signature.session_id, case when twin.is_somebody_else then 'sameStrokes' else 'repeatedStrokes' end,
      signature.slot_id, enrolment.id, enrolment.person_id, ${noOther}
    from scope join attendance_signature signature on signature.session_id = scope.id
    join enrolment on enrolment.id = signature.enrolment_id
    cross join lateral (
      select bool_or(other_enrolment.person_id <> enrolment.person_id) as is_somebody_else
      from attendance_signature other
      join enrolment other_enrolment on other_enrolment.id = other.enrolment_id
      where other.fingerprint = signature.fingerprint
        and (other.slot_id, other.enrolment_id) <> (signature.slot_id, signature.enrolment_id)
    ) twin
    where signature.fingerprint is not null and twin.is_somebody_else is not null`,

  // Which of the two it is, or neither at that place, follows from the calendar.
  sql`select slot.session_id, 'weekend', slot.id, ${nobody}, ${noOther}
    from scope join slot on slot.session_id = scope.id
    where slot.cancelled_at is null
      and (extract(isodow from slot.held_on) >= 6 or slot.held_on = any(${[...holidays]}::date[]))`,

  sql`select slot.session_id, 'learnerOverlap', slot.id, pair.enrolment_id, pair.person_id,
      there.id, there.session_id, null::timestamptz
    from (
      select scope.id as here_id, scope.enrolment_id, scope.person_id,
        elsewhere.session_id as there_id, elsewhere.enrolment_id as other_enrolment_id
      from seated scope
      join lateral (
        select other.session_id, other.id as enrolment_id from enrolment other
        where other.person_id = scope.person_id and other.status in ('confirmed', 'completed')
        union all
        select taught.session_id, null from trainer_assignment taught where taught.person_id = scope.person_id
      ) elsewhere on elsewhere.session_id <> scope.id
      ${atTheSameTime}
    ) pair
    ${overlappingSlots}
    where not exists (select from attendance_mark mark where mark.status = 'absent'
      and (mark.slot_id, mark.enrolment_id) in ((slot.id, pair.enrolment_id), (there.id, pair.other_enrolment_id)))
      and (pair.other_enrolment_id is not null or exists (select from slot_engagement booked
        where booked.slot_id = there.id and booked.person_id = pair.person_id))`,

  sql`select slot.session_id, 'trainerOverlap', slot.id, null::uuid, pair.person_id,
      there.id, there.session_id, null::timestamptz
    from (
      select scope.id as here_id, trainer.person_id, elsewhere.session_id as there_id
      from scope join trainer_assignment trainer on trainer.session_id = scope.id
      join trainer_assignment elsewhere
        on elsewhere.person_id = trainer.person_id and elsewhere.session_id <> scope.id
      ${atTheSameTime}
    ) pair
    ${overlappingSlots}
    where exists (select from slot_engagement taught
        where taught.slot_id = slot.id and taught.person_id = pair.person_id)
      and exists (select from slot_engagement booked
        where booked.slot_id = there.id and booked.person_id = pair.person_id)`,

  sql`select document.session_id, 'certificateOutdated', null::uuid, document.enrolment_id, document.person_id,
      document.id, null::uuid, null::timestamptz
    from scope join issued_document document on document.session_id = scope.id
    where document.kind = 'certificate' and document.revoked_at is null
      and (document.attended_minutes, (document.model ->> 'onsiteMinutes')::integer,
        (document.model ->> 'synchronousMinutes')::integer) <> (
        select coalesce(sum(minutes), 0), coalesce(sum(minutes) filter (where kind = 'onsite'), 0),
          coalesce(sum(minutes) filter (where kind = 'synchronous'), 0)
        from attended_time where attended_time.enrolment_id = document.enrolment_id)`,
]

/**
 * Keeps the pairs of sessions whose spans meet, before half-days are looked at: `offset 0` holds PostgreSQL to that order.
 * `scope` is the session here, or its learners.
 */
const atTheSameTime = sql`
  join training_session other_session on other_session.id = elsewhere.session_id
    and other_session.status in ('open', 'closed')
    and other_session.first_slot_starts_at < scope.last_slot_ends_at
    and other_session.last_slot_ends_at > scope.first_slot_starts_at
  offset 0`

const overlappingSlots = sql`
  join slot on slot.session_id = pair.here_id and slot.cancelled_at is null
  join slot there on there.session_id = pair.there_id and there.cancelled_at is null
    and there.starts_at < slot.ends_at and there.ends_at > slot.starts_at`

/** In the order of the sessions and their half-days. */
export async function listFound(db: Kysely<Database>, scope: Scope, terms: Terms): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`
    with scope as materialized (
      select session.id, session.created_at, session.first_slot_starts_at, session.last_slot_ends_at,
        session.time_zone, chapter.region_code
      from training_session session
      left join chapter on chapter.id = session.chapter_id
      where session.status in ('open', 'closed') and ${scope}
    ),
    seated as materialized (
      select scope.*, enrolment.id as enrolment_id, enrolment.person_id
      from scope join enrolment on enrolment.session_id = scope.id and ${hasSeat}
    ),
    found as (${sql.join(parts(terms), sql` union all `)})
    select found.*, scope.time_zone, scope.region_code, slot.held_on, slot.starts_at, slot.ends_at,
      concat(person.first_name, ' ', person.last_name) as name
    from found
    join scope on scope.id = found.session_id
    left join slot on slot.id = found.slot_id
    left join person on person.id = found.person_id
    order by found.session_id, slot.starts_at, found.kind, person.last_name, person.first_name, found.enrolment_id,
      found.other_id`.execute(db)
  return rows
}

type StoredFinding = Selectable<AttendanceFindingTable>

export async function listDismissed(db: Kysely<Database>, sessionId: string): Promise<StoredFinding[]> {
  return db
    .selectFrom('attendanceFinding')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('dismissedAt', 'is not', null)
    .execute()
}

/** Workers and who dismisses write findings one after the other. */
export async function lockFindings(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('attendance-findings', 0))`.execute(trx)
}

export async function listStored(db: Kysely<Database>): Promise<StoredFinding[]> {
  return db.selectFrom('attendanceFinding').selectAll().where('dismissedAt', 'is', null).execute()
}

/** Those that were dismissed, or are there already, stay as they are; returns how many are new. */
export async function insertFindings(
  trx: Transaction<Database>,
  rows: readonly Insertable<AttendanceFindingTable>[],
): Promise<number> {
  let count = 0
  for (const batch of inBatches(rows, 5)) {
    const inserted = await trx
      .insertInto('attendanceFinding')
      .values(batch)
      .onConflict((conflict) => conflict.columns(['sessionId', 'key']).doNothing())
      .returning('key')
      .execute()
    count += inserted.length
  }
  return count
}

export async function deleteFindings(
  trx: Transaction<Database>,
  gone: readonly Pick<StoredFinding, 'sessionId' | 'key'>[],
): Promise<void> {
  if (gone.length === 0) return
  await sql`
    delete from attendance_finding using unnest(
      ${gone.map(({ sessionId }) => sessionId)}::uuid[], ${gone.map(({ key }) => key)}::text[]
    ) as gone (session_id, key)
    where attendance_finding.session_id = gone.session_id and attendance_finding.key = gone.key
      and attendance_finding.dismissed_at is null`.execute(trx)
}

/** What was dismissed before keeps its first reason. */
export async function dismissFinding(
  trx: Transaction<Database>,
  row: Insertable<AttendanceFindingTable>,
): Promise<boolean> {
  const { dismissedAt, dismissedBy, dismissedReason } = row
  const dismissed = await trx
    .insertInto('attendanceFinding')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['sessionId', 'key'])
        .doUpdateSet({ dismissedAt, dismissedBy, dismissedReason })
        .where('attendanceFinding.dismissedAt', 'is', null),
    )
    .returning('key')
    .executeTakeFirst()
  return dismissed !== undefined
}
