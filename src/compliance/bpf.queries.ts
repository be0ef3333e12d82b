import { type Kysely, type Selectable, type SqlBool, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { FundingSource } from '../enrolment/enrolment.schema.ts'
import type { Engagement } from '../planning/planning.schema.ts'
import type { Choice, LearnerFilter, LearnerTraits } from './bpf.lines.ts'
import type { BpfFigures, LearnerGroup } from './bpf.rules.ts'
import type { BpfInputs, DrillDownRow, Period } from './bpf.schema.ts'
import type { BpfInputTable } from './compliance.tables.ts'

const nsfOfSession = sql<string | null>`left(training_session.nsf_code, 3)`

/**
 * Heads and minutes of the sessions in BPF scope, sorted by all that the form asks: some hundred rows, whatever the
 * number of learners. A head is an enrolment that attended in the period. The traits are joined before the minutes are
 * added up per enrolment, because PostgreSQL shares that work among its processes.
 */
export async function learnerGroups(db: Kysely<Database>, period: Period): Promise<LearnerGroup[]> {
  return db
    .with('learner', (db) =>
      db
        .selectFrom('attendedTime')
        .innerJoin('enrolment', 'enrolment.id', 'attendedTime.enrolmentId')
        .innerJoin('trainingSession', 'trainingSession.id', 'enrolment.sessionId')
        .where('attendedTime.heldOn', '>=', period.from)
        .where('attendedTime.heldOn', '<=', period.to)
        .where('trainingSession.bpfScope', '=', 'included')
        .groupBy(['enrolment.id', 'trainingSession.id'])
        .select((eb) => [
          'trainingSession.subcontracting',
          'enrolment.traineeType',
          'trainingSession.objective',
          'trainingSession.certificationLevel',
          nsfOfSession.as('nsfCode'),
          eb.fn.sum<number>('attendedTime.minutes').as('minutes'),
        ]),
    )
    .selectFrom('learner')
    .groupBy(['subcontracting', 'traineeType', 'objective', 'certificationLevel', 'nsfCode'])
    .select((eb) => [
      'subcontracting',
      'traineeType',
      'objective',
      'certificationLevel',
      'nsfCode',
      eb.fn.countAll<number>().as('count'),
      sql<number>`sum(minutes)::bigint`.as('minutes'),
    ])
    .execute()
}

const traitColumns = {
  subcontracting: sql`training_session.subcontracting`,
  traineeType: sql`enrolment.trainee_type`,
  objective: sql`training_session.objective`,
  certificationLevel: sql`training_session.certification_level`,
  nsfCode: nsfOfSession,
}

/** One row per half-day, or activity, of the learners that a line counts. */
export async function learnerMarks(
  db: Kysely<Database>,
  period: Period,
  where: LearnerFilter,
): Promise<DrillDownRow[]> {
  const conditions = (Object.keys(where) as (keyof LearnerTraits)[]).flatMap((trait) => {
    const choice = where[trait]
    return choice ? [chosen(trait, choice)] : []
  })
  const rows = await db
    .selectFrom('attendedTime')
    .innerJoin('enrolment', 'enrolment.id', 'attendedTime.enrolmentId')
    .innerJoin('trainingSession', 'trainingSession.id', 'enrolment.sessionId')
    .where('attendedTime.heldOn', '>=', period.from)
    .where('attendedTime.heldOn', '<=', period.to)
    .where('trainingSession.bpfScope', '=', 'included')
    .where((eb) => eb.and(conditions))
    .select([
      'attendedTime.enrolmentId',
      'enrolment.sessionId',
      'attendedTime.slotId',
      'attendedTime.activityId',
      'attendedTime.heldOn',
      'attendedTime.minutes',
    ])
    .orderBy('attendedTime.heldOn')
    .orderBy('attendedTime.slotId')
    .orderBy('attendedTime.activityId')
    .orderBy('attendedTime.enrolmentId')
    .execute()
  return rows.map(({ slotId, activityId, ...row }) => ({
    ...row,
    ...(slotId !== null && { slotId }),
    ...(activityId !== null && { activityId }),
  }))
}

/** A trait that nobody gave is compared as the empty string, which no closed list contains. */
function chosen(trait: keyof LearnerTraits, choice: Choice<string | null>) {
  const column = traitColumns[trait]
  return 'only' in choice
    ? sql<SqlBool>`coalesce(${column}, '') = any(${choice.only.map((value) => value ?? '')}::text[])`
    : sql<SqlBool>`coalesce(${column}, '') <> all(${choice.allBut.map((value) => value ?? '')}::text[])`
}

/** Frame E: who taught in the slots held in the period, that is with at least one mark, whatever the session. */
export async function trainerGroups(db: Kysely<Database>, period: Period): Promise<BpfFigures['trainers']> {
  return heldEngagements(db, period)
    .groupBy('slotEngagement.engagement')
    .select((eb) => [
      'slotEngagement.engagement',
      eb.fn.count<number>('slotEngagement.personId').distinct().as('count'),
      eb.fn.sum<number>('slot.durationMinutes').as('minutes'),
    ])
    .execute()
}

/** One row per trainer and slot. */
export async function trainerSlots(
  db: Kysely<Database>,
  period: Period,
  engagement: Engagement,
): Promise<DrillDownRow[]> {
  return heldEngagements(db, period)
    .where('slotEngagement.engagement', '=', engagement)
    .select([
      'slotEngagement.personId',
      'slot.sessionId',
      'slot.id as slotId',
      'held.heldOn',
      'slot.durationMinutes as minutes',
    ])
    .orderBy('held.heldOn')
    .orderBy('slot.id')
    .orderBy('slotEngagement.personId')
    .execute()
}

/** A slot was held when its first marks say so: moving it afterwards takes it into no other exercise. */
function heldEngagements(db: Kysely<Database>, period: Period) {
  return db
    .with('held', (db) =>
      db
        .selectFrom('attendanceMark')
        .where('heldOn', '>=', period.from)
        .where('heldOn', '<=', period.to)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('attendanceMark as earlier')
                .whereRef('earlier.slotId', '=', 'attendanceMark.slotId')
                .where('earlier.heldOn', '<', period.from)
                .select('earlier.slotId'),
            ),
          ),
        )
        .groupBy('slotId')
        .select((eb) => ['slotId', eb.fn.min('heldOn').as('heldOn')]),
    )
    .selectFrom('held')
    .innerJoin('slot', 'slot.id', 'held.slotId')
    .innerJoin('slotEngagement', 'slotEngagement.slotId', 'slot.id')
    .where('slot.cancelledAt', 'is', null)
}

