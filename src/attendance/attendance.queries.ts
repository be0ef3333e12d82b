import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { EnrolmentTable } from '../enrolment/enrolment.tables.ts'
import type { SessionRow } from '../planning/session.queries.ts'
import { inBatches } from '../platform/db/batches.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { AttendanceMarkTable } from './attendance.tables.ts'

/** A mark as it stands, with what the event it comes from says besides. */
export type MarkRow = Selectable<AttendanceMarkTable> & {
  note: string | null
  sequence: number
  clientId: string | null
}

function sessionOfSlot(trx: Transaction<Database>, slotId: string) {
  return trx
    .selectFrom('trainingSession')
    .selectAll()
    .where('id', '=', (eb) => eb.selectFrom('slot').select('sessionId').where('slot.id', '=', slotId))
}

/** The session of a slot, locked; nothing when there is no such slot. */
export async function lockSessionOfSlot(
  trx: Transaction<Database>,
  slotId: string,
): Promise<SessionRow | undefined> {
  return sessionOfSlot(trx, slotId).forUpdate().executeTakeFirst()
}

/** As `lockSessionOfSlot`, in share: see `shareSession`. */
export async function shareSessionOfSlot(
  trx: Transaction<Database>,
  slotId: string,
): Promise<SessionRow | undefined> {
  return sessionOfSlot(trx, slotId).forShare().executeTakeFirst()
}

/** Held in share until the end of the transaction: nobody cancels a learner who is being marked. */
export async function lockEnrolments(
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Selectable<EnrolmentTable>[]> {
  return trx
    .selectFrom('enrolment')
    .selectAll()
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forShare()
    .execute()
}

/** The marks of slots or of a whole session, learners by name. */
export async function listMarks(
  db: Kysely<Database>,
  of: { slotIds: readonly string[] } | { sessionId: string },
): Promise<MarkRow[]> {
  return db
    .selectFrom('attendanceMark')
    .innerJoin('enrolment', 'enrolment.id', 'attendanceMark.enrolmentId')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .innerJoin('attendanceEvent', 'attendanceEvent.id', 'attendanceMark.eventId')
    .leftJoin('attendancePayload', 'attendancePayload.eventId', 'attendanceMark.eventId')
    .selectAll('attendanceMark')
    .select(['attendanceEvent.sequence', 'attendanceEvent.clientId'])
    .select(sql<string | null>`attendance_payload.content ->> 'note'`.as('note'))
    .$if('slotIds' in of, (marks) =>
      marks.where('attendanceMark.slotId', '=', anyOf('slotIds' in of ? of.slotIds : [])),
    )
    .$if('sessionId' in of, (marks) =>
      marks.where('attendanceMark.sessionId', '=', 'sessionId' in of ? of.sessionId : ''),
    )
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .execute()
}

/** A mark that stands takes what the new one states and the event it comes from. */
export async function upsertMarks(
  trx: Transaction<Database>,
  marks: readonly Insertable<AttendanceMarkTable>[],
): Promise<void> {
  for (const batch of inBatches(marks, 15)) {
    await trx
      .insertInto('attendanceMark')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['slotId', 'enrolmentId']).doUpdateSet((eb) => ({
          status: eb.ref('excluded.status'),
          attendedMinutes: eb.ref('excluded.attendedMinutes'),
          reasonCode: eb.ref('excluded.reasonCode'),
          justified: eb.ref('excluded.justified'),
          heldOn: eb.ref('excluded.heldOn'),
          kind: eb.ref('excluded.kind'),
          eventId: eb.ref('excluded.eventId'),
          markedAt: eb.ref('excluded.markedAt'),
          source: eb.ref('excluded.source'),
          decidedAt: eb.ref('excluded.decidedAt'),
          arrivedAt: eb.ref('excluded.arrivedAt'),
          leftAt: eb.ref('excluded.leftAt'),
        })),
      )
      .execute()
  }
}

type SheetLearner = {
  enrolmentId: string
  personId: string
  status: Selectable<EnrolmentTable>['status']
  firstName: string
  lastName: string
  /** Of the half-days in which they are expected, and of the activities. */
  plannedMinutes: number
  /** The half-days that were moved so that their mark no longer fits. */
  movedSlotIds: string[]
}

/** Who stands on the sheet: who took part, and whoever else has a mark or minutes (a cancelled enrolment). */
export async function listSheetLearners(db: Kysely<Database>, sessionId: string): Promise<SheetLearner[]> {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .innerJoin('trainingSession', 'trainingSession.id', 'enrolment.sessionId')
    .innerJoin('trainingVersion', 'trainingVersion.id', 'trainingSession.trainingVersionId')
    .select([
      'enrolment.id as enrolmentId',
      'enrolment.personId',
      'enrolment.status',
      'person.firstName',
      'person.lastName',
      sql<number>`activity_minutes(training_version.activities) + (
        select coalesce(sum(slot.duration_minutes), 0) from expected_attendance expected
        join slot on slot.id = expected.slot_id where expected.enrolment_id = enrolment.id)`.as(
        'plannedMinutes',
      ),
      sql<string[]>`array(select slot_id::text from unfit_mark where enrolment_id = enrolment.id)`.as(
        'movedSlotIds',
      ),
    ])
    .where('enrolment.sessionId', '=', sessionId)
    .where((eb) =>
      eb.or([
        eb('enrolment.status', 'in', ['confirmed', 'completed', 'abandoned']),
        eb.exists(
          eb
            .selectFrom('attendanceMark')
            .select('attendanceMark.slotId')
            .whereRef('attendanceMark.enrolmentId', '=', 'enrolment.id'),
        ),
        eb.exists(
          eb
            .selectFrom('activityCompletion')
            .select('activityId')
            .whereRef('activityCompletion.enrolmentId', '=', 'enrolment.id')
            .where('minutes', '>', 0),
        ),
      ]),
    )
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .execute()
}
