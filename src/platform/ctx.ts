/** What every verb gets first: the database, who acts, the clock, ids, the log. */
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../database.ts'
import type { Actor } from './access.ts'
import type { Keyring } from './keyring.ts'

export type Ctx = {
  db: Kysely<Database>
  actor: Actor
  now(): Temporal.Instant
  newId(): string
  requestId: string
  log: Logger
  /** Where people reach this installation, without a trailing slash; printed on certificates. */
  baseUrl: string
  /** The keys that evidence is signed with. */
  keyring: Keyring
  /** Where the request came from, as far as the wire tells; absent where Préau itself acts. */
  client?: Client
}

export type Client = {
  /** Behind trusted proxies that of the client; undefined inside a process. */
  address: string | undefined
  /** What the browser says of itself. */
  userAgent: string | undefined
  /** The id of the login session that its cookie holds, alive or not: a secret. */
  loginSessionId: string | undefined
}

/** A Ctx whose `db` is a transaction: what a function asks for when it writes. */
export type TrxCtx = Omit<Ctx, 'db'> & { db: Transaction<Database> }
