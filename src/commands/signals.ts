/** What a signal does to a process that serves: it ends a start at once, then lets work finish, then has no patience. */
import { constants } from 'node:os'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** npm passes on to its script what the terminal has sent to both: within this time it is the same signal. */
const echoMs = 500

/** After the first signal: what is not finished by then hangs, in the database most likely. */
const longestEndMs = 20_000

/**
 * From now on a signal ends the process at once, also where it is the first of a container and the system would ignore
 * it; transactions are rolled back and the embedded database stops by its own watchdog. Once somebody waits for
 * `asked`, the first signal only resolves it, and a second one, or twenty seconds, end the process.
 */
export function listenForSignals(): { asked(): Promise<NodeJS.Signals> } {
  let onFirst: ((signal: NodeJS.Signals) => void) | undefined
  let firstAt: number | undefined
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal])
  const hear = (signal: NodeJS.Signals) => {
    if (firstAt !== undefined && performance.now() - firstAt < echoMs) return
    if (!onFirst || firstAt !== undefined) return end(signal)
    firstAt = performance.now()
    setTimeout(end, longestEndMs, signal).unref()
    onFirst(signal)
  }
  for (const signal of signals) process.on(signal, hear)
  return {
    asked: () =>
      new Promise((resolve) => {
        onFirst = resolve
      }),
  }
}
