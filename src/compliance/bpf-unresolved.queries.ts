/** What the BPF cannot decide by itself: one statement per kind, however many rows there are. */
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { Period } from './bpf.schema.ts'
import { nsfLabels } from './nsf.ts'

/** The first cases in the order of their sessions' references, and how many there are in all. */
export type Cases<Case> = { total: number; rows: Case[] }

/** More than anyone settles in one go; the others come up once these are settled. */
const mostCases = 1_000

export type SessionCase = { sessionId: string; reference: string; nsfCode: string | null }
export type EnrolmentCase = {
  enrolmentId: string
  sessionId: string
  reference: string
  firstName: string
  lastName: string
}
export type FundingCase = {
  sessionId: string
  enrolmentId: string | null
  reference: string
  amountCents: number
  invoiceNumber: string | null
}
export type UnmarkedCase = { sessionId: string; reference: string; missing: number }

/** Learners with hours in BPF scope and no funding line, neither their own nor their session's. */
export async function enrolmentsWithoutFunding(
  db: Kysely<Database>,
  period: Period,
): Promise<Cases<EnrolmentCase>> {
  return casesOf(
    await attendedEnrolments(db, period)
      .where(sql<SqlBool>`not exists (select from funding_line where enrolment_id = enrolment.id)`)
      .where(
        sql<SqlBool>`not exists (select from funding_line line
          where line.session_id = enrolment.session_id and line.enrolment_id is null)`,
      )
      .execute(),
  )
}

/** Learners whom frame F-1 cannot sort. */
export async function enrolmentsWithoutType(
  db: Kysely<Database>,
  period: Period,
): Promise<Cases<EnrolmentCase>> {
  return casesOf(
    await attendedEnrolments(db, period)
      .where('enrolment.traineeType', 'is', null)
      .where('trainingSession.subcontracting', '<>', 'received')
      .execute(),
  )
}

function attendedEnrolments(db: Kysely<Database>, period: Period) {
  return db
    .selectFrom('enrolment')
    .innerJoin('trainingSession', 'trainingSession.id', 'enrolment.sessionId')
    .innerJoin('person', 'person.id', 'enrolment.personId')
    .where('trainingSession.bpfScope', '=', 'included')
    .where(
      sql<SqlBool>`exists (select from attended_time where enrolment_id = enrolment.id
        and held_on between ${period.from} and ${period.to})`,
    )
    .select((eb) => [
      'enrolment.id as enrolmentId',
      'enrolment.sessionId',
      'trainingSession.reference',
      'person.firstName',
      'person.lastName',
      eb.fn.countAll<number>().over().as('total'),
    ])
    .orderBy('trainingSession.reference')
    .orderBy('person.lastName')
    .orderBy('enrolment.id')
    .limit(mostCases)
}

const missingTraits = {
  /** Null, or a code that the nomenclature does not know. */
  noNsfCode: sql<SqlBool>`coalesce(left(nsf_code, 3), '') <> all(${Object.keys(nsfLabels)}::text[])`,
  noObjective: sql<SqlBool>`objective is null`,
  noCertificationLevel: sql<SqlBool>`objective = 'rncp' and certification_level is null`,
}

/** Sessions with hours in frames F whose learners one of the frames cannot sort. */
export async function sessionsWithout(
  db: Kysely<Database>,
  period: Period,
  missing: keyof typeof missingTraits,
): Promise<Cases<SessionCase>> {
  return casesOf(
    await db
      .selectFrom('trainingSession')
      .where('bpfScope', '=', 'included')
      .where('subcontracting', '<>', 'received')
      .where(missingTraits[missing])
      .where(
        sql<SqlBool>`exists (select from attended_time where session_id = training_session.id
          and held_on between ${period.from} and ${period.to})`,
      )
      .select((eb) => [
        'id as sessionId',
        'reference',
        'nsfCode',
        eb.fn.countAll<number>().over().as('total'),
      ])
      .orderBy('reference')
      .limit(mostCases)
      .execute(),
  )
}

/**
 * Funding lines without an invoice although their session is over by the end of the period. What was cancelled before
 * anyone attended has nothing to invoice.
 */
export async function linesNotInvoiced(db: Kysely<Database>, period: Period): Promise<Cases<FundingCase>> {
  return casesOf(
    await fundingLines(db)
      .where('fundingLine.invoicedOn', 'is', null)
      .where(
        sql<SqlBool>`(select max(held_on) from slot where session_id = training_session.id and cancelled_at is null) <= ${period.to}`,
      )
      .where(
        sql<SqlBool>`(training_session.status in ('open', 'closed')
          or exists (select from attended_time where session_id = training_session.id))`,
      )
      .execute(),
  )
}

/** Money on a session that was decided to be no vocational training (*hors BPF*). */
export async function linesOutOfScope(db: Kysely<Database>, period: Period): Promise<Cases<FundingCase>> {
  return casesOf(await linesOfPeriod(db, period).where('trainingSession.bpfScope', '=', 'excluded').execute())
}

