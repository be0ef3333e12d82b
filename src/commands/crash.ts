/** What nobody caught ends the process, and the log says so without the words of the error, which may quote a person. */
import type { Logger } from 'pino'

/** For the processes that go on: the commands that end by themselves print what went wrong. */
export function logCrashes(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'crashed')
    process.exit(1)
  })
}
