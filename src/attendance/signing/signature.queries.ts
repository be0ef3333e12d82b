import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { EnrolmentTable } from '../../enrolment/enrolment.tables.ts'
import { inBatches } from '../../platform/db/batches.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { AttendanceSignatureTable } from '../attendance.tables.ts'
import type { Strokes } from './strokes.ts'

/** A signature as it stands, with its place in the ledger. */
export type SignatureRow = Selectable<AttendanceSignatureTable> & {
  sequence: number
  clientId: string | null
  /** The person who handed over their device, showed the link on it, or read the signature on paper. */
  handedOverBy: string | null
}

export type SigningEnrolment = Pick<Selectable<EnrolmentTable>, 'id' | 'personId' | 'status'>

/** The enrolment with a seat in this session, held for its learner's signature alone: what they send at once waits. */
export async function lockSeat(
  trx: Transaction<Database>,
  sessionId: string,
  whose: { enrolmentId: string } | { personId: string },
): Promise<SigningEnrolment | undefined> {
  return trx
    .selectFrom('enrolment')
    .select(['id', 'personId', 'status'])
    .where('sessionId', '=', sessionId)
    .where('status', 'in', ['confirmed', 'completed'])
    .where((eb) =>
      'personId' in whose ? eb('personId', '=', whose.personId) : eb('id', '=', whose.enrolmentId),
    )
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** A half-day and what stands in it of one learner; strokes are null on paper and once forgotten. */
export async function findSigningState(trx: Transaction<Database>, slotId: string, enrolmentId: string) {
  return trx
    .selectFrom('slot')
    .leftJoin('slotSeal as seal', 'seal.slotId', 'slot.id')
    .leftJoin('attendanceMark as mark', (join) =>
      join.onRef('mark.slotId', '=', 'slot.id').on('mark.enrolmentId', '=', enrolmentId),
    )
    .leftJoin('attendanceSignature as signature', (join) =>
      join.onRef('signature.slotId', '=', 'slot.id').on('signature.enrolmentId', '=', enrolmentId),
    )
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'signature.eventId')
    .selectAll('slot')
    .select([
      'seal.sealedAt',
      'mark.status as markStatus',
      'signature.way as signedWay',
      'signature.signedAt',
      'signature.deviceAt',
      sql<Strokes | null>`payload.content -> 'strokes'`.as('strokes'),
    ])
    .where('slot.id', '=', slotId)
    .executeTakeFirst()
}
export type SigningState = NonNullable<Awaited<ReturnType<typeof findSigningState>>>

/** A signature that stands gives way to one that counts before it. */
export async function upsertSignatures(
  trx: Transaction<Database>,
  rows: readonly Insertable<AttendanceSignatureTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 9)) {
    await trx
      .insertInto('attendanceSignature')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['slotId', 'enrolmentId']).doUpdateSet((eb) => ({
          way: eb.ref('excluded.way'),
          signedAt: eb.ref('excluded.signedAt'),
          deviceAt: eb.ref('excluded.deviceAt'),
          fingerprint: eb.ref('excluded.fingerprint'),
          scanId: eb.ref('excluded.scanId'),
          eventId: eb.ref('excluded.eventId'),
        })),
      )
      .execute()
  }
}

/** The signatures of slots or of a whole session, in the order in which they were made. */
export async function listSignatures(
  db: Kysely<Database>,
  of: { slotIds: readonly string[] } | { sessionId: string },
): Promise<SignatureRow[]> {
  return db
    .selectFrom('attendanceSignature as signature')
    .innerJoin('attendanceEvent as event', 'event.id', 'signature.eventId')
    .selectAll('signature')
    .select([
      'event.sequence',
      'event.clientId',
      sql<string | null>`event.body::jsonb ->> 'handedOverBy'`.as('handedOverBy'),
    ])
    .where((eb) =>
      'slotIds' in of
        ? eb('signature.slotId', '=', anyOf(of.slotIds))
        : eb('signature.sessionId', '=', of.sessionId),
    )
    .orderBy('signature.signedAt')
    .orderBy('event.sequence')
    .execute()
}
