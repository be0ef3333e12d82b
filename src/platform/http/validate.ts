/** Turns what zod finds into field errors with JSON pointers. */
import type { z } from '@hono/zod-openapi'
import type { FieldError } from '../problem.ts'
import { invalidFields } from '../problems.ts'

const mostErrors = 50

/** Parses, or throws 422 with a pointer to each field. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidFields(result.error.issues.flatMap((issue) => fieldErrors(issue, value)).slice(0, mostErrors))
}

function fieldErrors(issue: z.core.$ZodIssue, whole: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: jsonPointer([...issue.path, key]),
      code: 'unknown',
      detail: 'is not a field of this request',
    }))
  }
  const pointer = jsonPointer(issue.path)
  if (issue.code !== 'custom' && valueAt(whole, issue.path) === undefined)
    return [{ pointer, code: 'missing', detail: 'is missing' }]
  return [{ pointer, code: issue.code.replaceAll('_', '-'), detail: issue.message }]
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    whole,
  )
}

/** RFC 6901: `/slots/0/date`; the whole document is the empty string. */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map(
      (part) => `/${String(part).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}`,
    )
    .join('')
}
