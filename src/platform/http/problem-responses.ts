/** Problems as OpenAPI responses, and as the JSON that goes out (RFC 9457). */
import { z } from '@hono/zod-openapi'
import type { Problem, ProblemFactory } from '../problem.ts'
import {
  busy,
  databaseAway,
  forbidden,
  ifMatchMissing,
  invalid,
  malformed,
  noRoom,
  notFound,
  notSignedIn,
  stale,
  tooLarge,
  unsupportedMediaType,
  uriTooLong,
} from '../problems.ts'

export const problemMediaType = 'application/problem+json'

const problemSchema = z
  .object({
    type: z.string().describe('The `code` as a URI.'),
    title: z.string().describe('The same for every problem of this code.'),
    status: z.int(),
    detail: z.string().optional().describe('What is special about this one.'),
    code: z.string().describe('To be told apart by programs; the answers of a route name theirs.'),
    requestId: z.string().describe('Stands in the log beside what happened; also in `X-Request-Id`.'),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer into the body, or `/name` of a query parameter.'),
          code: z.string(),
          detail: z.string().describe('In words.'),
        }),
      )
      .optional(),
  })
  // What a problem knows besides: what is missing, which bookings collide.
  .catchall(z.unknown())
  .openapi('Problem')

/** Answers that most routes share, written once in the document. */
const shared: Record<string, readonly ProblemFactory[]> = {
  Malformed: [malformed],
  NotSignedIn: [notSignedIn],
  Forbidden: [forbidden],
  NotFound: [notFound],
  Stale: [stale],
  TooLarge: [tooLarge],
  UriTooLong: [uriTooLong],
  UnsupportedMediaType: [unsupportedMediaType],
  Invalid: [invalid],
  IfMatchMissing: [ifMatchMissing],
  Unavailable: [databaseAway, busy, noRoom],
}

type Definition = ProblemFactory['definition']

/** They stand under `components/responses`. */
export const sharedProblemResponses = Object.fromEntries(
  Object.entries(shared).map(([name, problems]) => [
    name,
    responseOf(
      problems.map(({ definition }) => definition),
      { $ref: '#/components/schemas/Problem' },
    ),
  ]),
)

const names = new Map(
  Object.entries(shared).map(([name, problems]) => [
    codesOf(problems.map(({ definition }) => definition)),
    name,
  ]),
)

/** One response per status, naming the codes that come with it. */
export function problemResponses(problems: readonly ProblemFactory[]) {
  const definitions = [...new Map(problems.map(({ definition }) => [definition.code, definition])).values()]
  const byStatus = [...Map.groupBy(definitions, ({ status }) => status)].sort(([a], [b]) => a - b)
  return Object.fromEntries(
    byStatus.map(([status, ofStatus]) => {
      const name = names.get(codesOf(ofStatus))
      return [status, name ? { $ref: `#/components/responses/${name}` } : responseOf(ofStatus, problemSchema)]
    }),
  )
}

function codesOf(definitions: readonly Definition[]): string {
  return definitions
    .map(({ code }) => code)
    .sort()
    .join(' ')
}

function responseOf<Schema>(definitions: readonly Definition[], schema: Schema) {
  return {
    description: definitions.map(({ code, title }) => `\`${code}\` ${title}`).join('; '),
    content: { [problemMediaType]: { schema, example: exampleOf(definitions[0]) } },
  }
}

function exampleOf(definition: Definition | undefined) {
  if (!definition) return undefined
  const { code, title, status } = definition
  return {
    type: `urn:preau:problem:${code}`,
    title,
    status,
    code,
    requestId: '0197f3a1-9e2b-7c45-8f6a-2d1b3c4e5f60',
    ...(code === invalid.definition.code && {
      errors: [{ pointer: '/email', code: 'invalid-format', detail: 'must be an e-mail address' }],
    }),
  }
}

/** The body of the answer to a problem. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  const { definition, details } = problem
  return {
    type: `urn:preau:problem:${definition.code}`,
    title: definition.title,
    status: definition.status,
    ...(details.detail && { detail: details.detail }),
    code: definition.code,
    requestId,
    ...(details.errors && { errors: details.errors }),
    ...details.extra,
  }
}
