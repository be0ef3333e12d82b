import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { inBatches } from '../../platform/db/batches.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { ReminderKind } from './reminders.rules.ts'

/** A half-day and somebody to be reminded of it; a learner by their enrolment, a trainer without one. */
export type Due = {
  slotId: string
  sessionId: string
  heldOn: string
  timeZone: string
  enrolmentId: string | null
  personId: string
  email: string
}

/** Whoever reads this has said nothing yet of the half-day, and nobody has for them. */
const isToSign = sql<boolean>`
  not exists (select from attendance_signature signature
    where signature.slot_id = slot.id and signature.enrolment_id = enrolment.id)
  and not exists (select from attendance_mark mark
    where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id and mark.status = 'absent')
  and not exists (select from signature_waiver waiver
    where waiver.slot_id = slot.id and waiver.enrolment_id = enrolment.id)
  and not exists (select from slot_seal seal where seal.slot_id = slot.id)`

function notReminded(kind: ReminderKind, person: 'enrolment' | 'trainer') {
  return sql<boolean>`not exists (select from attendance_reminder reminder
    where reminder.slot_id = slot.id and reminder.person_id = ${sql.ref(`${person}.person_id`)}
      and reminder.kind = ${kind} and reminder.held_on = slot.held_on)`
}

/** Confirmed learners with an address, and the half-days that they are expected in. */
const learnersAndSlots = sql`
  from slot
  join training_session session on session.id = slot.session_id and session.status = 'open'
  join expected_attendance expected on expected.slot_id = slot.id
  join enrolment on enrolment.id = expected.enrolment_id and enrolment.status = 'confirmed'
  join person on person.id = enrolment.person_id and person.email is not null`

const learnerColumns = sql`slot.id as slot_id, slot.session_id, slot.held_on, session.time_zone,
  enrolment.id as enrolment_id, enrolment.person_id, person.email`

/** Of half-days that begin within two days. */
export async function listAhead(db: Kysely<Database>, now: Temporal.Instant): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select ${learnerColumns} ${learnersAndSlots}
    where slot.starts_at > ${now} and slot.starts_at < ${now.add({ hours: 48 })}
      and ${isToSign} and ${notReminded('ahead', 'enrolment')}
    order by slot.session_id, enrolment.id, slot.starts_at`.execute(db)
  return rows
}

/**
 * Of half-days of the last three days whose day has been over for an hour. Who was enrolled afterwards is written down,
 * not reminded.
 */
export async function listUnsigned(db: Kysely<Database>, now: Temporal.Instant): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select ${learnerColumns} ${learnersAndSlots}
    where slot.ends_at > ${now.subtract({ hours: 72 })} and enrolment.created_at < slot.ends_at
      and (select max(same_day.ends_at) from slot same_day
        where same_day.session_id = slot.session_id and same_day.held_on = slot.held_on
          and same_day.cancelled_at is null) <= ${now.subtract({ hours: 1 })}
      and ${isToSign} and ${notReminded('unsigned', 'enrolment')}
    order by slot.session_id, enrolment.id, slot.starts_at`.execute(db)
  return rows
}

/** The trainers of half-days of the last two weeks that are not sealed, in sessions that were not entered afterwards. */
export async function listUnsealed(db: Kysely<Database>, now: Temporal.Instant): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select slot.id as slot_id, slot.session_id, slot.held_on, session.time_zone,
      null as enrolment_id, trainer.person_id, person.email
    from slot
    join training_session session on session.id = slot.session_id and session.status in ('open', 'closed')
    join slot_engagement trainer on trainer.slot_id = slot.id
    join person on person.id = trainer.person_id and person.email is not null
    where slot.ends_at <= ${now} and slot.ends_at > ${now.subtract({ hours: 14 * 24 })}
      and slot.cancelled_at is null and session.created_at < slot.ends_at
      and not exists (select from slot_seal seal where seal.slot_id = slot.id)
      and exists (select from expected_attendance expected
        join enrolment on enrolment.id = expected.enrolment_id and enrolment.status in ('confirmed', 'completed')
        where expected.slot_id = slot.id)
      and ${notReminded('unsealed', 'trainer')}
    order by slot.session_id, trainer.person_id, slot.starts_at`.execute(db)
  return rows
}

/** Writes down that these are reminded now; returns those that nobody had written down before. */
export async function claimReminders(
  trx: Transaction<Database>,
  kind: ReminderKind,
  due: readonly Due[],
  now: Temporal.Instant,
): Promise<Due[]> {
  const claimed = new Set<string>()
  for (const batch of inBatches(due, 5)) {
    const rows = await trx
      .insertInto('attendanceReminder')
      .values(
        batch.map(({ slotId, personId, heldOn }) => ({ slotId, personId, kind, heldOn, remindedAt: now })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning(['slotId', 'personId'])
      .execute()
    for (const row of rows) claimed.add(`${row.slotId} ${row.personId}`)
  }
  return due.filter(({ slotId, personId }) => claimed.has(`${slotId} ${personId}`))
}

export type MailedSlot = {
  heldOn: string
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  place: string | null
}

/** Those of these half-days that the learner still has to sign, in time. */
export async function listStillToSign(
  db: Kysely<Database>,
  enrolmentId: string,
  slotIds: readonly string[],
): Promise<MailedSlot[]> {
  const { rows } = await sql<MailedSlot>`
    select slot.held_on, slot.starts_at, slot.ends_at, slot.place ${learnersAndSlots}
    where enrolment.id = ${enrolmentId} and slot.id = ${anyOf(slotIds)} and ${isToSign}
    order by slot.starts_at`.execute(db)
  return rows
}

/** Those of these half-days that stand and are not sealed, in time. */
export async function listStillToSeal(
  db: Kysely<Database>,
  slotIds: readonly string[],
): Promise<MailedSlot[]> {
  return db
    .selectFrom('slot')
    .leftJoin('slotSeal as seal', 'seal.slotId', 'slot.id')
    .select(['slot.heldOn', 'slot.startsAt', 'slot.endsAt', 'slot.place'])
    .where('slot.id', '=', anyOf(slotIds))
    .where('slot.cancelledAt', 'is', null)
    .where('seal.slotId', 'is', null)
    .orderBy('slot.startsAt')
    .execute()
}

/** Whom a reminder addresses, and about which session. */
export async function findReminded(db: Kysely<Database>, sessionId: string, personId: string) {
  return db
    .selectFrom('trainingSession as session')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .innerJoin('person', (join) => join.on('person.id', '=', personId))
    .select([
      'session.reference',
      'session.status',
      'session.timeZone',
      'session.place',
      'training.title',
      'person.firstName',
    ])
    .where('session.id', '=', sessionId)
    .executeTakeFirst()
}
