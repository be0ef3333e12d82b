import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'

/** Whom a receipt goes to, and what it calls the session. */
export async function findRecipient(db: Kysely<Database>, personId: string, sessionId: string) {
  return db
    .selectFrom('person')
    .innerJoin('trainingSession as session', (join) => join.on('session.id', '=', sessionId))
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .select(['person.email', 'person.firstName', 'training.title'])
    .where('person.id', '=', personId)
    .executeTakeFirst()
}
