import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { authorise } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx } from '../platform/ctx.ts'
import { inSnapshot } from '../platform/db/snapshot.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { invalidFields, notFound } from '../platform/problems.ts'
import { checkFrames } from './bpf.checks.ts'
import { formOf } from './bpf.lines.ts'
import * as queries from './bpf.queries.ts'
import { type BpfFigures, expenseCents, incomeCents, printFrames, tally } from './bpf.rules.ts'
import type { BpfInputs, BpfReport, DrillDown, Period, StoredBpfInputs } from './bpf.schema.ts'
import { findFigure } from './bpf-figure.ts'
import { findUnresolved, inputsMissing } from './bpf-unresolved.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'
import { assertPeriod } from './period.ts'

/**
 * The BPF (*bilan pédagogique et financier*, Cerfa 10443) of any exercise: every frame, the form's own checks, and
 * what a person still has to decide. Throws 422 on a period that is not one.
 */
export async function bpfReport(ctx: Ctx, period: Period): Promise<BpfReport> {
  authorise(ctx.actor, may['bpf.read'])
  assertPeriod(period)
  return inReport(ctx, async (db) => {
    const figures = await readFigures(db, period)
    const frames = printFrames(figures)
    return {
      form: formOf(period.to),
      period,
      frames,
      checks: checkFrames(frames),
      unresolved: [
        ...(figures.inputs ? [] : [inputsMissing]),
        ...(await findUnresolved(db, period, ctx.now())),
      ],
    }
  })
}

/**
 * The rows behind a printed figure: marks for frames F and G, trainers' slots for E, funding lines for C, none for D,
 * whose amounts come from the accounts. Throws 404 when the report has no such line.
 */
export async function bpfDrillDown(
  ctx: Ctx,
  period: Period,
  frame: string,
  line: string,
): Promise<DrillDown> {
  authorise(ctx.actor, may['bpf.read'])
  assertPeriod(period)
  return inReport(ctx, async (db) => {
    const figures = await readFigures(db, period)
    const figure = findFigure(printFrames(figures), frame, line)
    if (!figure) throw notFound()
    switch (figure.of) {
      case 'income':
        return {
          printed: figure.printed,
          exactCents: incomeCents(figures.income, figure.sources),
          rows: await queries.incomeRows(db, period, figure.sources),
        }
      case 'expenses':
        return { printed: figure.printed, exactCents: expenseCents(figures.inputs, figure.line), rows: [] }
      case 'trainers':
        return {
          printed: figure.printed.hours,
          exactMinutes: figures.trainers.find((part) => part.engagement === figure.engagement)?.minutes ?? 0,
          count: figure.printed.count,
          rows: await queries.trainerSlots(db, period, figure.engagement),
        }
      case 'learners':
        return {
          printed: figure.printed.hours,
          exactMinutes: tally(figures.learners, figure.where).minutes,
          count: figure.printed.count,
          rows: await queries.learnerMarks(db, period, figure.where),
        }
    }
  })
}

/** A year of a million enrolments takes longer than what somebody waits for on a page. */
const statementMs = 120_000

function inReport<T>(ctx: Ctx, read: (db: Ctx['db']) => Promise<T>): Promise<T> {
  return inSnapshot(ctx.db, read, { statementMs })
}

/** Gives, or gives anew, the turnover and the expenses of an exercise. Throws 422 when a part is above its total. */
export async function setBpfInputs(ctx: Ctx, period: Period, inputs: BpfInputs): Promise<StoredBpfInputs> {
  authorise(ctx.actor, may['bpf.setInputs'])
  assertPeriod(period)
  assertParts(inputs.expenses)
  return inTransaction(ctx, async (ctx) => {
    const before = await queries.findInputs(ctx.db, period)
    const after = await queries.upsertInputs(ctx.db, period, inputs, ctx.now())
    await audit(ctx, {
      action: 'bpf.setInputs',
      subject: { kind: 'bpfInput', id: null },
      changes: { period, ...changedFields(before && asInputs(before), inputs) },
    })
    return { period, ...asInputs(after), version: after.version, updatedAt: after.updatedAt.toString() }
  })
}

/** The lines of frame D that start with «dont» need not add up, yet neither can be more than the whole. */
function assertParts({ totalCents, trainersPayCents, purchasesCents }: BpfInputs['expenses']): void {
  const parts = { trainersPayCents, purchasesCents }
  const errors = Object.entries(parts).flatMap(([part, cents]) =>
    cents > totalCents
      ? [{ pointer: `/expenses/${part}`, code: 'above-total', detail: 'must not be above totalCents' }]
      : [],
  )
  if (errors.length > 0) throw invalidFields(errors)
}

async function readFigures(db: Kysely<Database>, period: Period): Promise<BpfFigures> {
  const learners = await queries.learnerGroups(db, period)
  const trainers = await queries.trainerGroups(db, period)
  const income = await queries.incomeGroups(db, period)
  const inputs = await queries.findInputs(db, period)
  return { learners, trainers, income, inputs: inputs && asInputs(inputs) }
}

function asInputs(row: queries.BpfInputRow): BpfInputs {
  return {
    turnoverCents: row.turnoverCents,
    expenses: {
      totalCents: row.expensesTotalCents,
      trainersPayCents: row.expensesTrainersPayCents,
      purchasesCents: row.expensesPurchasesCents,
    },
  }
}
