/** What the mails about an enrolment say, read when they are sent: a session may have moved since they were queued. */
import { readTimeZone } from '../organisation/organisation.service.ts'
import { stands } from '../planning/planning.rules.ts'
import { listSlots } from '../planning/session.queries.ts'
import { localTimeOf } from '../platform/civil-time.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import type { Mail } from '../platform/mail/mail.queries.ts'
import type { MailData, MailTemplate } from '../platform/mail/mail.schema.ts'
import type { MailRoom } from '../platform/mail/sending.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'
import { findMailedEnrolment } from './enrolment-mails.queries.ts'

/** What an enrolment must still be for its mail to be true. */
const trueWhile = {
  'enrolment-confirmed': 'confirmed',
  'enrolment-seated': 'confirmed',
  'enrolment-requested': 'requested',
  'enrolment-waitlisted': 'waitlisted',
  'enrolment-refused': 'refused',
  'enrolment-cancelled': 'cancelled',
  'session-cancelled': 'cancelled',
} as const satisfies Partial<Record<MailTemplate, EnrolmentStatus>>

/** For `src/jobs.ts`: who completes which mail. */
export const enrolmentMailFacts: MailRoom['facts'] = Object.fromEntries(
  Object.entries(trueWhile).map(([template, status]) => [
    template,
    (ctx: TrxCtx, mail: Mail) => enrolmentFacts(ctx, mail, status),
  ]),
)

/** Undefined when the enrolment has moved on: another mail tells of that. */
async function enrolmentFacts(
  ctx: TrxCtx,
  mail: Mail,
  status: EnrolmentStatus,
): Promise<MailData | undefined> {
  const enrolment = await findMailedEnrolment(ctx.db, String(mail.data.enrolmentId))
  if (enrolment?.status !== status) return undefined
  const { firstName, title, reference, timeZone, place, remoteUrl } = enrolment
  const slots = await listSlots(ctx.db, enrolment.sessionId)
  return {
    firstName,
    training: title,
    reference,
    timeZone: await timeZoneToName(ctx, timeZone),
    place,
    // The room of a class on line is for those who have a seat in it.
    remoteUrl: status === 'confirmed' ? remoteUrl : null,
    slots: slots.filter(stands).map((slot) => ({
      date: slot.heldOn,
      start: localTimeOf(slot.startsAt, timeZone),
      end: localTimeOf(slot.endsAt, timeZone),
      place: slot.place,
    })),
  }
}

/** What a mail calls the zone of its times; null where it is the organisation's own, which goes without saying. */
export async function timeZoneToName(ctx: TrxCtx, timeZone: string): Promise<string | null> {
  return timeZone === (await readTimeZone(ctx)) ? null : nameOf(timeZone)
}

/** As people there call it: `heure de La Réunion`, `heure d’Europe centrale`, in summer too. */
function nameOf(timeZone: string): string {
  const format = new Intl.DateTimeFormat('fr-FR', { timeZone, timeZoneName: 'longGeneric' })
  const name = format.formatToParts(0).find((part) => part.type === 'timeZoneName')?.value ?? timeZone
  return name.replace('heure normale ', 'heure ')
}
