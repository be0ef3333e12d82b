/** The outbox as admins see it, and what becomes of it with time. */
import { authorise } from '../access.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../ctx.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Page } from '../http/pagination.ts'
import { enqueueAgain } from '../jobs/queue.ts'
import { notFound } from '../problems.ts'
import { mailPermissions as may } from './mail.permissions.ts'
import { addressForgotten, notToBeSentAgain } from './mail.problems.ts'
import type { Mail } from './mail.queries.ts'
import * as queries from './mail.queries.ts'
import type { MailsQuery } from './mail.schema.ts'

/** The newest first; those that failed, or whose outcome nobody knows, by `state`. */
export async function listMails(ctx: Ctx, query: MailsQuery): Promise<Page<Mail>> {
  authorise(ctx.actor, may['mail.list'])
  return queries.listMails(ctx.db, query)
}

/**
 * Queues a mail again that failed, or whose outcome is unknown: an admin has looked, and takes it that it may arrive
 * twice. Throws 409 in any other state, and when its address was forgotten.
 */
export async function sendAgain(ctx: Ctx, id: string): Promise<Mail> {
  authorise(ctx.actor, may['mail.sendAgain'])
  return inTransaction(ctx, async (ctx) => {
    const mail = await queries.lockMail(ctx.db, id)
    if (!mail) throw notFound()
    if (mail.state !== 'failed' && mail.state !== 'unknown') throw notToBeSentAgain()
    if (mail.address === null) throw addressForgotten()
    await enqueueAgain(ctx, 'mail', id)
    await audit(ctx, {
      action: 'mail.sendAgain',
      subject: { kind: 'mail', id },
      changes: { state: [mail.state, 'queued'] },
    })
    return queries.updateMail(ctx.db, id, { state: 'queued', updatedAt: ctx.now() })
  })
}

const patience = { hours: 1 }
const remembered = { hours: 30 * 24 }

/** Settles what a dead process or a lost job has left open, and forgets whom mails of a month ago went to. */
export async function tidyMails(ctx: Ctx): Promise<void> {
  const now = ctx.now()
  await queries.giveUpInterrupted(ctx.db, now.subtract(patience), now)
  await queries.failJobless(ctx.db, now.subtract(patience), now)
  await queries.forgetPeople(ctx.db, now.subtract(remembered))
}
