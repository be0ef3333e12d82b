/** Tells learners what becomes of their enrolment: queued by the verb that changes it, worded when it is sent. */
import type { SessionRow } from '../planning/session.queries.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import type { MailTemplate } from '../platform/mail/mail.schema.ts'
import { queueMails } from '../platform/mail/outbox.ts'
import { hasEnded, hasStarted } from './enrolment.rules.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'
import { listReachable } from './enrolment-mails.queries.ts'

type Told = { id: string; personId: string }

type News = {
  template: MailTemplate
  reason?: string | null | undefined
  position?: number | null | undefined
}

/** What a status that somebody gets by enrolling is told with. */
const onArrival: Partial<Record<EnrolmentStatus, MailTemplate>> = {
  confirmed: 'enrolment-confirmed',
  requested: 'enrolment-requested',
  waitlisted: 'enrolment-waitlisted',
}

/** Of an enrolment that is new. Not of one in a session that has started: then it is written down what was said. */
export async function tellOfArrival(
  ctx: TrxCtx,
  session: SessionRow,
  enrolment: Told & { status: EnrolmentStatus; waitlistPosition: number | null },
): Promise<void> {
  const template = onArrival[enrolment.status]
  if (!template || hasStarted(session, ctx.now())) return
  await tell(ctx, session, [enrolment], { template, position: enrolment.waitlistPosition })
}

/**
 * The same news to the learners of several enrolments of a session, in three statements. To those who have an address,
 * and until the session has ended: nobody is written to about the past. Imports and the demonstration, which act as
 * Préau itself, tell nobody: their people know.
 */
export async function tell(
  ctx: TrxCtx,
  session: SessionRow,
  enrolments: readonly Told[],
  { template, reason = null, position = null }: News,
): Promise<void> {
  if (ctx.actor.kind === 'system' || enrolments.length === 0 || hasEnded(session, ctx.now())) return
  const reachable = await listReachable(
    ctx.db,
    enrolments.map((enrolment) => enrolment.personId),
  )
  await queueMails(
    ctx,
    enrolments.flatMap(({ id, personId }) => {
      const to = reachable.get(personId)
      return to === undefined ? [] : [{ template, to, personId, data: { enrolmentId: id, reason, position } }]
    }),
  )
}
