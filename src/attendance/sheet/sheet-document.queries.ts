/** What a printed sheet shows besides the sheet itself: whose it is, places, companies, strokes, papers. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'

/** The organisation as sheets print it; nothing before it has been described. */
export async function findIssuer(db: Kysely<Database>) {
  return db
    .selectFrom('organisation')
    .select([
      'legalName',
      'tradeName',
      'siret',
      'declarationNumber',
      'declarationRegion',
      'timeZone',
      'address',
      'representative',
    ])
    .executeTakeFirst()
}

/** The session with the title of its training, word for word as on the certificate, and who it is held for. */
export async function findPrintedSession(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('trainingSession as session')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .leftJoin('client', 'client.id', 'session.privateClientId')
    .select([
      'session.id',
      'session.reference',
      'session.timeZone',
      'session.modality',
      'session.place',
      'session.remoteUrl',
      'training.title',
      'client.name as clientName',
      'client.siret as clientSiret',
    ])
    .where('session.id', '=', sessionId)
    .executeTakeFirstOrThrow()
}

/** The bodies that manage funds (OPCO, FAF …) and are invoiced for the session, by name. */
export async function listFunders(db: Kysely<Database>, sessionId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('fundingLine')
    .innerJoin('client', 'client.id', 'fundingLine.clientId')
    .select('client.name')
    .distinct()
    .where('fundingLine.sessionId', '=', sessionId)
    .where('client.kind', '=', 'fundBody')
    .orderBy('client.name')
    .execute()
  return rows.map(({ name }) => name)
}

export type PrintedSlot = Awaited<ReturnType<typeof listPrintedSlots>>[number]

/** In the order of time. */
export async function listPrintedSlots(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('slot')
    .select([
      'id',
      'heldOn',
      'halfDay',
      'startsAt',
      'endsAt',
      'durationMinutes',
      'topic',
      'modality',
      'place',
    ])
    .select(['cancelledAt', 'cancelledReason'])
    .where('sessionId', '=', sessionId)
    .orderBy('startsAt')
    .execute()
}

export type EnrolmentFacts = Awaited<ReturnType<typeof listEnrolmentFacts>>[number]

/** Names apart, employer and dates of everybody enrolled in the session. */
export async function listEnrolmentFacts(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('enrolment')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .leftJoin('client as employer', 'employer.id', 'enrolment.employerClientId')
    .select([
      'enrolment.id as enrolmentId',
      'person.firstName',
      'person.lastName',
      'employer.name as employerName',
      'employer.siret as employerSiret',
      'enrolment.startedOn',
      'enrolment.joinedAt',
      'enrolment.interruptedOn',
    ])
    .where('enrolment.sessionId', '=', sessionId)
    .execute()
}

/** Who is expected in which half-day, whatever became of the enrolment. */
export async function listExpected(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('expectedAttendance')
    .select(['slotId', 'enrolmentId'])
    .where('sessionId', '=', sessionId)
    .execute()
}

const strokes = sql<number[][] | null>`payload.content -> 'strokes'`.as('strokes')

/** Strokes are null on paper, and once retention has deleted them. */
export async function listDrawnSignatures(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('attendanceSignature as signature')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'signature.eventId')
    .select(['signature.slotId', 'signature.enrolmentId', 'signature.scanId', 'signature.way', 'signedAt'])
    .select(strokes)
    .where('signature.sessionId', '=', sessionId)
    .execute()
}

export async function listDrawnCountersignatures(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('trainerSignature as signature')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'signature.eventId')
    .select(['signature.slotId', 'signature.personId'])
    .select(strokes)
    .where('signature.sessionId', '=', sessionId)
    .execute()
}

/** Scans of sheets on paper, the oldest first, with who uploaded them. */
export async function listPrintedScans(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('attendanceScan as scan')
    .leftJoin('account', 'account.id', 'scan.uploadedBy')
    .leftJoin('person', 'person.id', 'account.personId')
    .select(['scan.id', 'scan.mediaType', 'scan.sha256', 'scan.originalKeptAt', 'scan.uploadedAt'])
    .select(sql<string | null>`nullif(concat_ws(' ', person.first_name, person.last_name), '')`.as('by'))
    .where('scan.sessionId', '=', sessionId)
    .orderBy('scan.uploadedAt')
    .orderBy('scan.id')
    .execute()
}

/** Attended minutes by enrolment, from the one view: of the whole session, or of one half-day. */
export async function listAttendedMinutes(
  db: Kysely<Database>,
  { sessionId, slotId }: { sessionId: string; slotId: string | undefined },
) {
  return db
    .selectFrom('attendedTime')
    .select('enrolmentId')
    .select([
      (eb) => eb.fn.sum<number>('minutes').as('attendedMinutes'),
      sql<number>`coalesce(sum(minutes) filter (where kind = 'asynchronous'), 0)`.as('asynchronousMinutes'),
    ])
    .where('sessionId', '=', sessionId)
    .$if(slotId !== undefined, (time) => time.where('slotId', '=', slotId ?? ''))
    .groupBy('enrolmentId')
    .execute()
}

/** Where the ledger ends; nothing before its first event. */
export async function findLedgerEnd(db: Kysely<Database>, sessionId: string) {
  return db
    .selectFrom('ledgerHead')
    .select(['sequence', 'hash'])
    .where('sessionId', '=', sessionId)
    .executeTakeFirst()
}
