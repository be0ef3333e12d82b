/**
 * The secret address by which a calendar program, which cannot sign in, reads its owner's calendar. It tells of half-days
 * and virtual rooms, changes nothing, and opens nothing else. As an API token it ends with a new password.
 */
import { assertAccount, assertSignedIn, authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { randomToken } from '../../platform/ids.ts'
import { notSignedIn } from '../../platform/problems.ts'
import { credentialStands } from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import * as queries from './calendar-feed.queries.ts'

/**
 * A new address, shown this once: only the hash of its token is kept. One that there was ends. Not for API tokens, which
 * it would outlive. Throws 401 and 403.
 */
export async function openCalendarFeed(ctx: Ctx): Promise<{ url: string }> {
  authorise(ctx.actor, may['calendarFeed.open'])
  const { accountId, credential } = assertSignedIn(ctx.actor)
  const token = randomToken()
  await inTransaction(ctx, async (ctx) => {
    // A cookie that a new password has ended in the meantime opens nothing.
    if (credential && !(await credentialStands(ctx.db, accountId, credential))) throw notSignedIn()
    await queries.upsertCalendarFeed(ctx.db, {
      accountId,
      tokenHash: sha256Hex(token),
      createdAt: ctx.now(),
    })
    await audit(ctx, { action: 'calendarFeed.open', subject: { kind: 'account', id: accountId } })
  })
  return { url: `${ctx.baseUrl}/calendar/${token}.ics` }
}

/** Ends the address at once; without one it does nothing. */
export async function endCalendarFeed(ctx: Ctx): Promise<void> {
  authorise(ctx.actor, may['calendarFeed.end'])
  const { accountId } = assertAccount(ctx.actor)
  await inTransaction(ctx, async (ctx) => {
    if (!(await queries.deleteCalendarFeed(ctx.db, accountId))) return
    await audit(ctx, { action: 'calendarFeed.end', subject: { kind: 'account', id: accountId } })
  })
}

/** When one's own address was made; undefined where there is none. */
export async function findOwnCalendarFeed(ctx: Ctx): Promise<Temporal.Instant | undefined> {
  authorise(ctx.actor, may['calendarFeed.open'])
  return queries.findCalendarFeedAge(ctx.db, assertAccount(ctx.actor).accountId)
}

/** The person whose calendar is read by this token; undefined where it is nobody's. */
export async function findCalendarFeedOwner(ctx: Ctx, token: string): Promise<string | undefined> {
  return queries.findCalendarFeedOwner(ctx.db, sha256Hex(token))
}
