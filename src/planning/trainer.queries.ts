import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Engagement } from './planning.schema.ts'
import type { TrainerAssignmentTable } from './planning.tables.ts'
import { liveStatuses } from './session.queries.ts'

/**
 * Locks the persons in the order of their ids and returns those that exist: whoever books one of them at the same
 * moment waits. `no key update`, so that enrolling them as learners elsewhere does not wait.
 */
export async function lockPersons(
  trx: Transaction<Database>,
  personIds: readonly string[],
): Promise<Set<string>> {
  if (personIds.length === 0) return new Set()
  const rows = await trx
    .selectFrom('person')
    .select('id')
    .where('id', 'in', personIds)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** An assignment that stands keeps its id and takes the new engagement and position. */
export async function upsertTrainers(
  trx: Transaction<Database>,
  rows: readonly Insertable<TrainerAssignmentTable>[],
): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('trainerAssignment')
    .values(rows)
    .onConflict((conflict) =>
      conflict.constraint('trainer_assignment_unique').doUpdateSet((eb) => ({
        engagement: eb.ref('excluded.engagement'),
        position: eb.ref('excluded.position'),
      })),
    )
    .execute()
}

/** Fails on an assignment that a slot names. */
export async function deleteTrainers(trx: Transaction<Database>, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.deleteFrom('trainerAssignment').where('id', 'in', ids).execute()
}

export type NamedTrainer = { personId: string; engagement: Engagement; firstName: string; lastName: string }

/** In the order in which they were named. */
export async function listNamedTrainers(db: Kysely<Database>, sessionId: string): Promise<NamedTrainer[]> {
  return db
    .selectFrom('trainerAssignment')
    .innerJoin('person', 'person.id', 'trainerAssignment.personId')
    .select(['personId', 'engagement', 'firstName', 'lastName'])
    .where('sessionId', '=', sessionId)
    .orderBy('position')
    .execute()
}

/** True when a slot names one of these assignments as its own trainer. */
export async function anySlotNames(db: Kysely<Database>, assignmentIds: readonly string[]): Promise<boolean> {
  if (assignmentIds.length === 0) return false
  const row = await db
    .selectFrom('slotTrainer')
    .select('slotId')
    .where('assignmentId', 'in', assignmentIds)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Those of the persons who are enrolled in the session. */
export async function findLearners(
  db: Kysely<Database>,
  sessionId: string,
  personIds: readonly string[],
): Promise<string[]> {
  if (personIds.length === 0) return []
  const rows = await db
    .selectFrom('enrolment')
    .select('personId')
    .where('sessionId', '=', sessionId)
    .where('personId', 'in', personIds)
    .where('status', 'in', [...liveStatuses])
    .execute()
  return rows.map((row) => row.personId)
}

type Booking = {
  personId: string
  sessionId: string
  reference: string
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
}

const mostBookings = 50

/** Where these trainers of these slots teach at the same time in another session that is not cancelled. */
export async function findBookingsElsewhere(
  db: Kysely<Database>,
  slotIds: readonly string[],
  personIds: readonly string[],
): Promise<Booking[]> {
  if (slotIds.length === 0 || personIds.length === 0) return []
  return (
    db
      .selectFrom('slot as here')
      .innerJoin('slotEngagement as taught', 'taught.slotId', 'here.id')
      .innerJoin('slot as there', (join) =>
        join
          .onRef('there.sessionId', '!=', 'here.sessionId')
          .on(
            sql<boolean>`tstzrange(there.starts_at, there.ends_at) && tstzrange(here.starts_at, here.ends_at)`,
          ),
      )
      .innerJoin('slotEngagement as booked', (join) =>
        join.onRef('booked.slotId', '=', 'there.id').onRef('booked.personId', '=', 'taught.personId'),
      )
      // The span of the other session follows from its slots; saying it spares looking at those of a trainer's past.
      .innerJoin('trainingSession as elsewhere', (join) =>
        join
          .onRef('elsewhere.id', '=', 'booked.sessionId')
          .onRef('elsewhere.firstSlotStartsAt', '<', 'here.endsAt')
          .onRef('elsewhere.lastSlotEndsAt', '>', 'here.startsAt'),
      )
      .select(['booked.personId', 'there.sessionId', 'elsewhere.reference', 'there.startsAt', 'there.endsAt'])
      .where('here.id', 'in', slotIds)
      .where('taught.personId', 'in', personIds)
      .where('elsewhere.status', '!=', 'cancelled')
      .where('here.cancelledAt', 'is', null)
      .where('there.cancelledAt', 'is', null)
      .orderBy('there.startsAt')
      .orderBy('booked.personId')
      .limit(mostBookings)
      .execute()
  )
}
