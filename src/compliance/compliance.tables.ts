import type { Generated } from 'kysely'
import type { CivilDate } from '../platform/db/columns.ts'

export type BpfInputTable = {
  periodFrom: CivilDate
  periodTo: CivilDate
  turnoverCents: number
  expensesTotalCents: number
  expensesTrainersPayCents: number
  expensesPurchasesCents: number
  version: Generated<number>
  updatedAt: Temporal.Instant
}
