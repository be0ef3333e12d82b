import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { HalfDay } from '../planning/planning.schema.ts'

export type MissingMark = {
  enrolmentId: string
  slotId: string
  name: string
  heldOn: string
  halfDay: HalfDay
}

/**
 * The confirmed learners whom nobody marked where they were expected, in the slots that have ended, or whose mark no
 * longer fits because the slot was moved; the earliest first, at most `limit`.
 */
export async function listMissingMarks(
  db: Kysely<Database>,
  sessionId: string,
  now: Temporal.Instant,
  limit: number,
): Promise<MissingMark[]> {
  const rows = await db
    .selectFrom('slot')
    .innerJoin('expectedAttendance as expected', 'expected.slotId', 'slot.id')
    .innerJoin('enrolment', 'enrolment.id', 'expected.enrolmentId')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .select([
      'enrolment.id as enrolmentId',
      'slot.id as slotId',
      'person.firstName',
      'person.lastName',
      'slot.heldOn',
      'slot.halfDay',
    ])
    .where('slot.sessionId', '=', sessionId)
    .where('slot.endsAt', '<=', now)
    .where('enrolment.status', '=', 'confirmed')
    .where(isNotMarked)
    .orderBy('slot.startsAt')
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .limit(limit)
    .execute()
  return rows.map(({ firstName, lastName, ...row }) => ({ ...row, name: `${firstName} ${lastName}` }))
}

const isNotMarked = sql<SqlBool>`(not exists (select from attendance_mark mark
    where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id)
  or exists (select from unfit_mark mark where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id))`

/** A certificate that was issued for the session and not revoked. */
export async function validCertificateExists(db: Kysely<Database>, sessionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('issuedDocument')
    .select('id')
    .where('sessionId', '=', sessionId)
    .where('kind', '=', 'certificate')
    .where('revokedAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
