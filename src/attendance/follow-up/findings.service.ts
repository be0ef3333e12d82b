/** What in the attendance of a session is missing or implausible: computed from its rows, dismissed with a reason. */
import { readFollowUp } from '../../organisation/organisation.service.ts'
import { findSessionTo, lockSessionTo } from '../../planning/session-access.ts'
import { accountIdOf } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holidaysAnywhere } from '../../platform/french-calendar.ts'
import { findingGone } from './findings.problems.ts'
import * as queries from './findings.queries.ts'
import { type Finding, findingsOf } from './findings.rules.ts'
import type { DismissalInput } from './findings.schema.ts'
import { followUpPermissions as may } from './follow-up.permissions.ts'

type ShownFinding = Finding & { dismissed: { dismissedAt: Temporal.Instant; reason: string } | null }

/** Those of a session, for its trainers, its ambassador and admins; also what was dismissed, with its reason. */
export async function listFindings(ctx: Ctx, sessionId: string): Promise<ShownFinding[]> {
  await findSessionTo(ctx, sessionId, may['finding.read'])
  return shownFindings(ctx, sessionId)
}

async function shownFindings(ctx: Ctx | TrxCtx, sessionId: string): Promise<ShownFinding[]> {
  const found = await findIn(ctx, queries.oneSession(sessionId))
  const dismissed = await queries.listDismissed(ctx.db, sessionId)
  const dismissalOf = new Map(
    dismissed.map(({ key, dismissedAt, dismissedReason }) => [
      key,
      dismissedAt && { dismissedAt, reason: dismissedReason ?? '' },
    ]),
  )
  return found.map((finding) => ({ ...finding, dismissed: dismissalOf.get(finding.key) ?? null }))
}

/** Holidays are looked for as far as sessions are: older ones are opened one by one, and seldom. */
async function findIn(ctx: Ctx | TrxCtx, scope: queries.Scope): Promise<Finding[]> {
  const now = ctx.now()
  const { unsealedAfterDays } = await readFollowUp(ctx)
  const { year } = now.toZonedDateTimeISO('UTC')
  const holidays = holidaysAnywhere(`${year - 10}-01-01`, `${year + 2}-12-31`)
  return findingsOf(await queries.listFound(ctx.db, scope, { now, unsealedAfterDays, holidays }))
}

/**
 * An admin has looked at a finding, and it is as it should be; said again, the first reason stands. Throws 409 on one
 * that is not found in the session.
 */
export async function dismissFinding(
  ctx: Ctx,
  sessionId: string,
  { key, reason }: DismissalInput,
): Promise<ShownFinding> {
  return inTransaction(ctx, async (ctx) => {
    await lockSessionTo(ctx, sessionId, may['finding.dismiss'])
    const findings = await shownFindings(ctx, sessionId)
    const finding = findings.find((one) => one.key === key)
    if (!finding) throw findingGone()
    if (finding.dismissed) return finding
    const now = ctx.now()
    await queries.dismissFinding(ctx.db, {
      ...{ sessionId, key, kind: finding.kind, slotId: finding.slotId, foundAt: now },
      ...{ dismissedAt: now, dismissedBy: accountIdOf(ctx.actor), dismissedReason: reason },
    })
    await audit(ctx, {
      action: 'finding.dismiss',
      subject: { kind: 'session', id: sessionId },
      changes: { key, reason: 'redacted' },
    })
    return { ...finding, dismissed: { dismissedAt: now, reason } }
  })
}

/** Brings what is kept of the findings of recent sessions up to date; returns nothing, and twice does no more than once. */
export async function refreshFindings(ctx: Ctx): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await queries.lockFindings(ctx.db)
    const found = await findIn(ctx, queries.recentSessions(ctx.now()))
    const stored = await queries.listStored(ctx.db)
    const idOf = ({ sessionId, key }: { sessionId: string; key: string }) => `${sessionId} ${key}`
    const isFound = new Set(found.map(idOf))
    const isStored = new Set(stored.map(idOf))
    const gone = stored.filter((one) => !isFound.has(idOf(one)))
    const fresh = found.filter((one) => !isStored.has(idOf(one)))
    await queries.deleteFindings(ctx.db, gone)
    const added = await queries.insertFindings(
      ctx.db,
      fresh.map(({ sessionId, key, kind, slotId }) => ({ sessionId, key, kind, slotId, foundAt: ctx.now() })),
    )
    if (added === 0 && gone.length === 0) return
    await audit(ctx, {
      action: 'finding.refresh',
      subject: { kind: 'organisation', id: null },
      changes: { added, gone: gone.length },
    })
  })
}
