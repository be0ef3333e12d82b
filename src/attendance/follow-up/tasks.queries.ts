/** What there is to do, read for one person or role: one statement each, however many sessions there are. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { FindingKind } from './findings.schema.ts'

/** Of each origin. */
export const mostTasks = 100

export type SlotTask = {
  sessionId: string
  slotId: string
  title: string
  heldOn: string
  startsAt: Temporal.Instant
  timeZone: string
}

const slotColumns = sql`slot.session_id, slot.id as slot_id, training.title, slot.held_on, slot.starts_at,
  session.time_zone`

/** Half-days of the last month, begun and neither signed nor settled otherwise, of a learner. */
export async function listToSign(
  db: Kysely<Database>,
  personId: string,
  now: Temporal.Instant,
): Promise<(SlotTask & { enrolmentId: string })[]> {
  const { rows } = await sql<SlotTask & { enrolmentId: string }>`
    select ${slotColumns}, enrolment.id as enrolment_id
    from enrolment
    join training_session session on session.id = enrolment.session_id and session.status = 'open'
    join training_version training on training.id = session.training_version_id
    join expected_attendance expected on expected.enrolment_id = enrolment.id
    join slot on slot.id = expected.slot_id
    where enrolment.person_id = ${personId} and enrolment.status = 'confirmed'
      and slot.starts_at <= ${now} and slot.ends_at > ${now.subtract({ hours: 30 * 24 })}
      and not exists (select from attendance_signature signature
        where signature.slot_id = slot.id and signature.enrolment_id = enrolment.id)
      and not exists (select from attendance_mark mark
        where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id and mark.status = 'absent')
      and not exists (select from signature_waiver waiver
        where waiver.slot_id = slot.id and waiver.enrolment_id = enrolment.id)
      and not exists (select from slot_seal seal where seal.slot_id = slot.id)
    order by slot.starts_at limit ${mostTasks}`.execute(db)
  return rows
}

export type TaughtSlot = SlotTask & {
  hasEnded: boolean
  /** Learners with a seat whom nobody marked, or absent without a reason. */
  unmarked: number
  /** Who signed and was marked absent. */
  conflicts: number
  isCountersigned: boolean
}

/** Half-days of the last two months, begun and not sealed, of a trainer. */
export async function listTaught(
  db: Kysely<Database>,
  personId: string,
  now: Temporal.Instant,
): Promise<TaughtSlot[]> {
  const { rows } = await sql<TaughtSlot>`
    select ${slotColumns}, slot.ends_at <= ${now} as has_ended, learners.unmarked, learners.conflicts,
      exists (select from trainer_signature signature
        where signature.slot_id = slot.id and signature.person_id = ${personId}) as is_countersigned
    from slot_engagement taught
    join slot on slot.id = taught.slot_id and slot.cancelled_at is null
    join training_session session on session.id = slot.session_id
    join training_version training on training.id = session.training_version_id
    cross join lateral (
      select count(*) as expected,
        count(*) filter (where mark.slot_id is null or (mark.status = 'absent' and mark.reason_code is null))
          as unmarked,
        count(*) filter (where mark.status = 'absent' and exists (select from attendance_signature signature
          where signature.slot_id = slot.id and signature.enrolment_id = enrolment.id)) as conflicts
      from expected_attendance expected
      join enrolment on enrolment.id = expected.enrolment_id and enrolment.status in ('confirmed', 'completed')
      left join attendance_mark mark on mark.slot_id = slot.id and mark.enrolment_id = enrolment.id
      where expected.slot_id = slot.id
    ) learners
    where taught.person_id = ${personId}
      and slot.starts_at <= ${now} and slot.ends_at > ${now.subtract({ hours: 60 * 24 })}
      -- What was entered afterwards and closed is history.
      and (session.status = 'open' or (session.status = 'closed' and session.created_at < slot.ends_at))
      and learners.expected > 0
      and not exists (select from slot_seal seal where seal.slot_id = slot.id)
    order by slot.starts_at limit ${mostTasks}`.execute(db)
  return rows
}

/** Of these chapters, or of all where none are named. */
export type Chapters = readonly string[] | 'all'

const inChapters = (chapters: Chapters) =>
  chapters === 'all' ? sql<boolean>`true` : sql<boolean>`session.chapter_id = ${anyOf(chapters)}`

export type FoundTask = {
  sessionId: string
  reference: string
  title: string
  kind: FindingKind
  count: number
  foundAt: Temporal.Instant
}

/** Open findings by session and kind, as last computed; without half-days that were sealed since. */
export async function listFoundTasks(
  db: Kysely<Database>,
  kinds: readonly FindingKind[],
  chapters: Chapters,
): Promise<FoundTask[]> {
  const { rows } = await sql<FoundTask>`
    select finding.session_id, session.reference, training.title, finding.kind,
      count(*) as count, min(finding.found_at) as found_at
    from attendance_finding finding
    join training_session session on session.id = finding.session_id
    join training_version training on training.id = session.training_version_id
    where finding.dismissed_at is null and finding.kind = any(${[...kinds]}) and ${inChapters(chapters)}
      and not (finding.kind in ('unsealed', 'unsigned')
        and exists (select from slot_seal seal where seal.slot_id = finding.slot_id))
    group by finding.session_id, session.reference, training.title, finding.kind
    order by found_at, session.reference, finding.kind limit ${mostTasks}`.execute(db)
  return rows
}

export type WaitingPaper = {
  sessionId: string
  reference: string
  title: string
  enrolmentId: string
  name: string
}

/** Papers that prove an absence and wait for an admin, the oldest first; by learner. */
export async function listWaitingPapers(db: Kysely<Database>): Promise<WaitingPaper[]> {
  const { rows } = await sql<WaitingPaper>`
    select enrolment.session_id, session.reference, training.title, enrolment.id as enrolment_id,
      concat(person.first_name, ' ', person.last_name) as name
    from (select enrolment_id, min(uploaded_at) as since from justification where status = 'waiting'
      group by enrolment_id) waiting
    join enrolment on enrolment.id = waiting.enrolment_id
    join person on person.id = enrolment.person_id
    join training_session session on session.id = enrolment.session_id
    join training_version training on training.id = session.training_version_id
    order by waiting.since, enrolment.id limit ${mostTasks}`.execute(db)
  return rows
}

export type SessionTask = {
  sessionId: string
  reference: string
  title: string
  lastSlotEndsAt: Temporal.Instant
  timeZone: string
}

/** Open sessions whose last half-day is over. */
export async function listToClose(
  db: Kysely<Database>,
  now: Temporal.Instant,
  chapters: Chapters,
): Promise<SessionTask[]> {
  const { rows } = await sql<SessionTask>`
    select session.id as session_id, session.reference, training.title, session.last_slot_ends_at, session.time_zone
    from training_session session
    join training_version training on training.id = session.training_version_id
    where session.status = 'open' and session.last_slot_ends_at <= ${now} and ${inChapters(chapters)}
    order by session.last_slot_ends_at, session.reference limit ${mostTasks}`.execute(db)
  return rows
}
