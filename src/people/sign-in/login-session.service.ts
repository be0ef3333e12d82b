/** The places where one is signed in: seen and ended one by one, or all. */
import { assertAccount, assertNoOwnToken, assertSignedIn, authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { Page, PageQuery } from '../../platform/http/pagination.ts'
import { notFound } from '../../platform/problems.ts'
import { lockAccount } from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import type { LoginSession } from './login-session.queries.ts'
import * as queries from './login-session.queries.ts'
import { clearedCookie, endAllLoginSessions, endOfLoginSession } from './login-session.ts'

export type ShownLoginSession = Omit<LoginSession, 'idHash'> & { isCurrent: boolean }

/** One's own login sessions, the newest first. */
export async function listLoginSessions(ctx: Ctx, query: PageQuery): Promise<Page<ShownLoginSession>> {
  authorise(ctx.actor, may['loginSession.list'])
  const actor = assertAccount(ctx.actor)
  const page = await queries.listLoginSessions(ctx.db, actor.accountId, query, ctx.now())
  return {
    ...page,
    items: page.items.map(({ idHash, ...session }) => ({
      ...session,
      expiresAt: endOfLoginSession(session),
      isCurrent: idHash === actor.credential,
    })),
  }
}

/**
 * Ends one of one's own login sessions. Returns the `Set-Cookie` value that clears the cookie when it was the present
 * one. Throws 403 for an API token: a stolen one must not sign its owner out.
 */
export async function endLoginSession(ctx: Ctx, id: string): Promise<string | undefined> {
  authorise(ctx.actor, may['loginSession.end'])
  const actor = assertSignedIn(ctx.actor)
  return inTransaction(ctx, async (ctx) => {
    const idHash = await queries.deleteLoginSessionById(ctx.db, actor.accountId, id)
    if (idHash === undefined) throw notFound()
    await audit(ctx, { action: 'loginSession.end', subject: { kind: 'loginSession', id } })
    return idHash === actor.credential ? clearedCookie(ctx) : undefined
  })
}

/** Ends all of one's own login sessions, or all but the present one. Returns and throws as `endLoginSession`. */
export async function endLoginSessions(ctx: Ctx, keep: 'current' | undefined): Promise<string | undefined> {
  authorise(ctx.actor, may['loginSession.end'])
  const actor = assertSignedIn(ctx.actor)
  return inTransaction(ctx, async (ctx) => {
    const kept = keep === 'current' ? actor.credential : undefined
    const ended = await queries.deleteLoginSessions(ctx.db, actor.accountId, kept)
    await audit(ctx, {
      action: 'loginSession.endAll',
      subject: { kind: 'account', id: actor.accountId },
      changes: { ended },
    })
    return kept === undefined ? clearedCookie(ctx) : undefined
  })
}

/**
 * Signs an account out everywhere, for instance because a computer was lost. Throws 404 where there is none, 403 for an
 * API token of that account.
 */
export async function endLoginSessionsOf(ctx: Ctx, accountId: string): Promise<void> {
  authorise(ctx.actor, may['account.write'])
  assertNoOwnToken(ctx.actor, accountId)
  await inTransaction(ctx, async (ctx) => {
    // Locked, so that nobody signs in meanwhile with what is being ended.
    if (!(await lockAccount(ctx.db, accountId))) throw notFound()
    await endAllLoginSessions(ctx, accountId)
    await audit(ctx, { action: 'loginSession.endAll', subject: { kind: 'account', id: accountId } })
  })
}
