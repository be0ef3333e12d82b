import { defineProblem } from '../../platform/problem.ts'

/** After a key was changed on another machine, until it is brought here. */
export const ledgerKeyMissing = defineProblem(
  'attendance/ledger-key-missing',
  503,
  'This process does not hold the key that attendance is signed with',
)
