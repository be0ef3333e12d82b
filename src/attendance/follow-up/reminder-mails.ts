/** What reminders say, read when they are sent: who has signed meanwhile is not reminded. */
import { timeZoneToName } from '../../enrolment/enrolment-mail-facts.ts'
import { localTimeOf } from '../../platform/civil-time.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import type { Mail } from '../../platform/mail/mail.queries.ts'
import type { MailData } from '../../platform/mail/mail.schema.ts'
import type { MailRoom } from '../../platform/mail/sending.ts'
import type { MailedSlot } from './reminders.queries.ts'
import * as queries from './reminders.queries.ts'

/** For `src/jobs.ts`: who completes which mail. */
export const reminderMailFacts: MailRoom['facts'] = {
  'half-day-ahead': async (ctx, mail) => {
    const slots = await stillToSign(ctx, mail)
    return wordedFor(
      ctx,
      mail,
      slots.filter((slot) => Temporal.Instant.compare(slot.startsAt, ctx.now()) > 0),
    )
  },
  'signature-missing': async (ctx, mail) => wordedFor(ctx, mail, await stillToSign(ctx, mail)),
  'sheet-unsealed': async (ctx, mail) =>
    wordedFor(ctx, mail, await queries.listStillToSeal(ctx.db, slotIdsOf(mail))),
}

async function stillToSign(ctx: TrxCtx, mail: Mail): Promise<MailedSlot[]> {
  return queries.listStillToSign(ctx.db, String(mail.data.enrolmentId), slotIdsOf(mail))
}

function slotIdsOf(mail: Mail): string[] {
  const { slots } = mail.data
  return Array.isArray(slots) ? slots.map(({ slotId }) => String(slotId)) : []
}

/** Undefined when nothing is left to remind of. */
async function wordedFor(
  ctx: TrxCtx,
  mail: Mail,
  slots: readonly MailedSlot[],
): Promise<MailData | undefined> {
  const about = await queries.findReminded(ctx.db, String(mail.data.sessionId), mail.personId ?? '')
  if (!about || slots.length === 0) return undefined
  const { firstName, title, reference, timeZone, place } = about
  return {
    firstName,
    training: title,
    reference,
    timeZone: await timeZoneToName(ctx, timeZone),
    place,
    slots: slots.map((slot) => ({
      date: slot.heldOn,
      start: localTimeOf(slot.startsAt, timeZone),
      end: localTimeOf(slot.endsAt, timeZone),
      place: slot.place,
    })),
  }
}
