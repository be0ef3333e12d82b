import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { SignatureWaiverTable, SlotSealTable, TrainerSignatureTable } from '../attendance.tables.ts'
import type { SlotLearner, SlotTrainer } from './sealing.rules.ts'

/** A seal with what its event in the ledger adds. */
export type Seal = Selectable<SlotSealTable> & {
  sequence: number
  hash: string
  keyId: string | null
  signature: string | null
}

function seals(db: Kysely<Database>) {
  return db
    .selectFrom('slotSeal')
    .innerJoin('attendanceEvent as event', 'event.id', 'slotSeal.eventId')
    .selectAll('slotSeal')
    .select(['event.sequence', 'event.hash', 'event.keyId', 'event.signature'])
}

export async function findSeal(db: Kysely<Database>, slotId: string): Promise<Seal | undefined> {
  return seals(db).where('slotSeal.slotId', '=', slotId).executeTakeFirst()
}

/** In the order in which they were made. */
export async function listSeals(db: Kysely<Database>, sessionId: string): Promise<Seal[]> {
  return seals(db).where('slotSeal.sessionId', '=', sessionId).orderBy('event.sequence').execute()
}

/** Which of these half-days are sealed; for the answer to hold, under the session's lock. */
export async function sealedAmong(db: Kysely<Database>, slotIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('slotSeal').select('slotId').where('slotId', '=', anyOf(slotIds)).execute()
  return new Set(rows.map(({ slotId }) => slotId))
}

export async function insertSeal(trx: Transaction<Database>, row: Insertable<SlotSealTable>): Promise<void> {
  await trx.insertInto('slotSeal').values(row).execute()
}

/** Who has a seat or a mark in the half-day, by name. */
export async function listSlotLearners(
  db: Kysely<Database>,
  slot: { id: string; sessionId: string },
): Promise<SlotLearner[]> {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('attendanceMark as mark', (join) =>
      join.onRef('mark.enrolmentId', '=', 'enrolment.id').on('mark.slotId', '=', slot.id),
    )
    .leftJoin('attendanceSignature as signature', (join) =>
      join.onRef('signature.enrolmentId', '=', 'enrolment.id').on('signature.slotId', '=', slot.id),
    )
    .leftJoin('signatureWaiver as waiver', (join) =>
      join.onRef('waiver.enrolmentId', '=', 'enrolment.id').on('waiver.slotId', '=', slot.id),
    )
    .select([
      'enrolment.id as enrolmentId',
      sql<string>`concat(person.first_name, ' ', person.last_name)`.as('name'),
      'enrolment.status as enrolmentStatus',
      'mark.status as markStatus',
      'mark.reasonCode',
      'signature.way',
      'mark.eventId as mark',
      'signature.eventId as signature',
      'waiver.eventId as waiver',
    ])
    .select((eb) => [
      eb
        .exists(
          eb
            .selectFrom('expectedAttendance as expected')
            .select('expected.slotId')
            .where('expected.slotId', '=', slot.id)
            .whereRef('expected.enrolmentId', '=', 'enrolment.id'),
        )
        .$castTo<boolean>()
        .as('isExpected'),
      eb
        .exists(
          eb
            .selectFrom('unfitMark as unfit')
            .select('unfit.slotId')
            .where('unfit.slotId', '=', slot.id)
            .whereRef('unfit.enrolmentId', '=', 'enrolment.id'),
        )
        .$castTo<boolean>()
        .as('isUnfit'),
    ])
    .where('enrolment.sessionId', '=', slot.sessionId)
    .where((eb) =>
      eb.or([eb('enrolment.status', 'in', ['confirmed', 'completed']), eb('mark.slotId', 'is not', null)]),
    )
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .execute()
}

/** Per half-day who teaches in it, and who has signed for it though they no longer do; by name. */
export async function listSlotTrainers(db: Kysely<Database>, sessionId: string): Promise<SlotTrainer[]> {
  const { rows } = await sql<SlotTrainer>`
    select slot_id, person_id, concat(person.first_name, ' ', person.last_name) as name,
      engaged.engagement is not null as is_engaged, signed.signed_at, signed.event_id as countersignature
    from (select * from slot_engagement where session_id = ${sessionId}) engaged
    full join (select * from trainer_signature where session_id = ${sessionId}) signed using (slot_id, person_id)
    join person on person.id = person_id
    order by person.last_name, person.first_name, person_id`.execute(db)
  return rows
}

/** Of the scans that show the half-day. */
export async function listScanIds(db: Kysely<Database>, slotId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('attendanceScanSlot')
    .select('scanId')
    .where('slotId', '=', slotId)
    .orderBy('scanId')
    .execute()
  return rows.map(({ scanId }) => scanId)
}

/** A trainer's signature of a half-day with the strokes it was drawn with, unless these were deleted in their time. */
export async function findCountersignature(
  db: Kysely<Database>,
  { slotId, personId }: { slotId: string; personId: string },
): Promise<(Selectable<TrainerSignatureTable> & { strokes: unknown }) | undefined> {
  return db
    .selectFrom('trainerSignature')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'trainerSignature.eventId')
    .selectAll('trainerSignature')
    .select(sql<unknown>`payload.content -> 'strokes'`.as('strokes'))
    .where('trainerSignature.slotId', '=', slotId)
    .where('trainerSignature.personId', '=', personId)
    .executeTakeFirst()
}

export async function insertCountersignature(
  trx: Transaction<Database>,
  row: Insertable<TrainerSignatureTable>,
): Promise<void> {
  await trx.insertInto('trainerSignature').values(row).execute()
}

export type WaiverRow = Pick<Selectable<SignatureWaiverTable>, 'slotId' | 'enrolmentId' | 'reasonCode'> & {
  note: string | null
}

/** Why learners of a session, or of one of its half-days, were present and did not sign. */
export async function listWaivers(
  db: Kysely<Database>,
  of: { sessionId: string; slotId?: string },
): Promise<WaiverRow[]> {
  return db
    .selectFrom('signatureWaiver as waiver')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'waiver.eventId')
    .select(['waiver.slotId', 'waiver.enrolmentId', 'waiver.reasonCode'])
    .select(sql<string | null>`payload.content ->> 'note'`.as('note'))
    .where('waiver.sessionId', '=', of.sessionId)
    .$if(of.slotId !== undefined, (waivers) => waivers.where('waiver.slotId', '=', of.slotId ?? ''))
    .execute()
}

export async function insertWaiver(
  trx: Transaction<Database>,
  row: Insertable<SignatureWaiverTable>,
): Promise<void> {
  await trx.insertInto('signatureWaiver').values(row).execute()
}
