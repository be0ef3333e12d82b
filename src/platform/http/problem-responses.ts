/** Problems as OpenAPI responses, and as the JSON that goes out (RFC 9457). */
import { z } from '@hono/zod-openapi'
import type { Problem, ProblemFactory } from '../problem.ts'

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

/** One response per status, naming the codes that come with it. */
export function problemResponses(problems: readonly ProblemFactory[]) {
  const codes = new Map<number, Map<string, string>>()
  for (const { definition } of problems) {
    const ofStatus = codes.get(definition.status) ?? new Map<string, string>()
    codes.set(definition.status, ofStatus.set(definition.code, definition.title))
  }
  return Object.fromEntries(
    [...codes]
      .sort(([a], [b]) => a - b)
      .map(([status, byCode]) => [
        status,
        {
          description: [...byCode].map(([code, title]) => `\`${code}\` ${title}`).join('; '),
          content: { [problemMediaType]: { schema: problemSchema } },
        },
      ]),
  )
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
