/** The one place where errors become answers: problem+json, and a 500 that says nothing of its cause. */
import type { Context, ErrorHandler } from 'hono'
import { asDatabaseError, isDatabaseAway } from '../db/pool.ts'
import { nameError } from '../log-errors.ts'
import { Problem } from '../problem.ts'
import { busy, databaseAway, invalid, noRoom, notFound } from '../problems.ts'
import { problemBody, problemMediaType } from './problem-responses.ts'
import type { AppEnv } from './router.ts'

export const handleError: ErrorHandler<AppEnv> = (error, c) => {
  const problem = asProblem(error)
  if (problem) return answerProblem(c, problem, error)
  c.var.ctx?.log.error({ err: error }, 'request failed')
  c.set('problemCode', 'platform/internal')
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
  return answerProblem(c, notFound())
}

/** `cause`: what the problem stands for, where the database raised it. */
function answerProblem(c: Context<AppEnv>, problem: Problem, cause?: unknown): Response {
  const { status, code } = problem.definition
  c.set('problemCode', code)
  // Without a stack: while the database is away, every request says the same.
  if (status === 503 && cause !== problem) c.var.ctx?.log.warn({ cause: nameError(cause) }, code)
  return answer(c, status, problemBody(problem, requestIdOf(c)), problem.details.headers)
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
    headers: {
      'Content-Type': problemMediaType,
      'Cache-Control': 'no-store',
      ...headersSoFar(c),
      ...headers,
    },
  })
}

/** Headers that middleware has already set, such as the request id. */
function headersSoFar(c: Context<AppEnv>): Record<string, string> {
  return Object.fromEntries(c.res.headers)
}
