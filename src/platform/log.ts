/** Structured logs to standard error; they hold ids and codes, never names, addresses or tokens. */
import { destination, type Logger, pino } from 'pino'

type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'

/** One JSON object a line; nothing below `level`. */
export function createLog(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: serializeError },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination({ dest: 2, sync: false }),
  )
}

/** A database error's `detail` and parameters quote rows, so only its code, constraint and stack are kept. */
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint, table } = error as Error & {
    code?: unknown
    constraint?: unknown
    table?: unknown
  }
  return { type: error.name, message: error.message, stack: error.stack, code, constraint, table }
}
