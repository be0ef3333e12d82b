/**
 * The outbox: mails written in the transaction of the change that they are about, each with the job that sends it. Who
 * receives a mail therefore reads of something that happened, and of everything that happened.
 */
import type { TrxCtx } from '../ctx.ts'
import { enqueueAll } from '../jobs/queue.ts'
import { insertMails } from './mail.queries.ts'
import type { MailData, MailTemplate } from './mail.schema.ts'

export type NewMail = {
  template: MailTemplate
  /** The address as it is now: a mail goes where the person was reached when it was written. */
  to: string
  /** Whom it is about; null for an address that nobody's record holds. */
  personId: string | null
  data: MailData
  /** The single-use token whose link the mail carries as `{{ link }}`; the link is made while sending. */
  linkTokenId?: string
}

/** Writes a mail and its job; returns their common id. */
export async function queueMail(ctx: TrxCtx, mail: NewMail): Promise<string> {
  const [id = ''] = await queueMails(ctx, [mail])
  return id
}

/** Several in two statements, however many they are; returns their ids in the same order. */
export async function queueMails(ctx: TrxCtx, mails: readonly NewMail[]): Promise<string[]> {
  const now = ctx.now()
  const rows = mails.map(({ to, template, personId, data, linkTokenId }) => ({
    id: ctx.newId(),
    createdAt: now,
    updatedAt: now,
    template,
    address: to,
    personId,
    data: JSON.stringify(data),
    linkTokenId: linkTokenId ?? null,
    state: 'queued' as const,
  }))
  await insertMails(ctx.db, rows)
  const ids = rows.map((row) => row.id)
  await enqueueAll(ctx, 'mail', ids)
  return ids
}
