/** One mail a day to who administers, and only when there is something that they do not know of. */
import { announceNotices } from '../../enrolment/funder-notice.service.ts'
import { readTimeZone } from '../../organisation/organisation.service.ts'
import { audit } from '../../platform/audit/audit.ts'
import { civilDateOf } from '../../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { queueMails } from '../../platform/mail/outbox.ts'
import { sum } from '../../platform/sum.ts'
import type { NewFindings } from './digest.queries.ts'
import * as queries from './digest.queries.ts'
import { lockFindings } from './findings.queries.ts'

/** In the morning by the organisation's clock: what comes up during the day can wait for the next. */
const firstHour = 7
const lastHour = 12
const mostSessions = 30

/** Tells the admins of new findings and of funders to be told; once a day, whoever runs it. */
export async function sendDigest(ctx: Ctx): Promise<void> {
  const timeZone = await readTimeZone(ctx)
  const day = civilDateOf(ctx.now(), timeZone)
  const { hour } = ctx.now().toZonedDateTimeISO(timeZone)
  if (hour < firstHour || hour >= lastHour) return
  await inTransaction(ctx, async (ctx) => {
    await lockFindings(ctx.db)
    if (await queries.wasDigestSent(ctx.db, day)) return
    const sessions = await queries.announceFindings(ctx.db, day)
    const notices = await announceNotices(ctx, day)
    if (sessions.length === 0 && notices === 0) return
    await queries.insertDigest(ctx.db, { sentOn: day, sentAt: ctx.now() })
    await tellAdmins(ctx, sessions, notices)
  })
}

async function tellAdmins(ctx: TrxCtx, sessions: readonly NewFindings[], notices: number): Promise<void> {
  const findings = sum(sessions.map((session) => session.findings))
  const shown = sessions.slice(0, mostSessions).map(({ reference, training, findings }) => ({
    ...{ reference, training, findings },
  }))
  const news = { findings, notices, sessions: shown, moreSessions: sessions.length - shown.length }
  const admins = await queries.listAdmins(ctx.db)
  await queueMails(
    ctx,
    admins.map(({ personId, email, firstName }) => ({
      template: 'follow-up-digest',
      to: email,
      personId,
      data: { firstName, ...news },
    })),
  )
  await audit(ctx, {
    action: 'attendance.digest',
    subject: { kind: 'organisation', id: null },
    changes: { findings, notices, admins: admins.length },
  })
}
