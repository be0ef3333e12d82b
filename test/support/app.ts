/** The application on a database of its own, and people who call it through its public door. */
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { ctxFor, type Deps, systemCtx } from '../../src/deps.ts'
import type { RoleGrant } from '../../src/people/account.queries.ts'
import { createAccount } from '../../src/people/account.service.ts'
import { beginLoginSession } from '../../src/people/sign-in/login-session.ts'
import { createToken } from '../../src/people/sign-in/token.service.ts'
import type { Ctx } from '../../src/platform/ctx.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { trustedProxies } from '../../src/platform/http/client-address.ts'
import { createLog } from '../../src/platform/log.ts'
import { type ClonedDatabase, cloneDatabase, databaseUrl } from './database.ts'
import { testKeyring } from './ledger-key.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back and asserts on it
export type Answer = { status: number; body: any; headers: Headers }

export type Caller = {
  accountId: string
  personId: string
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  delete(path: string, headers?: Record<string, string>): Promise<Answer>
}

export type TestApp = {
  app: ReturnType<typeof buildApp>
  deps: Deps
  /** As `DATABASE_URL` names the database, for other processes. */
  url: string
  /** Préau itself, for what has no route. */
  system: Ctx
  /** Nobody signed in. */
  anonymous: Caller
  /** A new person with an account and these roles, who calls by an API token; `member` when none is given. */
  signIn(...roles: (RoleGrant['role'] | RoleGrant)[]): Promise<Caller>
  /** The same person by the cookie of a new login session: for what is not for tokens. */
  inBrowser(caller: Caller): Promise<Caller>
  /** What time it is from now on for the application, as `2026-03-02T09:00:00Z`. */
  setNow(instant: string): void
  /** How many SQL statements the work sends. */
  countQueries(work: () => Promise<unknown>): Promise<number>
  close(): Promise<void>
}

let people = 0

type TestAppOptions = {
  now?: string
  maxConnections?: number
  /** An https address unless told otherwise, so that cookies are secure. */
  baseUrl?: string
  /** Nothing is logged without one. */
  log?: Logger
  /** A clone to start on; otherwise one of the migrated template. */
  database?: ClonedDatabase
}

/** Starts on a clone of the migrated template; the caller closes it (`afterAll`). */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { connection } = options.database ?? (await cloneDatabase())
  let queries = 0
  let now = options.now === undefined ? undefined : Temporal.Instant.from(options.now)
  const db = openDatabase(connection, {
    onQuery: () => {
      queries++
    },
    maxConnections: options.maxConnections ?? 5,
  })
  const deps: Deps = {
    db,
    clock: () => now ?? Temporal.Now.instant(),
    log: options.log ?? createLog('silent'),
    baseUrl: options.baseUrl ?? 'https://preau.example',
    keyring: testKeyring(),
    trustedProxies: trustedProxies('loopback'),
  }
  const app = buildApp(deps)
  const system = systemCtx(deps, 'test')

  async function signIn(...roles: (RoleGrant['role'] | RoleGrant)[]): Promise<Caller> {
    const number = ++people
    const grants = roles.map((role) => (typeof role === 'string' ? { role, chapterId: null } : role))
    const account = await createAccount(system, {
      email: `person${number}.${process.pid}@example.org`,
      firstName: 'Claude',
      // Padded, so that lists by name are in the order of signing in.
      lastName: `Martin-${String(number).padStart(5, '0')}`,
      roleGrants: grants.length === 0 ? [{ role: 'member' }] : grants,
      invite: false,
    })
    const actor = {
      kind: 'account',
      accountId: account.id,
      personId: account.personId,
      roleGrants: grants,
    } as const
    const { token } = await createToken(ctxFor(deps, actor), { name: 'test' })
    return callerOf(app, { authorization: `Bearer ${token}` }, account.id, account.personId)
  }

  async function inBrowser({ accountId, personId }: Caller): Promise<Caller> {
    const cookie = await inTransaction(system, (ctx) => beginLoginSession(ctx, accountId))
    return callerOf(app, { cookie: cookie.split(';')[0] ?? '' }, accountId, personId)
  }

  return {
    app,
    deps,
    url: databaseUrl(connection),
    system,
    anonymous: callerOf(app, {}, '', ''),
    signIn,
    inBrowser,
    setNow(instant) {
      now = Temporal.Instant.from(instant)
    },
    async countQueries(work) {
      const before = queries
      await work()
      return queries - before
    },
    close: () => db.destroy(),
  }
}

/** For a single test: closes when it is finished. */
export async function testAppForOneTest(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await testApp(options)
  onTestFinished(() => app.close())
  return app
}

function callerOf(
  app: ReturnType<typeof buildApp>,
  credentials: Record<string, string>,
  accountId: string,
  personId: string,
): Caller {
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await app.request(path, {
      method,
      headers: {
        ...credentials,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: await readBody(response), headers: response.headers }
  }
  return {
    accountId,
    personId,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  }
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('json')) return response.json()
  return type.startsWith('text/') ? response.text() : Buffer.from(await response.arrayBuffer())
}
