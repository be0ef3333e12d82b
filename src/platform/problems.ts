/** The errors that any route can raise. */
import { defineProblem, type FieldError, type Problem } from './problem.ts'

export const malformed = defineProblem('platform/malformed', 400, 'The request could not be read')
export const notSignedIn = defineProblem('platform/not-signed-in', 401, 'Sign in first')
export const signInNeeded = defineProblem(
  'platform/sign-in-needed',
  403,
  'This is for who has signed in, not for an API token',
)
export const forbidden = defineProblem('platform/forbidden', 403, 'You may not do this')
export const tokenIsReadOnly = defineProblem(
  'platform/token-is-read-only',
  403,
  'This API token may only read',
)
export const crossOrigin = defineProblem('platform/cross-origin', 403, 'The request comes from another site')
export const notFound = defineProblem('platform/not-found', 404, 'There is nothing here')
export const methodNotAllowed = defineProblem(
  'platform/method-not-allowed',
  405,
  'Nothing here takes this method',
)
export const tooSlow = defineProblem('platform/too-slow', 408, 'The request took too long to arrive')
export const conflict = defineProblem('platform/conflict', 409, 'The request contradicts the present state')
export const stale = defineProblem('platform/stale', 412, 'It has changed since you read it')
export const tooLarge = defineProblem('platform/too-large', 413, 'The request is too large')
export const uriTooLong = defineProblem('platform/uri-too-long', 414, 'The address is too long')
export const unsupportedMediaType = defineProblem(
  'platform/unsupported-media-type',
  415,
  'Send application/json',
)
export const unsupportedFile = defineProblem(
  'platform/unsupported-file',
  415,
  'A file of another kind is wanted',
)
export const expectationFailed = defineProblem(
  'platform/expectation-failed',
  417,
  'Only 100-continue can be expected',
)
export const invalid = defineProblem('platform/invalid', 422, 'Some values are not valid')
export const ifMatchMissing = defineProblem(
  'platform/if-match-missing',
  428,
  'Send If-Match with the ETag that you read',
)
export const headersTooLarge = defineProblem(
  'platform/headers-too-large',
  431,
  'The headers are too many or too large',
)
export const busy = defineProblem('platform/busy', 503, 'Too many people change the same thing, try again')
export const noRoom = defineProblem(
  'platform/no-room',
  503,
  'The database has no room left; nothing was written',
)
export const databaseAway = defineProblem('platform/database-away', 503, 'The database is away, try again')
export const schemaUnknown = defineProblem(
  'platform/schema-unknown',
  503,
  'The database is of another version than this process',
)
export const stopping = defineProblem('platform/stopping', 503, 'This process is stopping')

/** 422 with one field error. */
export function invalidField(pointer: string, code: string, detail: string): Problem {
  return invalid({ errors: [{ pointer, code, detail }] })
}

/** 422 with these field errors. */
export function invalidFields(errors: FieldError[]): Problem {
  return invalid({ errors })
}
