/** A log that is kept, to be read by a test. */
import type { Logger } from 'pino'
import { createLog } from '../../src/platform/log.ts'

export type CapturedLog = {
  log: Logger
  /** All that was written, as it was written. */
  text(): string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was logged and asserts on it
  lines(): any[]
  clear(): void
}

export function captureLog(level: Parameters<typeof createLog>[0] = 'debug'): CapturedLog {
  let text = ''
  return {
    log: createLog(level, {
      write(line) {
        text += line
      },
    }),
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    clear() {
      text = ''
    },
  }
}
