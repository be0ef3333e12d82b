/** Errors that have a name, a status and a code: raised by name, turned into problem+json once (RFC 9457). */

export type FieldError = {
  /** JSON pointer (RFC 6901) into the body, or `/name` of a query parameter. */
  pointer: string
  code: string
  detail: string
}

type ProblemDefinition = {
  code: string
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 414 | 415 | 417 | 422 | 428 | 429 | 431 | 503
  title: string
}

type ProblemDetails = {
  detail?: string
  errors?: FieldError[]
  /** Further members of the answer, such as what is missing. */
  extra?: Record<string, unknown>
  headers?: Record<string, string>
}

/** The one error class, because `throw` and `instanceof` want one. */
export class Problem extends Error {
  readonly definition: ProblemDefinition
  readonly details: ProblemDetails

  constructor(definition: ProblemDefinition, details: ProblemDetails = {}) {
    super(`${definition.code}: ${details.detail ?? definition.title}`)
    this.name = 'Problem'
    this.definition = definition
    this.details = details
  }
}

export type ProblemFactory = ((details?: ProblemDetails) => Problem) & { definition: ProblemDefinition }

/** Names an error: `export const sheetIsSealed = defineProblem('attendance/sheet-sealed', 409, 'The sheet is sealed')`. */
export function defineProblem(
  code: string,
  status: ProblemDefinition['status'],
  title: string,
): ProblemFactory {
  const definition: ProblemDefinition = { code, status, title }
  return Object.assign((details?: ProblemDetails) => new Problem(definition, details), { definition })
}

/** The same problem, pointing at the field that raised it. */
export function at(problem: ProblemFactory, pointer: string): ProblemFactory {
  const { definition } = problem
  const error = { pointer, code: definition.code, detail: definition.title }
  return Object.assign(() => problem({ errors: [error] }), { definition })
}
