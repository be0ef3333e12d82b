import { defineProblem } from '../../platform/problem.ts'

export const justificationExists = defineProblem(
  'attendance/justification-exists',
  409,
  'This file has been handed in already, for other half-days',
)
export const tooManyJustifications = defineProblem(
  'attendance/too-many-justifications',
  409,
  'So many papers have been handed in for this enrolment that no more are taken',
)
export const justificationDecided = defineProblem(
  'attendance/justification-decided',
  409,
  'Somebody has decided on this paper already',
)
export const nothingToJustify = defineProblem(
  'attendance/nothing-to-justify',
  409,
  'The learner is not marked as absent, for a part at least, in all of these half-days',
)