/** C-10 is for sessions received from another OF (frame G), and for those only. */
export async function linesAgainstSubcontracting(
  db: Kysely<Database>,
  period: Period,
): Promise<Cases<FundingCase>> {
  return casesOf(
    await linesOfPeriod(db, period)
      .where(
        sql<SqlBool>`(funding_line.source = 'trainingOrganisation') <> (training_session.subcontracting = 'received')`,
      )
      .execute(),
  )
}

/** Lines invoiced in the period, and those not invoiced yet of sessions held in it. */
function linesOfPeriod(db: Kysely<Database>, period: Period) {
  return fundingLines(db).where(
    sql<SqlBool>`(invoiced_on between ${period.from} and ${period.to}
      or invoiced_on is null and exists (select from slot where session_id = training_session.id
        and cancelled_at is null and held_on between ${period.from} and ${period.to}))`,
  )
}

function fundingLines(db: Kysely<Database>) {
  return db
    .selectFrom('fundingLine')
    .innerJoin('trainingSession', 'trainingSession.id', 'fundingLine.sessionId')
    .select((eb) => [
      'fundingLine.sessionId',
      'fundingLine.enrolmentId',
      'fundingLine.amountCents',
      'fundingLine.invoiceNumber',
      'trainingSession.reference',
      eb.fn.countAll<number>().over().as('total'),
    ])
    .orderBy('trainingSession.reference')
    .orderBy('fundingLine.id')
    .limit(mostCases)
}

const seated = ['confirmed', 'completed'] as const

/**
 * Sessions with a slot of the period that has ended and learners whom nobody has marked in it. Counting finds the few
 * that lack marks: to look for every learner in every slot would cost as much as all the rest of the report.
 */
export async function sessionsNotMarked(
  db: Kysely<Database>,
  period: Period,
  now: Temporal.Instant,
): Promise<Cases<UnmarkedCase>> {
  return casesOf(
    await db
      .with(
        (cte) => cte('lacking').materialized(),
        () => sessionsLackingMarks(db, period),
      )
      .selectFrom('lacking')
      .innerJoin('trainingSession', 'trainingSession.id', 'lacking.sessionId')
      .innerJoinLateral(
        (eb) =>
          eb
            .selectFrom('slot')
            .innerJoin('expectedAttendance as expected', 'expected.slotId', 'slot.id')
            .innerJoin('enrolment', 'enrolment.id', 'expected.enrolmentId')
            .whereRef('slot.sessionId', '=', 'trainingSession.id')
            .where('slot.heldOn', '>=', period.from)
            .where('slot.heldOn', '<=', period.to)
            .where('slot.endsAt', '<=', now)
            .where('enrolment.status', 'in', seated)
            .where(
              sql<SqlBool>`not exists (select from attendance_mark where slot_id = slot.id and enrolment_id = enrolment.id)`,
            )
            .select((eb) => eb.fn.countAll<number>().as('missing'))
            .as('unmarked'),
        (join) => join.onTrue(),
      )
      .where('trainingSession.status', 'in', ['open', 'closed'])
      .where('unmarked.missing', '>', 0)
      .select((eb) => [
        'trainingSession.id as sessionId',
        'trainingSession.reference',
        'unmarked.missing',
        eb.fn.countAll<number>().over().as('total'),
      ])
      .orderBy('trainingSession.reference')
      .limit(mostCases)
      .execute(),
  )
}

/** Sessions with a slot in the period whose seated learners have fewer marks than slots, those to come included. */
function sessionsLackingMarks(db: Kysely<Database>, period: Period) {
  return db
    .selectFrom(
      db
        .selectFrom('slot')
        .groupBy('sessionId')
        .having(sql<SqlBool>`bool_or(held_on between ${period.from} and ${period.to})`)
        .select((eb) => ['sessionId', eb.fn.countAll<number>().as('slots')])
        .as('held'),
    )
    .innerJoin(
      db
        .selectFrom('enrolment')
        .where('status', 'in', seated)
        .groupBy('sessionId')
        .select((eb) => ['sessionId', eb.fn.countAll<number>().as('learners')])
        .as('learning'),
      'learning.sessionId',
      'held.sessionId',
    )
    .leftJoin(
      db
        .selectFrom('attendanceMark')
        .groupBy('sessionId')
        .select((eb) => ['sessionId', eb.fn.countAll<number>().as('marks')])
        .as('marked'),
      'marked.sessionId',
      'held.sessionId',
    )
    .leftJoin(
      db
        .selectFrom('enrolment')
        .innerJoin('attendanceMark', 'attendanceMark.enrolmentId', 'enrolment.id')
        .where('enrolment.status', 'not in', seated)
        .groupBy('enrolment.sessionId')
        .select((eb) => ['enrolment.sessionId', eb.fn.countAll<number>().as('marks')])
        .as('left'),
      'left.sessionId',
      'held.sessionId',
    )
    .where(
      sql<SqlBool>`held.slots * learning.learners > coalesce(marked.marks, 0) - coalesce("left".marks, 0)`,
    )
    .select('held.sessionId')
}

function casesOf<Case>(rows: (Case & { total: number })[]): Cases<Case> {
  return { total: rows[0]?.total ?? 0, rows }
}
