/** Starts the embedded database in processes of their own, which can then be killed, interrupted or left alone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type {
  EmbeddedDatabase,
  EmbeddedDatabaseOptions,
  Surroundings,
} from '../../src/platform/db/embedded.ts'
import { type Account, isRunning } from '../../src/platform/db/embedded-system.ts'
import { reachablePackage } from './embedded-world.ts'

export type StartRequest = {
  options: EmbeddedDatabaseOptions
  surroundings?: Surroundings
  /** The ordinary user to become, when the tests run as root. */
  account?: Account | undefined
  platform?: string
  mask?: number
  /** Ends by itself once the database is started. */
  leaves?: boolean
  path?: string
}

export type StartedProcess = {
  process: ChildProcess
  database?: Omit<EmbeddedDatabase, 'stop'>
  error?: { name: string; message: string }
  /** Everything it has said so far. */
  lines: { log?: string; stopped?: boolean; interrupted?: boolean }[]
}

/** Resolves when the process has started the database or failed to; the process ends with the test. */
export async function startInProcess({ path, ...rest }: StartRequest): Promise<StartedProcess> {
  const request = { surroundings: { packageRoot: reachablePackage() }, ...rest }
  const script = join(import.meta.dirname, 'embedded-child.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    detached: true, // a group of its own, as a command has in a terminal
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: path ?? process.env.PATH }, // no LANG, no LC_ALL
  })
  const ended = once(child, 'exit')
  const started: StartedProcess = { process: child, lines: [] }
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    if (started.database?.role === 'owner') await endServer(started.database.dataDirectory)
  })
  const answer = Promise.withResolvers<void>()
  createInterface(child.stdout)
    .on('line', (line) => {
      const message = JSON.parse(line)
      started.lines.push(message)
      Object.assign(started, message)
      if (message.database || message.error) answer.resolve()
    })
    .on('close', () => answer.resolve())
  await answer.promise
  return started
}

/** Waits for the end that the watchdog brings about; a failed test must not leave a PostgreSQL behind either. */
async function endServer(dataDirectory: string): Promise<void> {
  try {
    await untilStopped(dataDirectory)
  } catch (error) {
    process.kill(postmasterOf(dataDirectory), 'SIGKILL')
    throw error
  }
}

/** The number of the PostgreSQL that serves the folder. */
export function postmasterOf(dataDirectory: string): number {
  return Number.parseInt(readFileSync(join(dataDirectory, 'pg/postmaster.pid'), 'utf8'), 10)
}

/** Waits until something is so, ten seconds at most. */
export async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`still not so after 10 s: ${isSo}`)
  }
}

/** Waits until no PostgreSQL serves the folder any more. */
export async function untilStopped(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'pg/postmaster.pid')
  await until(() => !existsSync(file) || !isRunning(postmasterOf(dataDirectory)))
}
