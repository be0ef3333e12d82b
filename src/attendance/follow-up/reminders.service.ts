/**
 * Reminds learners of half-days to sign and trainers of half-days to seal: each person once for each, however often and
 * on however many workers this runs.
 */
import { readFollowUp } from '../../organisation/organisation.service.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { MailTemplate } from '../../platform/mail/mail.schema.ts'
import { type NewMail, queueMails } from '../../platform/mail/outbox.ts'
import { issueMailedLink } from '../signing/signing-link.ts'
import type { Due } from './reminders.queries.ts'
import * as queries from './reminders.queries.ts'
import { isTimeFor, type ReminderKind } from './reminders.rules.ts'

const templates = {
  ahead: 'half-day-ahead',
  unsigned: 'signature-missing',
  unsealed: 'sheet-unsealed',
} as const satisfies Record<ReminderKind, MailTemplate>

/** Sends what is due now. Learners are left alone where the organisation's settings say so. */
export async function remind(ctx: Ctx): Promise<void> {
  const now = ctx.now()
  const { remindsLearners } = await readFollowUp(ctx)
  if (remindsLearners) {
    await remindAll(ctx, 'ahead', await queries.listAhead(ctx.db, now))
    await remindAll(ctx, 'unsigned', await queries.listUnsigned(ctx.db, now))
  }
  await remindAll(ctx, 'unsealed', await queries.listUnsealed(ctx.db, now))
}

async function remindAll(ctx: Ctx, kind: ReminderKind, candidates: readonly Due[]): Promise<void> {
  const due = candidates.filter((one) => isTimeFor(kind, one, ctx.now()))
  for (const [sessionId, ofSession] of Map.groupBy(due, (one) => one.sessionId))
    await inTransaction(ctx, (ctx) => remindSession(ctx, kind, sessionId, ofSession))
}

/** One mail for each person and day, to a trainer one for all days. */
async function remindSession(
  ctx: TrxCtx,
  kind: ReminderKind,
  sessionId: string,
  due: readonly Due[],
): Promise<void> {
  const claimed = await queries.claimReminders(ctx.db, kind, due, ctx.now())
  if (claimed.length === 0) return
  const together = Map.groupBy(claimed, ({ enrolmentId, personId, heldOn }) =>
    enrolmentId === null ? personId : `${enrolmentId} ${heldOn}`,
  )
  const mails: NewMail[] = []
  for (const slots of together.values()) mails.push(await mailOf(ctx, kind, slots))
  await queueMails(ctx, mails)
  await audit(ctx, {
    action: 'attendance.remind',
    subject: { kind: 'session', id: sessionId },
    changes: { kind, slotIds: [...new Set(claimed.map(({ slotId }) => slotId))], people: together.size },
  })
}

async function mailOf(ctx: TrxCtx, kind: ReminderKind, slots: readonly Due[]): Promise<NewMail> {
  const { email, personId, sessionId, enrolmentId } = slots[0] as Due
  const data = { sessionId, enrolmentId, slots: slots.map(({ slotId }) => ({ slotId })) }
  const mail = { template: templates[kind], to: email, personId, data }
  if (enrolmentId === null) return mail
  return { ...mail, linkTokenId: await issueMailedLink(ctx, enrolmentId) }
}
