/** What an import compares its lines with, each in one statement however many lines there are. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { type Person, personColumns } from '../../people/people.queries.ts'
import type { SessionRow, SlotRow } from '../../planning/session.queries.ts'
import { anyOf, anyOfLower } from '../../platform/db/filter.ts'

/** One import at a time, until the end of the transaction. */
export async function lockImports(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('import', 0))`.execute(trx)
}

/** Everybody: names are compared without accents and punctuation, which no index of the table does. */
export async function listAllPeople(db: Kysely<Database>) {
  return db
    .selectFrom('person')
    .leftJoin('account', 'account.personId', 'person.id')
    .select([
      'person.id',
      'person.firstName',
      'person.lastName',
      'person.email',
      'person.employerClientId',
      'account.email as accountEmail',
    ])
    .execute()
}

/** As they stand until the end of the transaction: who changes one of them at the same moment comes before or after. */
export async function lockPeople(trx: Transaction<Database>, ids: readonly string[]): Promise<Person[]> {
  return trx
    .selectFrom('person')
    .select(personColumns)
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** The accounts of these persons, and those that have one of these addresses. */
export async function findAccounts(
  db: Kysely<Database>,
  wanted: { personIds: readonly string[]; emails: readonly string[] },
) {
  return db
    .selectFrom('account')
    .select(['id', 'personId', 'email'])
    .where((eb) =>
      eb.or([
        eb('personId', '=', anyOf(wanted.personIds)),
        eb(sql<string>`lower(email)`, '=', anyOfLower(wanted.emails)),
      ]),
    )
    .execute()
}

/** In a stable order. */
export async function listGrants(db: Kysely<Database>, accountIds: readonly string[]) {
  return db
    .selectFrom('roleGrant')
    .select(['accountId', 'role', 'chapterId'])
    .where('accountId', '=', anyOf(accountIds))
    .orderBy('role')
    .orderBy('chapterId')
    .execute()
}

/** Every training with the titles it is known by: of the version in use and of a draft. */
export async function listTrainings(db: Kysely<Database>) {
  return db
    .selectFrom('training')
    .leftJoin('trainingVersion as current', 'current.id', 'training.publishedVersionId')
    .leftJoin('trainingVersion as draft', (join) =>
      join.onRef('draft.trainingId', '=', 'training.id').on('draft.publishedAt', 'is', null),
    )
    .select([
      'training.id',
      'training.code',
      'training.status',
      'training.publishedVersionId',
      'current.title as currentTitle',
      'current.modality as currentModality',
      'draft.title as draftTitle',
      'draft.durationMinutes as draftDurationMinutes',
      'draft.modality as draftModality',
      'draft.nsfCode as draftNsfCode',
      'draft.objective as draftObjective',
      'draft.domain as draftDomain',
    ])
    .execute()
}

export type SessionOfTraining = SessionRow & { trainingId: string; title: string }

/** Locks the sessions that have these references, whatever their case, in the order of their ids. */
export async function lockSessions(
  trx: Transaction<Database>,
  references: readonly string[],
): Promise<SessionOfTraining[]> {
  return trx
    .selectFrom('trainingSession')
    .innerJoin('trainingVersion', 'trainingVersion.id', 'trainingSession.trainingVersionId')
    .selectAll('trainingSession')
    .select(['trainingVersion.trainingId', 'trainingVersion.title'])
    .where(sql<string>`lower(reference)`, '=', anyOfLower(references))
    .orderBy('trainingSession.id')
    .forUpdate('trainingSession')
    .execute()
}

/** Those that stand, in the order of time. */
export async function listSlotsOfSessions(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<SlotRow[]> {
  return db
    .selectFrom('slot')
    .selectAll()
    .where('sessionId', '=', anyOf(sessionIds))
    .where('cancelledAt', 'is', null)
    .orderBy('startsAt')
    .execute()
}

/** Who is engaged in each session; `slotIds` are the slots that name them, which have no other trainers. */
export async function listTrainersOfSessions(db: Kysely<Database>, sessionIds: readonly string[]) {
  return db
    .selectFrom('trainerAssignment as trainer')
    .select(['trainer.sessionId', 'trainer.personId', 'trainer.engagement'])
    .select(
      sql<string[]>`array(select slot_id::text from slot_trainer where assignment_id = trainer.id)`.as(
        'slotIds',
      ),
    )
    .where('trainer.sessionId', '=', anyOf(sessionIds))
    .orderBy('trainer.position')
    .execute()
}

/** All enrolments of these sessions, ended ones too, with who it is. */
export async function listEnrolmentsOfSessions(db: Kysely<Database>, sessionIds: readonly string[]) {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('account', 'account.personId', 'person.id')
    .select([
      'enrolment.id',
      'enrolment.sessionId',
      'enrolment.personId',
      'enrolment.status',
      'enrolment.traineeType',
      'person.firstName',
      'person.lastName',
      'person.email',
      'account.email as accountEmail',
    ])
    .where('enrolment.sessionId', '=', anyOf(sessionIds))
    .orderBy('enrolment.createdAt')
    .execute()
}

export type EnrolmentOfSession = Awaited<ReturnType<typeof listEnrolmentsOfSessions>>[number]

/** As they stand now. */
export async function listMarksOfSessions(db: Kysely<Database>, sessionIds: readonly string[]) {
  return db
    .selectFrom('attendanceMark')
    .select(['slotId', 'enrolmentId', 'status', 'attendedMinutes'])
    .where('sessionId', '=', anyOf(sessionIds))
    .execute()
}

export type TrainingToChoose = Awaited<ReturnType<typeof listTrainings>>[number]
export type TrainerOfSession = Awaited<ReturnType<typeof listTrainersOfSessions>>[number]
export type StandingMark = Selectable<
  Pick<Database['attendanceMark'], 'slotId' | 'enrolmentId' | 'status' | 'attendedMinutes'>
>
