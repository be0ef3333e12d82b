/** Login sessions through lucia; nothing else imports it, since it is at the end of its life. */
import type { Kysely } from 'kysely'
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import type { Database } from '../database.ts'
import { sha256Hex } from '../platform/files/files.ts'
import { findLoginSession, type LoginSessionRow, type SignedIn } from './account.queries.ts'

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<Record<never, never>, { signedIn: SignedIn }>
    DatabaseUserAttributes: { signedIn: SignedIn }
  }
}

export const sessionCookieName = 'preau_session'

/** Cheap to build, so one per call: that keeps a session and its audit entry in one transaction. */
function luciaFor(db: Kysely<Database>, secure: boolean) {
  return new Lucia(adapterFor(db), {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    sessionCookie: { name: sessionCookieName, attributes: { secure, sameSite: 'lax', path: '/' } },
    getUserAttributes: (attributes) => attributes,
  })
}

/** Stores the SHA-256 of the id: who reads the table cannot sign in with what they read. */
function adapterFor(db: Kysely<Database>): Adapter {
  return {
    async getSessionAndUser(id) {
      const row = await findLoginSession(db, sha256Hex(id))
      return row
        ? [databaseSession(id, row), { id: row.accountId, attributes: { signedIn: row } }]
        : [null, null]
    },
    async getUserSessions(accountId) {
      const rows = await db
        .selectFrom('loginSession')
        .selectAll()
        .where('accountId', '=', accountId)
        .execute()
      return rows.map((row) => databaseSession(row.idHash, row))
    },
    async setSession({ id, userId, expiresAt }) {
      await db
        .insertInto('loginSession')
        .values({
          idHash: sha256Hex(id),
          accountId: userId,
          createdAt: Temporal.Now.instant(),
          expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAt.getTime()),
        })
        .execute()
    },
    async updateSessionExpiration(id, expiresAt) {
      await db
        .updateTable('loginSession')
        .set({ expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAt.getTime()) })
        .where('idHash', '=', sha256Hex(id))
        .execute()
    },
    async deleteSession(id) {
      await db.deleteFrom('loginSession').where('idHash', '=', sha256Hex(id)).execute()
    },
    async deleteUserSessions(accountId) {
      await db.deleteFrom('loginSession').where('accountId', '=', accountId).execute()
    },
    async deleteExpiredSessions() {
      await db.deleteFrom('loginSession').where('expiresAt', '<=', Temporal.Now.instant()).execute()
    },
  }
}

function databaseSession(id: string, row: Pick<LoginSessionRow, 'accountId' | 'expiresAt'>) {
  return { id, userId: row.accountId, expiresAt: new Date(row.expiresAt.epochMilliseconds), attributes: {} }
}

/** Begins a login session, and clears away those of anyone that have expired; returns the `Set-Cookie` value. */
export async function beginLoginSession(
  db: Kysely<Database>,
  accountId: string,
  secure: boolean,
): Promise<string> {
  const lucia = luciaFor(db, secure)
  await lucia.deleteExpiredSessions()
  const session = await lucia.createSession(accountId, {})
  return lucia.createSessionCookie(session.id).serialize()
}

/** Who the cookie belongs to, and a cookie to send when the session has just been prolonged. */
export async function readLoginSession(
  db: Kysely<Database>,
  sessionId: string,
  secure: boolean,
): Promise<{ signedIn: SignedIn; renewedCookie?: string } | undefined> {
  const lucia = luciaFor(db, secure)
  const { session, user } = await lucia.validateSession(sessionId)
  if (!session) return undefined
  return {
    signedIn: user.signedIn,
    ...(session.fresh && { renewedCookie: lucia.createSessionCookie(session.id).serialize() }),
  }
}

/** Ends a login session; returns the `Set-Cookie` value that clears the cookie. */
export async function endLoginSession(
  db: Kysely<Database>,
  sessionId: string,
  secure: boolean,
): Promise<string> {
  const lucia = luciaFor(db, secure)
  await lucia.invalidateSession(sessionId)
  return lucia.createBlankSessionCookie().serialize()
}

/** Ends every login session of an account. */
export async function endAllLoginSessions(db: Kysely<Database>, accountId: string): Promise<void> {
  await luciaFor(db, false).invalidateUserSessions(accountId)
}
