/** The period of a report, checked once for the API and the command line. */
import { check } from '../platform/http/validate.ts'
import { invalidField } from '../platform/problems.ts'
import { type Period, periodQuery } from './bpf.schema.ts'

const mostYears = 10

/** Throws 422 when a date does not exist, or the period ends before it begins, or lasts more than ten years. */
export function assertPeriod({ from, to }: Period): void {
  check(periodQuery, { from, to })
  if (to < from) throw invalidField('/to', 'before-from', 'must not be before from')
  if (to >= Temporal.PlainDate.from(from).add({ years: mostYears }).toString()) {
    throw invalidField('/to', 'too-long', `must be less than ${mostYears} years after from`)
  }
}
