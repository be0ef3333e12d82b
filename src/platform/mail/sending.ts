/**
 * Sends the mails of the outbox. A mail is marked as being sent, and that committed, before the first byte leaves: who
 * finds it so marked afterwards knows that nobody can tell whether it arrived.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx, TrxCtx } from '../ctx.ts'
import { asDatabaseError, isDatabaseAway } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Job, JobResult } from '../jobs/job.ts'
import { lockMail, type Mail, updateMail } from './mail.queries.ts'
import type { MailData, MailState, MailTemplate } from './mail.schema.ts'
import { composeMessage, type Message } from './message.ts'
import type { Delivery, Transport } from './transport.ts'

/** Who writes: on every mail. */
export type Letterhead = {
  name: string
  email: string
  /** Null: not to be printed. */
  street: string | null
  postalCode: string | null
  city: string | null
  country: string | null
  phone: string | null
}

/** What sending needs of the parts above the platform, and of the configuration. */
export type MailRoom = {
  transport: Transport
  /** The sender's address, when it is not the organisation's own. */
  from: string | undefined
  letterhead(ctx: TrxCtx): Promise<Letterhead>
  /** What the slices know of the matter now, beside the mail's own data; undefined when the mail is no longer true. */
  facts: Partial<Record<MailTemplate, (ctx: TrxCtx, mail: Mail) => Promise<MailData | undefined>>>
  /** A fresh link of a single-use token; undefined when the token is used, superseded or expired. */
  renewLink(ctx: TrxCtx, tokenId: string): Promise<string | undefined>
  fill(template: MailTemplate, values: object): Promise<{ subject: string; text: string }>
}

/** Sends a mail, unless that was done or nobody knows whether it was. */
export async function sendMail(ctx: Ctx, room: MailRoom, job: Job): Promise<JobResult> {
  const claim = await claimMail(ctx, room, job.id).catch((error: unknown) => unwritable(ctx, job.id, error))
  if ('result' in claim) return claim.result
  const delivery = await room.transport(claim.message, job.signal)
  return settle(ctx, claim.mail, delivery, job.isLastTry)
}

type Claim = { mail: Mail; message: Message } | { result: JobResult }

const done: JobResult = { state: 'done' }

/** Takes a queued mail: from the commit on it is being sent. Everything that can fail before that leaves it queued. */
async function claimMail(ctx: Ctx, room: MailRoom, id: string): Promise<Claim> {
  return inTransaction(ctx, async (ctx) => {
    const mail = await lockMail(ctx.db, id)
    if (mail?.state === 'sending') {
      await mark(ctx, mail, 'unknown', 'mail/interrupted')
      return { result: { state: 'failed', code: 'mail/interrupted' } }
    }
    if (mail?.state !== 'queued' || mail.address === null) return { result: done }
    const message = await write(ctx, room, { ...mail, address: mail.address })
    if (!message) {
      await mark(ctx, mail, 'obsolete', null)
      return { result: done }
    }
    const claimed = await updateMail(ctx.db, id, {
      state: 'sending',
      attempts: mail.attempts + 1,
      lastAttemptAt: ctx.now(),
      messageId: message.messageId,
      errorCode: null,
      updatedAt: ctx.now(),
    })
    return { mail: claimed, message }
  })
}

/** The mail in its words; undefined when it has nothing to say any more. */
async function write(
  ctx: TrxCtx,
  room: MailRoom,
  mail: Mail & { address: string },
): Promise<Message | undefined> {
  const facts = room.facts[mail.template]
  const known = facts ? await facts(ctx, mail) : {}
  if (!known) return undefined
  const link = mail.linkTokenId === null ? null : await room.renewLink(ctx, mail.linkTokenId)
  if (link === undefined) return undefined
  const organisation = await room.letterhead(ctx)
  const values = { ...mail.data, ...known, link, organisation, baseUrl: ctx.baseUrl }
  return composeMessage({
    id: mail.id,
    template: mail.template,
    createdAt: mail.createdAt,
    from: { name: organisation.name, address: room.from ?? organisation.email },
    replyTo: organisation.email,
    to: mail.address,
    ...(await room.fill(mail.template, values)),
  })
}

/** A mail that cannot be written: when the database is not to blame, its template is, and no further try will help. */
async function unwritable(ctx: Ctx, id: string, error: unknown): Promise<Claim> {
  if (isDatabaseAway(error) || asDatabaseError(error)) throw error
  ctx.log.error({ err: error, mailId: id }, 'a mail cannot be written')
  await inTransaction(ctx, async (ctx) => {
    const mail = await lockMail(ctx.db, id)
    if (mail?.state === 'queued') await mark(ctx, mail, 'failed', 'mail/template')
  })
  return { result: { state: 'failed', code: 'mail/template' } }
}

async function settle(ctx: Ctx, mail: Mail, delivery: Delivery, isLastTry: boolean): Promise<JobResult> {
  const { outcome } = delivery
  const code = outcome === 'sent' ? null : delivery.code
  await persistently(() =>
    inTransaction(ctx, async (ctx) => {
      const now = await lockMail(ctx.db, mail.id)
      if (now?.attempts !== mail.attempts) return
      // Somebody may have given this attempt up meanwhile; that it arrived is worth knowing all the same.
      const isOurs = now.state === 'sending' || (now.state === 'unknown' && outcome === 'sent')
      if (isOurs) await mark(ctx, mail, stateAfter(outcome, isLastTry), code)
    }),
  )
  if (code === null) return done
  return { state: outcome === 'later' ? 'again' : 'failed', code }
}

function stateAfter(outcome: Delivery['outcome'], isLastTry: boolean): MailState {
  if (outcome === 'later') return isLastTry ? 'failed' : 'queued'
  return outcome === 'refused' ? 'failed' : outcome
}

async function mark(ctx: TrxCtx, mail: Mail, state: MailState, errorCode: string | null): Promise<void> {
  const now = ctx.now()
  await updateMail(ctx.db, mail.id, {
    state,
    errorCode,
    updatedAt: now,
    ...(state === 'sent' && { sentAt: now }),
  })
}

const patienceMs = [200, 1_000, 3_000, 8_000]

/** What became of the mail is known only here: a database that restarts must not make it unknown. */
async function persistently(write: () => Promise<void>): Promise<void> {
  for (const wait of patienceMs) {
    try {
      return await write()
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      await sleep(wait)
    }
  }
  await write()
}
