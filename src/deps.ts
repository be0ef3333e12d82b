/** What a process is made of (`commands/runtime.ts` puts it together), and a Ctx for whoever acts. */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from './database.ts'
import type { Actor } from './platform/access.ts'
import type { Clock } from './platform/clock.ts'
import type { Ctx } from './platform/ctx.ts'
import type { TrustedProxies } from './platform/http/client-address.ts'
import { newId } from './platform/ids.ts'
import type { Keyring } from './platform/keyring.ts'

export type Deps = {
  db: Kysely<Database>
  clock: Clock
  log: Logger
  /** Where people reach this installation, without a trailing slash. */
  baseUrl: string
  /** The keys that evidence is signed with. */
  keyring: Keyring
  /** Whose `X-Forwarded-For` is believed. */
  trustedProxies: TrustedProxies
}

/** A Ctx of who sends a request; every line that it logs carries the request's id. */
export function ctxFor(deps: Deps, actor: Actor, requestId = newId()): Ctx {
  const { db, clock, log, baseUrl, keyring } = deps
  return { db, actor, now: clock, newId, requestId, log: log.child({ requestId }), baseUrl, keyring }
}

/** A Ctx of Préau itself, for the command line and what runs without anybody signed in. */
export function systemCtx(deps: Deps, name: string): Ctx {
  return ctxFor(deps, { kind: 'system', name })
}
