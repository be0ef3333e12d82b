/** The schemas that every value from outside passes. */
import { z } from '@hono/zod-openapi'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const lineControl = /[\u0000-\u001f\u007f\u2028\u2029]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: all but tab and line breaks
const paragraphControl = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** One line of text: NFC, trimmed, 1 to `max` characters, well formed, no control character. */
export function text(max = 200, min = 1) {
  return bounded(max, min).refine((value) => !lineControl.test(value), 'must not contain control characters')
}

/** Text of several lines, otherwise as `text`. */
export function paragraphs(max = 20_000, min = 1) {
  return bounded(max, min).refine(
    (value) => !paragraphControl.test(value),
    'must not contain control characters',
  )
}

function bounded(max: number, min: number) {
  // PostgreSQL refuses NUL and silently replaces a lone surrogate: neither may come that far.
  return z
    .string()
    .max(max * 4)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .normalize('NFC')
    .trim()
    .min(min)
    .max(max)
}

/** A password or token as it was typed: not trimmed, not normalised, but free of what no store keeps. */
export function secret(max: number, min = 1) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'must be well-formed Unicode without NUL',
    )
}

/** An id, in the lower case in which the database writes it: two spellings of one id are one id. */
export const uuid = () => z.uuid().toLowerCase()

const mostIds = 50
const uuidShape = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

/** Ids in one parameter of a query, parted by commas. */
export function idsParameter() {
  return z
    .string()
    .regex(
      new RegExp(`^${uuidShape}(?:,${uuidShape}){0,${mostIds - 1}}$`),
      `must be ids parted by commas, ${mostIds} at most`,
    )
    .transform((value) => [...new Set(value.toLowerCase().split(','))])
}

/** A civil date `YYYY-MM-DD` that exists, between 1900 and 2200. */
export function civilDate() {
  return z.iso
    .date('must be a date that exists, as YYYY-MM-DD')
    .refine((value) => value >= '1900-01-01' && value < '2200-01-01', 'must lie between 1900 and 2200')
}

/** A local time `HH:MM`. */
export function localTime() {
  return z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:MM')
}

/** An e-mail address in its usual form: no quoted names, no address literals. */
export function email() {
  return text(254).regex(
    /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@.]{2,}$/,
    'must be an e-mail address',
  )
}

/** A telephone number as people write it, with its spaces, dots or hyphens. */
export function phone() {
  return text(30).regex(/^[+0-9 ().\-/]{6,30}$/, 'must be a telephone number')
}

/** An IANA time zone of places in use, such as Europe/Paris or Indian/Reunion. */
export function timeZone() {
  return text(60).refine((value) => isTimeZone(value), 'must be an IANA time zone')
}

function isTimeZone(value: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z_+\-0-9]+)+$|^UTC$/.test(value)) return false
  try {
    // Intl knows zones of ICU, such as SystemV/AST4, that Temporal cannot set a clock by.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value) !== undefined
  } catch {
    return false
  }
}

/** Euro cents before VAT, up to ten million euros. */
export const cents = () => z.int().min(-1_000_000_000).max(1_000_000_000)

/** Minutes: at most 5,000 hours. */
export const minutes = () => z.int().min(1).max(300_000)

/** An instant in an answer: an ISO 8601 string in UTC. */
export function instant() {
  return z.preprocess(
    (value) => (value instanceof Temporal.Instant ? value.toString() : value),
    z.string().openapi({ format: 'date-time' }),
  )
}