/** Frame C: the exact cents invoiced in the period, by source. */
export async function incomeGroups(db: Kysely<Database>, period: Period): Promise<BpfFigures['income']> {
  return invoicedLines(db, period)
    .groupBy('source')
    .select(['source', sql<number>`sum(amount_cents)::bigint`.as('cents')])
    .execute()
}

/** One row per funding line. */
export async function incomeRows(
  db: Kysely<Database>,
  period: Period,
  sources: readonly FundingSource[],
): Promise<DrillDownRow[]> {
  const rows = await invoicedLines(db, period)
    .where('source', 'in', sources)
    .select(['id', 'enrolmentId', 'sessionId', 'invoicedOn', 'amountCents'])
    .orderBy('invoicedOn')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    fundingLineId: row.id,
    ...(row.enrolmentId && { enrolmentId: row.enrolmentId }),
    sessionId: row.sessionId,
    ...(row.invoicedOn && { invoicedOn: row.invoicedOn }),
    cents: row.amountCents,
  }))
}

function invoicedLines(db: Kysely<Database>, period: Period) {
  return db
    .selectFrom('fundingLine')
    .where('invoicedOn', '>=', period.from)
    .where('invoicedOn', '<=', period.to)
}

export type BpfInputRow = Selectable<BpfInputTable>

/** What was given for exactly this period. */
export async function findInputs(db: Kysely<Database>, period: Period): Promise<BpfInputRow | undefined> {
  return db
    .selectFrom('bpfInput')
    .selectAll()
    .where('periodFrom', '=', period.from)
    .where('periodTo', '=', period.to)
    .executeTakeFirst()
}

/** Given again for the same period, they replace what was given before. */
export async function upsertInputs(
  trx: Transaction<Database>,
  period: Period,
  inputs: BpfInputs,
  updatedAt: Temporal.Instant,
): Promise<BpfInputRow> {
  const columns = {
    turnoverCents: inputs.turnoverCents,
    expensesTotalCents: inputs.expenses.totalCents,
    expensesTrainersPayCents: inputs.expenses.trainersPayCents,
    expensesPurchasesCents: inputs.expenses.purchasesCents,
    updatedAt,
  }
  return trx
    .insertInto('bpfInput')
    .values({ periodFrom: period.from, periodTo: period.to, ...columns })
    .onConflict((conflict) =>
      conflict
        .columns(['periodFrom', 'periodTo'])
        .doUpdateSet({ ...columns, version: sql`bpf_input.version + 1` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}
