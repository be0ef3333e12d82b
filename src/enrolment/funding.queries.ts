import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { FundingLineTable } from './enrolment.tables.ts'

/** Whose lines: an enrolment's, or those of the session that belong to no enrolment. */
export type FundingTarget = { sessionId: string; enrolmentId: string | null }

export type FundingLine = Awaited<ReturnType<typeof listFundingLines>>[number]

/** In the order in which they were given. */
export async function listFundingLines(db: Kysely<Database>, target: FundingTarget) {
  return db
    .selectFrom('fundingLine')
    .leftJoin('client', 'client.id', 'fundingLine.clientId')
    .select([
      'fundingLine.id',
      'fundingLine.source',
      'fundingLine.clientId',
      'client.name as clientName',
      'fundingLine.amountCents',
      'fundingLine.invoicedOn',
      'fundingLine.invoiceNumber',
      'fundingLine.paidOn',
    ])
    .where('fundingLine.sessionId', '=', target.sessionId)
    .where('fundingLine.enrolmentId', 'is not distinct from', target.enrolmentId)
    .orderBy('fundingLine.position')
    .execute()
}

/** Takes away all lines of the target and puts these in their place. */
export async function exchangeFundingLines(
  trx: Transaction<Database>,
  target: FundingTarget,
  rows: readonly Insertable<FundingLineTable>[],
): Promise<void> {
  await trx
    .deleteFrom('fundingLine')
    .where('sessionId', '=', target.sessionId)
    .where('enrolmentId', 'is not distinct from', target.enrolmentId)
    .execute()
  if (rows.length === 0) return
  await trx
    .insertInto('fundingLine')
    .values([...rows])
    .execute()
}

/** Which of these clients exist. */
export async function findClientIds(db: Kysely<Database>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('client').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map((row) => row.id))
}
