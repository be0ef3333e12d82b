import { defineProblem } from '../platform/problem.ts'

export const badCredentials = defineProblem(
  'people/bad-credentials',
  401,
  'The address or the password is wrong',
)
export const emailTaken = defineProblem('people/email-taken', 409, 'An account has this address')
export const personHasAccount = defineProblem('people/person-has-account', 409, 'This person has an account')
export const lastAdmin = defineProblem('people/last-admin', 409, 'The last admin must stay one')
export const setupDone = defineProblem('people/setup-done', 409, 'The first admin exists already')
export const setupTokenInvalid = defineProblem(
  'people/setup-token-invalid',
  401,
  'This link is not valid any more',
)
export const noSuchChapter = defineProblem('people/no-such-chapter', 422, 'This chapter does not exist')
export const noSuchEmployer = defineProblem('people/no-such-employer', 422, 'This client does not exist')
export const noSuchPerson = defineProblem('people/no-such-person', 422, 'This person does not exist')
export const linkNotValid = defineProblem(
  'people/link-not-valid',
  401,
  'This link was used, replaced by a newer one, or has expired: ask for another',
)
export const hasPassword = defineProblem('people/has-password', 409, 'This account has a password already')
export const noPassword = defineProblem(
  'people/no-password',
  409,
  'This account has no password yet: ask for a link that sets one',
)
export const wrongPassword = defineProblem('people/wrong-password', 422, 'The present password is wrong')
export const tooManyAttempts = defineProblem(
  'people/too-many-attempts',
  429,
  'Too many attempts: wait as long as Retry-After says',
)
