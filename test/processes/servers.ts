/** Real servers on one database, and people who call them over HTTP. */
import { once } from 'node:events'
import type { Answer, Caller } from '../support/app.ts'
import { type Command, startPreau } from '../support/command.ts'
import { made } from '../support/route-world.ts'

export type Server = {
  address: string
  command: Command
  /** As a power cut ends it. */
  kill(): Promise<void>
  /** As an administrator ends it. */
  stop(): Promise<void>
}

/** `preau serve`, once it answers. Who starts it ends it. Its mails go into the data folder, whatever its database. */
export async function startServer(env: Record<string, string> & { PREAU_DATA_DIR: string }): Promise<Server> {
  const command = startPreau(['serve'], { PREAU_LOG_LEVEL: 'error', ...env })
  const { child } = command
  const closed = once(child, 'close')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await closed
  }
  const [, address = ''] = await command.until(/Préau answers at (\S+)/)
  return { address, command, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

/** Somebody with a token, who may call any server. */
export type Remote = {
  /** Throws when the server ends before it has answered. */
  send(
    server: { address: string },
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer>
}

export async function remoteOf(caller: Caller): Promise<Remote> {
  return remoteWith(made(await caller.post('/api/tokens', { name: 'À distance' })).token)
}

export function remoteWith(token: string): Remote {
  return {
    async send({ address }, method, path, body, key) {
      const answer = await fetch(`${address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers }
    },
  }
}

/** How many answers have each status. */
export function counted(answers: readonly { status: number }[]): Record<string, number> {
  const byStatus = Map.groupBy(answers, (answer) => String(answer.status))
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, all.length]))
}

/** A day so many days from now, as `2026-03-02`. */
export function dayFromNow(days: number): string {
  return Temporal.Now.plainDateISO('Europe/Paris').add({ days }).toString()
}
