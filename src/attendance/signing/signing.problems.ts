import { defineProblem, type FieldError } from '../../platform/problem.ts'

export const linkNotValid = defineProblem(
  'attendance/link-not-valid',
  404,
  'This link does not work, or works no longer: ask for another',
)
export const linkOfAnother = defineProblem(
  'attendance/link-of-another',
  403,
  'This link is somebody else’s: nobody signs for another person',
)
export const linksEnded = defineProblem(
  'attendance/links-ended',
  409,
  'The session has been over for so long that its links work no longer',
)
export const wrongCode = defineProblem(
  'attendance/wrong-code',
  422,
  'This is neither the code on the screen nor the one before it',
)
export const tooManyCodes = defineProblem(
  'attendance/too-many-codes',
  429,
  'Too many wrong codes: wait for the next one',
)
export const scanExists = defineProblem(
  'attendance/scan-exists',
  409,
  'This file is attached to the session already, to other half-days',
)

/** What is wrong with the id of an enrolment whose learner signs nothing here. */
export function notConfirmed(pointer: string): FieldError {
  return { pointer, code: 'not-confirmed', detail: 'is not a confirmed enrolment of this session' }
}
