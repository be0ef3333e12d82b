import { defineProblem } from '../../platform/problem.ts'

export const unreadableLog = defineProblem(
  'attendance/unreadable-connection-log',
  422,
  'The file is not a connection log that can be read',
)
export const logOfAnotherTime = defineProblem(
  'attendance/connection-log-of-another-time',
  422,
  'Nobody in the file was connected during the half-day',
)
export const activityDecided = defineProblem(
  'attendance/activity-decided',
  409,
  'A trainer has decided on this activity: a declaration changes nothing any more',
)
export const notTakingPart = defineProblem(
  'attendance/not-taking-part',
  409,
  'The enrolment is not one of somebody who takes part',
)
