/** A session with its training and the state of its seats. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { SessionRow } from './session.queries.ts'

export const seatsTaken = sql<number>`coalesce(
  (select taken from session_seats where session_seats.session_id = training_session.id), 0
)::integer`.as('seatsTaken')

const waitlisted = sql<number>`coalesce(
  (select waiting from session_seats where session_seats.session_id = training_session.id), 0
)::integer`.as('waitlisted')

export type SessionDetails = SessionRow & {
  trainingId: string
  trainingCode: string
  title: string
  seatsTaken: number
  waitlisted: number
}

/** One statement, so that seats and status are of one moment. */
export async function findSessionDetails(
  db: Kysely<Database>,
  id: string,
): Promise<SessionDetails | undefined> {
  return db
    .selectFrom('trainingSession')
    .innerJoin('trainingVersion', 'trainingVersion.id', 'trainingSession.trainingVersionId')
    .innerJoin('training', 'training.id', 'trainingVersion.trainingId')
    .selectAll('trainingSession')
    .select(['trainingVersion.trainingId', 'trainingVersion.title', 'training.code as trainingCode'])
    .select([seatsTaken, waitlisted])
    .where('trainingSession.id', '=', id)
    .executeTakeFirst()
}

/** Seats that are held, requests that wait for an answer too. */
export async function countSeatsTaken(db: Kysely<Database>, id: string): Promise<number> {
  const row = await db
    .selectFrom('trainingSession')
    .select(seatsTaken)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.seatsTaken
}
