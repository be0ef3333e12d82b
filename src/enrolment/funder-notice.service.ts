/** Funders that must be told that a learner began, stopped or finished (L6353-10): found, listed, ticked off. */
import { readFollowUp } from '../organisation/organisation.service.ts'
import { accountIdOf, authorise } from '../platform/access.ts'
import { audit, auditAll } from '../platform/audit/audit.ts'
import { civilDateOf } from '../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { Page } from '../platform/http/pagination.ts'
import { enqueueAgain } from '../platform/jobs/queue.ts'
import { notFound } from '../platform/problems.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import type { ShownNotice, WaitingNotices } from './funder-notice.queries.ts'
import * as queries from './funder-notice.queries.ts'
import { type Notice, noticeKey, noticesOf } from './funder-notice.rules.ts'
import type { NoticesQuery } from './funder-notice.schema.ts'

/** What happened longer ago was entered afterwards: its funders were told by other means. */
const lookBackDays = 30
const sessionsAtOnce = 200

/**
 * Asks for the notices of a session to be looked over, since what they stand on has changed. Part of the verb that
 * changed it, which has locked the session. Imports, which act as Préau itself, leave that to the hourly round.
 */
export async function reviewNotices(ctx: TrxCtx, sessionId: string): Promise<void> {
  if (ctx.actor.kind !== 'system') await enqueueAgain(ctx, 'funder-notices', sessionId)
}

/** Brings the notices of the session of this id up to date, or of all sessions held lately where it is no session's. */
export async function refreshNotices(ctx: Ctx, sessionId: string): Promise<void> {
  const since = ctx.now().subtract({ hours: 24 * (lookBackDays + 1) })
  const sessionIds = (await queries.sessionExists(ctx.db, sessionId))
    ? [sessionId]
    : await queries.listFundedSessions(ctx.db, ctx.now(), since)
  for (let start = 0; start < sessionIds.length; start += sessionsAtOnce) {
    const batch = sessionIds.slice(start, start + sessionsAtOnce)
    await inTransaction(ctx, (ctx) => refresh(ctx, batch))
  }
}

/** What is due and missing is added, what waits and is not true any more goes; what was told stays told. */
async function refresh(ctx: TrxCtx, sessionIds: readonly string[]): Promise<void> {
  await queries.lockNotices(ctx.db)
  const { timeZone, ...delays } = await readFollowUp(ctx)
  const ways = await queries.listWays(ctx.db, sessionIds, ctx.now())
  const payers = await queries.listPayers(ctx.db, sessionIds)
  const standing = await queries.listNoticesOf(ctx.db, sessionIds)
  const wanted = new Map(noticesOf(ways, payers, delays).map((notice) => [noticeKey(notice), notice]))
  const obsolete = standing.filter(
    (row) => row.toldAt === null && wanted.get(noticeKey(row))?.dueOn !== row.dueOn,
  )
  const kept = new Set(standing.filter((row) => !obsolete.includes(row)).map(noticeKey))
  const renewed = new Set(obsolete.map(noticeKey))
  const since = Temporal.PlainDate.from(civilDateOf(ctx.now(), timeZone)).subtract({ days: lookBackDays })
  const missing = [...wanted].flatMap(([key, notice]) =>
    !kept.has(key) && (renewed.has(key) || notice.happenedOn >= since.toString()) ? [notice] : [],
  )
  await queries.deleteNotices(
    ctx.db,
    obsolete.map(({ id }) => id),
  )
  await queries.insertNotices(
    ctx.db,
    missing.map((notice) => rowOf(ctx, notice)),
  )
  await auditRefresh(ctx, missing, obsolete)
}

function rowOf(ctx: TrxCtx, notice: Notice) {
  const now = ctx.now()
  return { ...notice, id: ctx.newId(), createdAt: now, updatedAt: now }
}

async function auditRefresh(
  ctx: TrxCtx,
  added: readonly { sessionId: string }[],
  removed: readonly { sessionId: string }[],
): Promise<void> {
  const sessionIds = new Set([...added, ...removed].map(({ sessionId }) => sessionId))
  const countIn = (notices: readonly { sessionId: string }[], id: string) =>
    notices.filter(({ sessionId }) => sessionId === id).length
  await auditAll(
    ctx,
    [...sessionIds].map((id) => ({
      action: 'funderNotice.refresh',
      subject: { kind: 'session', id },
      changes: { added: countIn(added, id), removed: countIn(removed, id) },
    })),
  )
}

/** Notices, what is due first. */
export async function listNotices(ctx: Ctx, query: NoticesQuery): Promise<Page<ShownNotice>> {
  authorise(ctx.actor, may['funderNotice.read'])
  return queries.listNotices(ctx.db, query, await today(ctx))
}

/** Writes down that the funder was told, and how; what was written down before stands. Throws 404. */
export async function tellNotice(ctx: Ctx, id: string, how: string): Promise<ShownNotice> {
  authorise(ctx.actor, may['funderNotice.tell'])
  return inTransaction(ctx, async (ctx) => {
    const told = { toldAt: ctx.now(), toldBy: accountIdOf(ctx.actor), toldHow: how }
    const isNew = await queries.tellNotice(ctx.db, id, told)
    const notice = await queries.findNotice(ctx.db, id, await today(ctx))
    if (!notice) throw notFound()
    if (isNew)
      await audit(ctx, {
        action: 'funderNotice.tell',
        subject: { kind: 'enrolment', id: notice.enrolmentId },
        changes: { kind: notice.kind, happenedOn: notice.happenedOn, how: 'redacted' },
      })
    return notice
  })
}

/** The day by the organisation's calendar, which is that of its funders. */
async function today(ctx: Ctx | TrxCtx): Promise<string> {
  return civilDateOf(ctx.now(), (await readFollowUp(ctx)).timeZone)
}

/** Notes that the admins are told of what waits; returns how much of it is new to them. Part of the digest. */
export async function announceNotices(ctx: TrxCtx, day: string): Promise<number> {
  return queries.announceNotices(ctx.db, day)
}

/** What waits to be told, the most urgent first. Part of a list of tasks, which authorises. */
export async function listWaitingNotices(ctx: Ctx | TrxCtx, limit: number): Promise<WaitingNotices[]> {
  return queries.listWaitingNotices(ctx.db, limit)
}
