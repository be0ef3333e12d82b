import { defineProblem } from '../../platform/problem.ts'

export const clientIdReused = defineProblem(
  'attendance/client-id-reused',
  409,
  'Another device is sending something else by the same client id at this moment',
)
export const recordedByAnother = defineProblem(
  'attendance/recorded-by-another',
  403,
  'This was recorded by somebody else than who is signed in: nobody signs for another person',
)
