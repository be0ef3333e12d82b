/** The one place where errors become answers: problem+json, and a 500 that says nothing of its cause. */
import type { Context, ErrorHandler } from 'hono'
import { asDatabaseError, isDatabaseAway } from '../db/pool.ts'
import { Problem } from '../problem.ts'
import { busy, databaseAway, invalid, noRoom, notFound } from '../problems.ts'
import { problemBody, problemMediaType } from './problem-responses.ts'
import type { AppEnv } from './router.ts'

export const handleError: ErrorHandler<AppEnv> = (error, c) => {
  const problem = asProblem(error)
  if (problem?.definition.status === 503)
    c.var.ctx?.log.warn({ cause: causeOf(error), requestId: requestIdOf(c) }, problem.definition.code)
  if (problem)
    return answer(c, problem.definition.status, problemBody(problem, requestIdOf(c)), problem.details.headers)
  c.var.ctx?.log.error({ err: error, requestId: requestIdOf(c) }, 'request failed')
  return answer(c, 500, {
    type: 'urn:preau:problem:platform/internal',
    title: 'Something went wrong on our side',
    status: 500,
    code: 'platform/internal',
    requestId: requestIdOf(c),
  })
}

/** What no route answers. */
export function handleNotFound(c: Context<AppEnv>): Response {
  return answer(c, 404, problemBody(notFound(), requestIdOf(c)))
}

/** Without a stack: while the database is away, every request says the same. */
function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error
}

function requestIdOf(c: Context<AppEnv>): string {
  return c.var.ctx?.requestId ?? ''
}

function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (isDatabaseAway(error)) return databaseAway({ headers: { 'Retry-After': '5' } })
  const code = asDatabaseError(error)?.code
  // Deadlocks and conflicts that were still there after every retry, and statements that took too long.
  if (code !== undefined && ['40001', '40P01', '57014'].includes(code))
    return busy({ headers: { 'Retry-After': '1' } })
  // A full disk (53100) or memory: whoever runs this machine must know, and the caller can try again.
  if (code?.startsWith('531') || code?.startsWith('532')) return noRoom({ headers: { 'Retry-After': '60' } })
  // NUL, broken encodings and numbers out of range, should a schema ever let one pass.
  if (code !== undefined && ['22021', '22P05', '22P02', '22003', '22007', '22008'].includes(code))
    return invalid()
  return undefined
}

function answer(
  c: Context<AppEnv>,
  status: number,
  body: Record<string, unknown>,
  headers?: Record<string, string>,
) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': problemMediaType, 'Cache-Control': 'no-store', ...securityOf(c), ...headers },
  })
}

/** Headers that middleware has already set, such as the request id. */
function securityOf(c: Context<AppEnv>): Record<string, string> {
  return Object.fromEntries(c.res.headers)
}
