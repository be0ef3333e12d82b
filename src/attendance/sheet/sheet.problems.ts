import { defineProblem } from '../../platform/problem.ts'

export const nothingToPrint = defineProblem(
  'attendance/nothing-to-print',
  409,
  'A session without half-days has no sheet',
)
