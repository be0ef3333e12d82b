/** Mails in the outbox, queued as a verb queues them. */
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { MailState } from '../../src/platform/mail/mail.schema.ts'
import { type NewMail, queueMail } from '../../src/platform/mail/outbox.ts'
import type { Caller, TestApp } from './app.ts'

/** Queued, with its job; `askedBy` may follow the job. Returns their id. */
export async function aMail(app: TestApp, mail: Partial<NewMail> = {}, askedBy?: Caller): Promise<string> {
  const actor = askedBy && { ...askedBy, kind: 'account' as const, roleGrants: [] }
  return inTransaction({ ...app.system, ...(actor && { actor }) }, (ctx) =>
    queueMail(ctx, {
      template: 'password-changed',
      to: 'ada@example.org',
      personId: null,
      data: { firstName: 'Ada' },
      ...mail,
    }),
  )
}

/** A mail as it stands after it was tried. */
export async function aTriedMail(app: TestApp, state: MailState, errorCode: string | null): Promise<string> {
  const id = await aMail(app)
  await app.deps.db
    .updateTable('outgoingMail')
    .set({ state, errorCode, attempts: 1, lastAttemptAt: app.deps.clock() })
    .where('id', '=', id)
    .execute()
  return id
}
