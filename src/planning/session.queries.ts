/** Reads of one session that every slice above needs: the row, its lock, its slots, who is related to it. */
import type { Kysely, Selectable, Transaction } from 'kysely'
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

export async function listSlots(db: Kysely<Database>, sessionId: string): Promise<SlotRow[]> {
  return db.selectFrom('slot').selectAll().where('sessionId', '=', sessionId).orderBy('startsAt').execute()
}

export async function findSlot(db: Kysely<Database>, id: string): Promise<SlotRow | undefined> {
  return db.selectFrom('slot').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listTrainers(db: Kysely<Database>, sessionId: string): Promise<TrainerRow[]> {
  return db
    .selectFrom('trainerAssignment')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .orderBy('position')
    .execute()
}

const liveStatuses = ['requested', 'confirmed', 'waitlisted', 'completed', 'abandoned'] as const

/** Who the session belongs to, for its permissions: one statement. */
export async function sessionSubject(
  db: Kysely<Database>,
  session: SessionRow,
  actorPersonId: string | undefined,
): Promise<Subject> {
  const related = await db
    .selectFrom('trainerAssignment')
    .select(['personId', (eb) => eb.val('trainer').as('relation')])
    .where('sessionId', '=', session.id)
    .unionAll(
      db
        .selectFrom('enrolment')
        .select(['personId', (eb) => eb.val('learner').as('relation')])
        .where('sessionId', '=', session.id)
        .where('personId', '=', actorPersonId ?? null)
        .where('status', 'in', [...liveStatuses]),
    )
    .execute()
  const idsOf = (relation: string) =>
    related.filter((row) => row.relation === relation).map((row) => row.personId)
  return {
    isPublic: session.visibility === 'public' && (session.status === 'open' || session.status === 'closed'),
    personIds: idsOf('learner'),
    trainerPersonIds: idsOf('trainer'),
    chapterId: session.chapterId,
  }
}
