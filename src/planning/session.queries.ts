/** One session: the row, its lock and its writes, its slots, who is related to it. */
import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import type { Subject } from '../platform/access.ts'
import type { SlotTable, TrainerAssignmentTable, TrainingSessionTable } from './planning.tables.ts'

export type SessionRow = Selectable<TrainingSessionTable>
export type SlotRow = Selectable<SlotTable>
export type TrainerRow = Selectable<TrainerAssignmentTable>

export async function findSession(db: Kysely<Database>, id: string): Promise<SessionRow | undefined> {
  return db.selectFrom('trainingSession').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The first lock of every verb that changes what belongs to a session (then enrolment, then ledger head). */
export async function lockSession(trx: Transaction<Database>, id: string): Promise<SessionRow | undefined> {
  return trx.selectFrom('trainingSession').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The session, held so that no trainer marks or seals meanwhile; learners who sign do not wait for one another. */
export async function shareSession(trx: Transaction<Database>, id: string): Promise<SessionRow | undefined> {
  return trx.selectFrom('trainingSession').selectAll().where('id', '=', id).forShare().executeTakeFirst()
}

/** In the order of time, also those that were cancelled. */
export async function listSlots(db: Kysely<Database>, sessionId: string): Promise<SlotRow[]> {
  return db.selectFrom('slot').selectAll().where('sessionId', '=', sessionId).orderBy('startsAt').execute()
}

export async function findSlot(db: Kysely<Database>, id: string): Promise<SlotRow | undefined> {
  return db.selectFrom('slot').selectAll().where('id', '=', id).executeTakeFirst()
}

/** In the order in which they were named. */
export async function listTrainers(db: Kysely<Database>, sessionId: string): Promise<TrainerRow[]> {
  return db
    .selectFrom('trainerAssignment')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .orderBy('position')
    .execute()
}

/** Of enrolments that relate a person to the session. */
export const liveStatuses = ['requested', 'confirmed', 'waitlisted', 'completed', 'abandoned'] as const

/** Of enrolments that give a part in it: who asks for a seat or waits may never get one, who left has none. */
const seatedStatuses: readonly string[] = ['confirmed', 'completed']

type SessionSubject = Subject & {
  /** The actor, if they learn in the session; `personIds` names them also while they wait for a seat. */
  seatedPersonIds: string[]
}

/** Who the session belongs to, for its permissions: one statement. */
export async function sessionSubject(
  db: Kysely<Database>,
  session: SessionRow,
  actorPersonId: string | undefined,
): Promise<SessionSubject> {
  const related = await db
    .selectFrom('trainerAssignment')
    .select(['personId', sql<string>`'trainer'`.as('relation')])
    .where('sessionId', '=', session.id)
    .unionAll(
      db
        .selectFrom('enrolment')
        .select(['personId', 'status as relation'])
        .where('sessionId', '=', session.id)
        .where('personId', '=', actorPersonId ?? null)
        // Who was in a session when it was cancelled must still find it, and read why.
        .where((eb) => eb.or([eb('status', 'in', [...liveStatuses]), eb('cancelledWithSession', '=', true)])),
    )
    .unionAll(
      db
        .selectFrom('person')
        .select(['id as personId', sql<string>`'employee'`.as('relation')])
        .where('id', '=', actorPersonId ?? null)
        .where('employerClientId', '=', session.privateClientId),
    )
    .execute()
  const trainers = related.filter((row) => row.relation === 'trainer')
  const learners = related.filter((row) => row.relation !== 'trainer' && row.relation !== 'employee')
  // A session held for one company is public to the people who work there.
  const isForThem = session.visibility === 'public' || related.some((row) => row.relation === 'employee')
  return {
    // Also when it was cancelled: who looks for it must learn that.
    isPublic: isForThem && session.openedAt !== null,
    personIds: learners.map((row) => row.personId),
    seatedPersonIds: learners
      .filter((row) => seatedStatuses.includes(row.relation))
      .map((row) => row.personId),
    trainerPersonIds: trainers.map((row) => row.personId),
    chapterId: session.chapterId,
  }
}

/**
 * The next place in the waiting list (*liste d'attente*), handed out once and never again; under the session's lock.
 * It leaves the version alone: who edits the session does not mind another person waiting.
 */
export async function takeWaitingPlace(trx: Transaction<Database>, sessionId: string): Promise<number> {
  const session = await trx
    .updateTable('trainingSession')
    .set({ lastWaitingPlace: sql<number>`last_waiting_place + 1` })
    .where('id', '=', sessionId)
    .returning('lastWaitingPlace')
    .executeTakeFirstOrThrow()
  return session.lastWaitingPlace
}

/** Undefined when another session has this reference, whatever its case and however recently. */
export async function insertSessionUnlessTaken(
  trx: Transaction<Database>,
  row: Insertable<TrainingSessionTable>,
): Promise<SessionRow | undefined> {
  return trx
    .insertInto('trainingSession')
    .values(row)
    .onConflict((conflict) => conflict.expression(sql`lower(reference)`).doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Writes the fields and counts the version up. */
export async function updateSession(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<TrainingSessionTable>,
): Promise<SessionRow> {
  return trx
    .updateTable('trainingSession')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** After a change of slots: when the first that stands begins and the last ends. Counts the version up. */
export async function updateSpan(
  trx: Transaction<Database>,
  id: string,
  now: Temporal.Instant,
): Promise<SessionRow> {
  return trx
    .updateTable('trainingSession')
    .set((eb) => {
      const slots = eb.selectFrom('slot').where('sessionId', '=', id).where('cancelledAt', 'is', null)
      return {
        firstSlotStartsAt: slots.select((slot) => slot.fn.min('startsAt').as('first')),
        lastSlotEndsAt: slots.select((slot) => slot.fn.max('endsAt').as('last')),
        version: sql<number>`version + 1`,
        updatedAt: now,
      }
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The session of this reference, whatever its case. */
export async function findSessionByReference(
  db: Kysely<Database>,
  reference: string,
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('trainingSession')
    .selectAll()
    .where(sql<string>`lower(reference)`, '=', sql<string>`lower(${reference})`)
    .executeTakeFirst()
}
