/** The real `preau` command in processes of its own: without LANG, with nothing of this machine but the PATH. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ledgerKeyPem } from './ledger-key.ts'
import { newTestFolder, removeTestFolder } from './test-folder.ts'

const main = join(import.meta.dirname, '../../src/preau.js')

export type Command = {
  child: ChildProcess
  /** What it has printed so far, on both ways out. */
  output(): string
  /** Waits until it prints this; throws when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** Its exit code, and everything it printed. */
  ended(): Promise<{ code: number | null; output: string }>
}

/** Starts it; it ends with the test at the latest. `input` goes to its standard input. */
export function preau(args: readonly string[], env: Record<string, string>, input?: string): Command {
  const command = startPreau(args, env, input)
  onTestFinished(async () => {
    command.child.kill('SIGTERM')
    await command.ended()
  })
  return command
}

/** As `preau`, for several tests: who starts it ends it. */
export function startPreau(args: readonly string[], env: Record<string, string>, input?: string): Command {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', PREAU_LEDGER_KEY: ledgerKeyPem, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  const closed = once(child, 'close')
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      text += data
    })
  }
  return {
    child,
    output: () => text,
    async until(pattern) {
      for (;;) {
        const match = pattern.exec(text)
        if (match) return match
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended with ${child.exitCode ?? child.signalCode}: ${text}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async ended() {
      const [code] = await closed
      return { code, output: text }
    },
  }
}

/** A folder for a database of its own, removed after the test, also from where root's databases go. */
export function dataFolder(): string {
  const folder = newTestFolder()
  onTestFinished(() => removeTestFolder(folder))
  return folder
}

const json = { 'content-type': 'application/json' }

/** Signs in over HTTP; returns the header to send from then on. */
export async function signInAt(
  address: string,
  email: string,
  password: string,
): Promise<{ cookie: string }> {
  const answer = await fetch(`${address}/api/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ email, password }),
  })
  if (answer.status !== 204) throw new Error(`sign-in failed: ${answer.status}`)
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}
