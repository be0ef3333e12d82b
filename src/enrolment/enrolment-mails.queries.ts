import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'

/** The addresses of those of these people who have one, by person. */
export async function listReachable(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('person')
    .select(['id', 'email'])
    .where('id', '=', anyOf(personIds))
    .where('email', 'is not', null)
    .execute()
  return new Map(rows.flatMap(({ id, email }) => (email === null ? [] : [[id, email] as const])))
}

/** What a mail about an enrolment says of it as it is now. */
export async function findMailedEnrolment(db: Kysely<Database>, id: string) {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .innerJoin('trainingSession as session', 'session.id', 'enrolment.sessionId')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .select([
      'enrolment.status',
      'enrolment.sessionId',
      'person.firstName',
      'training.title',
      'session.reference',
      'session.timeZone',
      'session.place',
      'session.remoteUrl',
    ])
    .where('enrolment.id', '=', id)
    .executeTakeFirst()
}
