/** Problems that a page answers by itself. */
import type { Context } from 'hono'
import { type FieldError, Problem, type ProblemFactory } from '../platform/problem.ts'

export function isProblem(error: unknown, factory: ProblemFactory): error is Problem {
  return error instanceof Problem && error.definition.code === factory.definition.code
}

export function fieldErrors(problem: Problem): readonly FieldError[] {
  return problem.details.errors ?? []
}

/** How long to wait, which the page says in words and the header to programs. */
export function waitSecondsOf(c: Context, problem: Problem): number {
  const seconds = Number(problem.details.headers?.['Retry-After'] ?? 60)
  c.header('Retry-After', String(seconds))
  return seconds
}
