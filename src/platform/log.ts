/** Structured logs to standard error; they hold ids and codes, never names, addresses or tokens. */
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { describeError } from './log-errors.ts'

type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'

/** One JSON object a line, nothing below `level`; `out` is standard error unless told otherwise. */
export function createLog(
  level: LogLevel,
  out: DestinationStream = destination({ dest: 2, sync: false }),
): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    out,
  )
}
