/** Login sessions through lucia; nothing else imports it, since it is at the end of its life. */
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import type { SignedIn } from '../account.queries.ts'
import { deviceOf } from './device.ts'
import type { LoginSessionRow } from './login-session.queries.ts'
import * as queries from './login-session.queries.ts'

type SessionFacts = Pick<LoginSessionRow, 'createdAt' | 'lastSeenAt' | 'device'> & { publicId: string }

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<{ facts: SessionFacts }, { signedIn: SignedIn }>
    DatabaseSessionAttributes: { facts: SessionFacts }
    DatabaseUserAttributes: { signedIn: SignedIn }
  }
}

export const sessionCookieName = 'preau_session'

/** A session that nobody uses ends after so many days; one that is used is prolonged after half of them. */
const idleDays = 30
/** However much it is used, one signs in anew after so many days. */
const mostDays = 180
/** How exactly one sees when a session was last used: not every request writes. */
const seenEvery = { hours: 1 }

/** Since when a session must have begun to be one still. */
export function oldestLoginSession(now: Temporal.Instant): Temporal.Instant {
  return now.subtract({ hours: mostDays * 24 })
}

/** When a session ends if it is not prolonged. */
export function endOfLoginSession(
  session: Pick<LoginSessionRow, 'createdAt' | 'expiresAt'>,
): Temporal.Instant {
  const last = session.createdAt.add({ hours: mostDays * 24 })
  return Temporal.Instant.compare(session.expiresAt, last) < 0 ? session.expiresAt : last
}

/**
 * The cookie is `Secure` where people come by https. Cheap to build, so one per call: a session and its audit entry are
 * in one transaction.
 */
function luciaFor(ctx: Ctx | TrxCtx) {
  const secure = ctx.baseUrl.startsWith('https:')
  return new Lucia(adapterFor(ctx), {
    sessionExpiresIn: new TimeSpan(idleDays, 'd'),
    sessionCookie: { name: sessionCookieName, attributes: { secure, sameSite: 'lax', path: '/' } },
    getSessionAttributes: (attributes) => attributes,
    getUserAttributes: (attributes) => attributes,
  })
}

/** Stores the SHA-256 of the id: who reads the table cannot sign in with what they read. */
function adapterFor(ctx: Ctx | TrxCtx): Adapter {
  // Lucia asks the machine what time it is; what it says is told in the time of our clock, and back.
  const ahead = Date.now() - ctx.now().epochMilliseconds
  const ours = (date: Date) => Temporal.Instant.fromEpochMilliseconds(date.getTime() - ahead)
  const lucias = (instant: Temporal.Instant) => new Date(instant.epochMilliseconds + ahead)
  return {
    async getSessionAndUser(id) {
      const row = await queries.findLoginSession(ctx.db, sha256Hex(id))
      if (!row) return [null, null]
      const facts = { ...row, publicId: row.id }
      return [
        { id, userId: row.accountId, expiresAt: lucias(row.expiresAt), attributes: { facts } },
        { id: row.accountId, attributes: { signedIn: row } },
      ]
    },
    async getUserSessions() {
      throw new Error('lists of sessions are read without lucia')
    },
    async setSession({ id, userId, expiresAt, attributes: { facts } }) {
      await queries.insertLoginSession(ctx.db, {
        idHash: sha256Hex(id),
        id: facts.publicId,
        accountId: userId,
        createdAt: facts.createdAt,
        lastSeenAt: facts.lastSeenAt,
        expiresAt: ours(expiresAt),
        device: facts.device,
      })
    },
    async updateSessionExpiration(id, expiresAt) {
      await queries.setLoginSessionExpiry(ctx.db, sha256Hex(id), ours(expiresAt))
    },
    async deleteSession(id) {
      await queries.deleteLoginSession(ctx.db, sha256Hex(id))
    },
    async deleteUserSessions(accountId) {
      await queries.deleteLoginSessions(ctx.db, accountId)
    },
    async deleteExpiredSessions() {
      await queries.deleteEndedLoginSessions(ctx.db, ctx.now(), oldestLoginSession(ctx.now()))
    },
  }
}

/** Begins a login session of the device that asks; returns the `Set-Cookie` value. */
export async function beginLoginSession(ctx: TrxCtx, accountId: string): Promise<string> {
  const lucia = luciaFor(ctx)
  const now = ctx.now()
  const device = deviceOf(ctx.client?.userAgent)
  const facts = { publicId: ctx.newId(), createdAt: now, lastSeenAt: now, device }
  const session = await lucia.createSession(accountId, { facts })
  return lucia.createSessionCookie(session.id).serialize()
}

/** Who the cookie belongs to, and a cookie to send when the session has just been prolonged. */
export async function readLoginSession(
  ctx: Ctx,
  sessionId: string,
): Promise<{ signedIn: SignedIn; renewedCookie?: string } | undefined> {
  const lucia = luciaFor(ctx)
  const { session, user } = await lucia.validateSession(sessionId)
  if (!session) return undefined
  const now = ctx.now()
  const { createdAt, lastSeenAt } = session.facts
  if (Temporal.Instant.compare(createdAt, oldestLoginSession(now)) <= 0) {
    await lucia.invalidateSession(sessionId)
    return undefined
  }
  const stale = now.subtract(seenEvery)
  if (Temporal.Instant.compare(lastSeenAt, stale) < 0)
    await queries.touchLoginSession(ctx.db, sha256Hex(sessionId), now, stale)
  return {
    signedIn: user.signedIn,
    ...(session.fresh && { renewedCookie: lucia.createSessionCookie(session.id).serialize() }),
  }
}

/** Ends a login session. */
export async function endLoginSession(ctx: TrxCtx, sessionId: string): Promise<void> {
  await luciaFor(ctx).invalidateSession(sessionId)
}

/** The `Set-Cookie` value that clears the cookie. */
export function clearedCookie(ctx: Ctx | TrxCtx): string {
  return luciaFor(ctx).createBlankSessionCookie().serialize()
}

/** Ends every login session of an account. */
export async function endAllLoginSessions(ctx: TrxCtx, accountId: string): Promise<void> {
  await luciaFor(ctx).invalidateUserSessions(accountId)
}
