/** The processes that are measured: `preau serve` as `npm start` runs it, and the bare handlers beside it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { ledgerKeyPem } from '../test/support/ledger-key.ts'
import { newTestFolder, removeTestFolder } from '../test/support/test-folder.ts'
import { send } from './http.ts'
import type { Recording } from './recording.ts'

const root = join(import.meta.dirname, '..')

export type Served = {
  address: string
  pid: number
  /** From the command to the first answer of `/ready`, in milliseconds. */
  readyMs: number
}

export const admin = { email: 'admin@example.org', password: 'quatre chaises sous le grand tilleul' }

/** The arguments of the script `start`, so that what is measured is what people run. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [node, ...args] = String(scripts.start).split(' ')
  if (node !== 'node') throw new Error('the script "start" does not run node')
  return args
}

/** Préau with this environment, and an admin; `work` runs once both are there, and the process ends with it. */
export async function withPreau<T>(
  environment: Record<string, string>,
  work: (preau: Served) => Promise<T>,
): Promise<T> {
  const port = await freePort()
  const log = newTestFolder()
  const errors = openSync(log, 'w')
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...startArguments(), '--json'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      PREAU_ADMIN_EMAIL: admin.email,
      PREAU_ADMIN_PASSWORD: admin.password,
      PREAU_LEDGER_KEY: ledgerKeyPem,
      ...environment,
    },
    stdio: ['ignore', 'pipe', errors],
  })
  closeSync(errors)
  try {
    return await whileItRuns(child, async (pid) => {
      const address = `http://127.0.0.1:${port}`
      await untilReady(child, address)
      const readyMs = performance.now() - startedAt
      // It says where it answers once the admin is made, too.
      await firstLine(child)
      return work({ address, pid, readyMs })
    })
  } catch (error) {
    throw new Error(`Préau said: ${readFileSync(log, 'utf8').slice(-2_000)}`, { cause: error })
  } finally {
    removeTestFolder(log)
  }
}

/** The bare handlers on a free port, which they say; the recordings come in on standard input. */
export async function withBare<T>(
  databaseUrl: string,
  recordings: Record<string, Recording>,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare/server.ts'), databaseUrl], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(recordings))
  return whileItRuns(child, async () => work(await firstLine(child)))
}

async function whileItRuns<T>(child: ChildProcess, work: (pid: number) => Promise<T>): Promise<T> {
  // Should this process be ended in the middle, no child goes on.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  try {
    return await work(child.pid ?? 0)
  } finally {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilReady(child: ChildProcess, address: string): Promise<void> {
  while (!(await answersReady(address))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`)
    await sleep(2)
  }
}

async function answersReady(address: string): Promise<boolean> {
  try {
    await send(address, { path: '/ready' })
    return true
  } catch {
    return false
  }
}

async function firstLine({ stdout, spawnargs }: ChildProcess): Promise<string> {
  if (stdout) for await (const line of createInterface(stdout)) return line
  throw new Error(`${spawnargs.join(' ')} ended without a word`)
}
