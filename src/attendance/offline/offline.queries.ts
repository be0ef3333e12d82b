import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { EnrolmentTable } from '../../enrolment/enrolment.tables.ts'
import type { SlotRow } from '../../planning/session.queries.ts'
import { inBatches } from '../../platform/db/batches.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { TrainerSignatureTable } from '../attendance.tables.ts'

/** Those of these slots that there are. */
export async function findSlots(db: Kysely<Database>, ids: readonly string[]): Promise<SlotRow[]> {
  return db.selectFrom('slot').selectAll().where('id', '=', anyOf(ids)).execute()
}

export type OfflineEnrolment = Selectable<EnrolmentTable>

/** Of the session: these, and all of this person; locked against whatever else would be recorded of them. */
export async function lockEnrolments(
  trx: Transaction<Database>,
  sessionId: string,
  whose: { ids: readonly string[]; personId: string },
): Promise<OfflineEnrolment[]> {
  return trx
    .selectFrom('enrolment')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where((eb) => eb.or([eb('id', '=', anyOf(whose.ids)), eb('personId', '=', whose.personId)]))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** An event that a device has sent before: what it is about, and the hash of what was sent unless that was deleted. */
export type KnownEvent = {
  clientId: string
  kind: string
  slotId: string | null
  enrolmentId: string | null
  deviceAt: string
  content: string | null
}

export async function findKnownEvents(
  db: Kysely<Database>,
  sessionId: string,
  clientIds: readonly string[],
): Promise<KnownEvent[]> {
  return db
    .selectFrom('attendanceEvent as event')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'event.id')
    .select([
      sql<string>`event.client_id`.as('clientId'),
      'event.kind',
      'event.slotId',
      'event.enrolmentId',
      sql<string>`event.body::jsonb ->> 'deviceAt'`.as('deviceAt'),
      sql<string | null>`payload.content ->> 'content'`.as('content'),
    ])
    .where('event.sessionId', '=', sessionId)
    .where('event.clientId', '=', anyOf(clientIds))
    .execute()
}

/** The slots of a session that this person holds. */
export async function slotsHeldBy(
  db: Kysely<Database>,
  sessionId: string,
  personId: string,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('slotEngagement')
    .select('slotId')
    .where('sessionId', '=', sessionId)
    .where('personId', '=', personId)
    .execute()
  return new Set(rows.map(({ slotId }) => slotId))
}

/** This trainer's signatures in these slots, with their place in the ledger. */
export async function listCountersignatures(
  db: Kysely<Database>,
  slotIds: readonly string[],
  personId: string,
) {
  return db
    .selectFrom('trainerSignature as signature')
    .innerJoin('attendanceEvent as event', 'event.id', 'signature.eventId')
    .selectAll('signature')
    .select(['event.sequence', 'event.clientId'])
    .where('signature.slotId', '=', anyOf(slotIds))
    .where('signature.personId', '=', personId)
    .execute()
}

/** A signature that stands gives way to one that was made before it. */
export async function upsertCountersignatures(
  trx: Transaction<Database>,
  rows: readonly Insertable<TrainerSignatureTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 6)) {
    await trx
      .insertInto('trainerSignature')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['slotId', 'personId']).doUpdateSet((eb) => ({
          signedAt: eb.ref('excluded.signedAt'),
          deviceAt: eb.ref('excluded.deviceAt'),
          eventId: eb.ref('excluded.eventId'),
        })),
      )
      .execute()
  }
}
