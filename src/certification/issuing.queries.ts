/** What issuing reads and writes: who may get a certificate, numbers, frozen documents, their bytes. */
import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { inBatches } from '../platform/db/batches.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { AttendedMinutes, Candidate, CertifiedSession, Issuer } from './certification.rules.ts'
import type { DocumentKind, IssuedDocumentTable } from './certification.tables.ts'

/** The organisation as certificates print it; nothing before it has been described. */
export async function findIssuer(db: Kysely<Database>): Promise<Issuer | undefined> {
  return db
    .selectFrom('organisation')
    .select([
      'legalName',
      'tradeName',
      'siret',
      'declarationNumber',
      'declarationRegion',
      'legalForm',
      'timeZone',
      'address',
      'email',
      'phone',
      'representative',
      'qualiopi',
    ])
    .executeTakeFirst()
}

/** Fails on a session without slots, which cannot have been closed. */
export async function findCertifiedSession(
  db: Kysely<Database>,
  sessionId: string,
): Promise<CertifiedSession> {
  return db
    .selectFrom('trainingSession as session')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .innerJoin('slot', 'slot.sessionId', 'session.id')
    .select((eb) => [
      'session.reference',
      'session.modality',
      'training.title',
      'training.actionKind',
      eb.fn.min('slot.heldOn').as('startsOn'),
      eb.fn.max('slot.heldOn').as('endsOn'),
      sql<number>`sum(slot.duration_minutes) + activity_minutes(training.activities)`.as('plannedMinutes'),
    ])
    .where('session.id', '=', sessionId)
    .where('slot.cancelledAt', 'is', null)
    .groupBy(['session.id', 'training.id'])
    .executeTakeFirstOrThrow()
}

/** Completed and abandoned enrolments without a valid certificate, learners by name. */
export async function listCandidates(db: Kysely<Database>, sessionId: string): Promise<Candidate[]> {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('client as employer', 'employer.id', 'enrolment.employerClientId')
    .select([
      'enrolment.id as enrolmentId',
      'enrolment.personId',
      'enrolment.traineeType',
      'person.firstName',
      'person.lastName',
      'person.birthName',
      'employer.name as employerName',
    ])
    .where('enrolment.sessionId', '=', sessionId)
    .where('enrolment.status', 'in', ['completed', 'abandoned'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('issuedDocument as document')
            .select('document.id')
            .whereRef('document.enrolmentId', '=', 'enrolment.id')
            .where('document.kind', '=', 'certificate')
            .where('document.revokedAt', 'is', null),
        ),
      ),
    )
    .orderBy('person.lastName')
    .orderBy('person.firstName')
    .orderBy('enrolment.id')
    .execute()
}

/** Attended minutes by enrolment and kind, from the one view. */
export async function attendedMinutesByKind(
  db: Kysely<Database>,
  sessionId: string,
): Promise<Map<string, AttendedMinutes>> {
  const rows = await db
    .selectFrom('attendedTime')
    .select(['enrolmentId', 'kind', (eb) => eb.fn.sum<number>('minutes').as('minutes')])
    .where('sessionId', '=', sessionId)
    .groupBy(['enrolmentId', 'kind'])
    .execute()
  const byEnrolment = new Map<string, AttendedMinutes>()
  for (const { enrolmentId, kind, minutes } of rows)
    byEnrolment.set(enrolmentId, { ...byEnrolment.get(enrolmentId), [kind]: minutes })
  return byEnrolment
}

/** Who is marked in a half-day that is not sealed, where certificates wait for that; else nobody. */
export async function enrolmentsWaitingForSeals(
  db: Kysely<Database>,
  sessionId: string,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('attendanceMark as mark')
    .innerJoin('slot', 'slot.id', 'mark.slotId')
    .leftJoin('slotSeal as seal', 'seal.slotId', 'mark.slotId')
    .select('mark.enrolmentId')
    .distinct()
    .where('mark.sessionId', '=', sessionId)
    .where('slot.cancelledAt', 'is', null)
    .where('seal.slotId', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('organisation')
          .select('organisation.id')
          .where('organisation.certificatesNeedSeals', '=', true),
      ),
    )
    .execute()
  return new Set(rows.map(({ enrolmentId }) => enrolmentId))
}

/**
 * Takes `count` numbers in a row and returns the first. The row stays locked until the end of the transaction, so
 * that a number is either used or given to the next who asks: no gap, no double.
 */
export async function takeNumbers(
  trx: Transaction<Database>,
  kind: DocumentKind,
  year: number,
  count: number,
): Promise<number> {
  const { lastNumber } = await trx
    .insertInto('documentNumber')
    .values({ kind, year, lastNumber: count })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'year'])
        .doUpdateSet((eb) => ({ lastNumber: eb('documentNumber.lastNumber', '+', count) })),
    )
    .returning('lastNumber')
    .executeTakeFirstOrThrow()
  return lastNumber - count + 1
}

export async function insertDocuments(
  trx: Transaction<Database>,
  documents: readonly Insertable<IssuedDocumentTable>[],
): Promise<void> {
  for (const batch of inBatches(documents, 16)) await trx.insertInto('issuedDocument').values(batch).execute()
}

/** Revoked documents point at the one that now stands in their place. */
export async function linkReplacements(
  trx: Transaction<Database>,
  newIds: readonly string[],
  updatedAt: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('issuedDocument as revoked')
    .from('issuedDocument as valid')
    .set((eb) => ({
      replacedById: eb.ref('valid.id'),
      version: eb('revoked.version', '+', 1),
      updatedAt,
    }))
    .where('valid.id', '=', anyOf(newIds))
    // The session follows from the enrolment; saying it spares reading every document ever issued.
    .whereRef('revoked.sessionId', '=', 'valid.sessionId')
    .whereRef('revoked.enrolmentId', '=', 'valid.enrolmentId')
    .whereRef('revoked.kind', '=', 'valid.kind')
    .where('revoked.revokedAt', 'is not', null)
    .where('revoked.replacedById', 'is', null)
    .execute()
}

/** Numbered and frozen, not yet drawn; of one session, or all. */
export async function listUnfinished(db: Kysely<Database>, sessionId: string | undefined): Promise<string[]> {
  const rows = await db
    .selectFrom('issuedDocument')
    .select('id')
    .where('sha256', 'is', null)
    .$if(sessionId !== undefined, (documents) => documents.where('sessionId', '=', sessionId ?? ''))
    .orderBy('issuedAt')
    .orderBy('number')
    .execute()
  return rows.map((row) => row.id)
}

type FrozenDocument = Pick<Selectable<IssuedDocumentTable>, 'kind' | 'model' | 'templateSource' | 'sha256'>

/** What drawing needs, and the hash of the bytes once they are drawn. */
export async function findFrozenDocument(db: Kysely<Database>, id: string): Promise<FrozenDocument> {
  return db
    .selectFrom('issuedDocument')
    .select(['kind', 'model', 'templateSource', 'sha256'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Once: whoever draws the same document at the same moment stores the same bytes, and comes too late. */
export async function setDocumentBytes(
  trx: Transaction<Database>,
  id: string,
  bytes: { sha256: string; updatedAt: Temporal.Instant },
): Promise<boolean> {
  const drawn = await trx
    .updateTable('issuedDocument')
    .set(bytes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .where('sha256', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return drawn !== undefined
}
