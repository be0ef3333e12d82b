import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Activity } from '../../catalogue/catalogue.schema.ts'
import type { Database } from '../../database.ts'
import type { ActivityCompletionTable } from './remote.tables.ts'

/** What became of an activity, with the note of the event it comes from. */
export type CompletionRow = Selectable<ActivityCompletionTable> & { note: string | null }

/** The activities of a session's training, as its version has them. */
export async function listActivities(db: Kysely<Database>, sessionId: string): Promise<Activity[]> {
  const { activities } = await db
    .selectFrom('trainingSession')
    .innerJoin('trainingVersion', 'trainingVersion.id', 'trainingSession.trainingVersionId')
    .select('trainingVersion.activities')
    .where('trainingSession.id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return activities
}

/** Of one learner or of all of a session. */
export async function listCompletions(
  db: Kysely<Database>,
  of: { sessionId: string } | { enrolmentId: string },
): Promise<CompletionRow[]> {
  return db
    .selectFrom('activityCompletion')
    .leftJoin('attendancePayload', 'attendancePayload.eventId', 'activityCompletion.eventId')
    .selectAll('activityCompletion')
    .select(sql<string | null>`attendance_payload.content ->> 'note'`.as('note'))
    .$if('sessionId' in of, (rows) =>
      rows.where('activityCompletion.sessionId', '=', 'sessionId' in of ? of.sessionId : ''),
    )
    .$if('enrolmentId' in of, (rows) =>
      rows.where('activityCompletion.enrolmentId', '=', 'enrolmentId' in of ? of.enrolmentId : ''),
    )
    .execute()
}

/** What stands takes what the new event states. */
export async function upsertCompletion(
  trx: Transaction<Database>,
  row: Insertable<ActivityCompletionTable>,
): Promise<void> {
  const { enrolmentId: _, activityId: __, sessionId: ___, ...stated } = row
  await trx
    .insertInto('activityCompletion')
    .values(row)
    .onConflict((conflict) => conflict.columns(['enrolmentId', 'activityId']).doUpdateSet(stated))
    .execute()
}
