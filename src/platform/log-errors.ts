/**
 * What the log may say of an error: its kind, its codes, where it happened; not its words. The message of nearly any
 * error can quote what somebody typed: PostgreSQL quotes the row, JSON.parse and Temporal the text, SMTP the address.
 */
import { asDatabaseError } from './db/pool.ts'

type DescribedError = Record<string, unknown>

/**
 * Classes of SQLSTATE whose messages speak of the server, its connections and the statement, whose text is ours. Those
 * on data (22), on constraints (23) and from triggers (P0) quote rows.
 */
const classesWithoutData = new Set(['08', '25', '28', '40', '42', '53', '54', '55', '57', '58', 'XX'])

const mostCauses = 3

/** As the log writes it under `err`: `{ type, code?, …, stack }`, the causes below one another. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error }
  return withoutUndefined({
    ...nameError(error),
    stack: framesOf(error),
    cause:
      error.cause === undefined || depth === mostCauses ? undefined : describeError(error.cause, depth + 1),
  })
}

/** The same without where it happened, for what happens to every request at once. */
export function nameError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error }
  return withoutUndefined({
    type: error.name,
    ...systemParts(error),
    ...databaseParts(error),
    issues: issuesOf(error),
  })
}

/** What Node and nodemailer add to what fails outside: codes, and no address. */
function systemParts(error: Error): DescribedError {
  const { code, syscall, responseCode } = error as Error & Record<string, unknown>
  return {
    code: typeof code === 'string' ? code : undefined,
    syscall: typeof syscall === 'string' ? syscall : undefined,
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
  }
}

function databaseParts(error: Error): DescribedError {
  const databaseError = asDatabaseError(error)
  if (!databaseError) return {}
  const { code, constraint, table, column, routine } = databaseError
  const message = classesWithoutData.has(code.slice(0, 2)) ? error.message : undefined
  return { message, constraint, table, column, routine }
}

/** What zod found wrong in one of our own answers: the kind of fault and the field, never the value. */
function issuesOf(error: Error): string[] | undefined {
  if (!('issues' in error) || !Array.isArray(error.issues)) return undefined
  return error.issues
    .slice(0, 20)
    .map(({ code, path }: { code?: unknown; path?: unknown }) =>
      [code, ...(Array.isArray(path) ? path : [])].map(String).join(' '),
    )
}

/** The lines that say where; those before them repeat the message, however many lines it has. */
function framesOf({ stack = '', message }: Error): string | undefined {
  const at = stack.indexOf(message)
  const frames = stack
    .slice(at < 0 ? 0 : at + message.length)
    .split('\n')
    .filter((line) => /^\s+at .*(?::\d+\)?|<anonymous>\)?|\(native\))$/.test(line))
  return frames.length === 0 ? undefined : frames.map((line) => line.trim()).join('\n')
}

function withoutUndefined(fields: DescribedError): DescribedError {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
