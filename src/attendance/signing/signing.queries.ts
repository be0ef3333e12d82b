/** What a learner is shown before signing, and whom links are sent to. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'

/** A learner with the session, as their link or sign-in shows it. */
export async function findSigning(
  db: Kysely<Database>,
  whose: { enrolmentId: string } | { sessionId: string; personId: string },
) {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .innerJoin('trainingSession as session', 'session.id', 'enrolment.sessionId')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .select([
      'enrolment.id as enrolmentId',
      'enrolment.joinedAt',
      'enrolment.status as enrolmentStatus',
      'person.firstName',
      'person.lastName',
      'session.id as sessionId',
      'session.status as sessionStatus',
      'session.reference',
      'session.timeZone',
      'session.place',
      'training.title',
    ])
    .where('enrolment.status', 'in', ['confirmed', 'completed'])
    .where((eb) =>
      'enrolmentId' in whose
        ? eb('enrolment.id', '=', whose.enrolmentId)
        : eb.and([
            eb('enrolment.sessionId', '=', whose.sessionId),
            eb('enrolment.personId', '=', whose.personId),
          ]),
    )
    .executeTakeFirst()
}
export type Signing = NonNullable<Awaited<ReturnType<typeof findSigning>>>

/** The half-days that a learner has to do with, in the order of time; one of them by its id. */
export async function listSlotsToSign(
  db: Kysely<Database>,
  { sessionId, enrolmentId, joinedAt }: Signing,
  slotId: string | null,
) {
  return (
    db
      .selectFrom('slot')
      .leftJoin('expectedAttendance as expected', (join) =>
        join.onRef('expected.slotId', '=', 'slot.id').on('expected.enrolmentId', '=', enrolmentId),
      )
      .leftJoin('slotSeal as seal', 'seal.slotId', 'slot.id')
      .leftJoin('attendanceSignature as signature', (join) =>
        join.onRef('signature.slotId', '=', 'slot.id').on('signature.enrolmentId', '=', enrolmentId),
      )
      .selectAll('slot')
      .select(['signature.signedAt', 'seal.sealedAt'])
      .where('slot.sessionId', '=', sessionId)
      .where('slot.cancelledAt', 'is', null)
      // Who comes in during a half-day signs it.
      .where((eb) => eb.or([eb('expected.slotId', 'is not', null), eb('slot.endsAt', '>', joinedAt)]))
      .$if(slotId !== null, (slots) => slots.where('slot.id', '=', slotId ?? ''))
      .orderBy('slot.startsAt')
      .execute()
  )
}

/** Confirmed learners of a session with their addresses, by name; all of them, or those of these enrolments. */
export async function listReachable(
  db: Kysely<Database>,
  sessionId: string,
  enrolmentIds: readonly string[] | undefined,
) {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .select(['enrolment.id', 'enrolment.personId', 'person.email'])
    .where('enrolment.sessionId', '=', sessionId)
    .where('enrolment.status', 'in', ['confirmed', 'completed'])
    .$if(enrolmentIds !== undefined, (some) => some.where('enrolment.id', '=', anyOf(enrolmentIds ?? [])))
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .execute()
}
