import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { HalfDay } from '../planning/planning.schema.ts'

export type MissingMark = {
  enrolmentId: string
  slotId: string
  name: string
  heldOn: string
  halfDay: HalfDay
}

/** The confirmed learners whom nobody marked, in the slots that have ended; the earliest first, at most `limit`. */
export async function listMissingMarks(
  db: Kysely<Database>,
  sessionId: string,
  now: Temporal.Instant,
  limit: number,
): Promise<MissingMark[]> {
  const rows = await db
    .selectFrom('slot')
    .innerJoin('enrolment', 'enrolment.sessionId', 'slot.sessionId')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('attendanceMark as mark', (join) =>
      join.onRef('mark.slotId', '=', 'slot.id').onRef('mark.enrolmentId', '=', 'enrolment.id'),
    )
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
    .where('mark.slotId', 'is', null)
    .orderBy('slot.startsAt')
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .limit(limit)
    .execute()
  return rows.map(({ firstName, lastName, ...row }) => ({ ...row, name: `${firstName} ${lastName}` }))
}

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
