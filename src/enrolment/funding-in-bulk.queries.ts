import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { inBatches } from '../platform/db/batches.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { FundingLineTable } from './enrolment.tables.ts'
import type { FundingTarget } from './funding.queries.ts'

export type FundingLineRow = Selectable<FundingLineTable>

/** All lines of these sessions, those of their enrolments too, in the order in which they were given. */
export async function listFundingLinesOfSessions(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<FundingLineRow[]> {
  return db
    .selectFrom('fundingLine')
    .selectAll()
    .where('sessionId', '=', anyOf(sessionIds))
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** The position after the last line of each target that has any. */
export async function nextPositions(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<(FundingTarget & { next: number })[]> {
  return db
    .selectFrom('fundingLine')
    .select(['sessionId', 'enrolmentId', sql<number>`max(position) + 1`.as('next')])
    .where('sessionId', '=', anyOf(sessionIds))
    .groupBy(['sessionId', 'enrolmentId'])
    .execute()
}

export async function insertFundingLines(
  trx: Transaction<Database>,
  rows: readonly Insertable<FundingLineTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 11)) await trx.insertInto('fundingLine').values(batch).execute()
}

/** Writes lines that exist as these rows say. An insertion that always conflicts: one statement for all of them. */
export async function overwriteFundingLines(
  trx: Transaction<Database>,
  rows: readonly FundingLineRow[],
): Promise<void> {
  for (const batch of inBatches(rows, 11)) {
    await trx
      .insertInto('fundingLine')
      .values(batch)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          source: eb.ref('excluded.source'),
          clientId: eb.ref('excluded.clientId'),
          amountCents: eb.ref('excluded.amountCents'),
          invoicedOn: eb.ref('excluded.invoicedOn'),
          invoiceNumber: eb.ref('excluded.invoiceNumber'),
          paidOn: eb.ref('excluded.paidOn'),
        })),
      )
      .execute()
  }
}
