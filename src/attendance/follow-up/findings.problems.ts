import { defineProblem } from '../../platform/problem.ts'

export const findingGone = defineProblem(
  'attendance/finding-gone',
  409,
  'Nothing of that key is found in the session, or not any more',
)
