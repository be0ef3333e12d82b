/** What a mail of the outbox is made of, and what admins see of it. */
import { z } from '@hono/zod-openapi'
import { entityFields, idAnswer } from '../http/entity.ts'
import { pageQuery } from '../http/pagination.ts'
import { instant } from '../text.ts'

/** The files of `templates/emails`, without extension. */
export const mailTemplates = [
  'invitation',
  'password-reset',
  'sign-in-link',
  'password-changed',
  'enrolment-confirmed',
  'enrolment-waitlisted',
  'enrolment-requested',
  'enrolment-seated',
  'enrolment-refused',
  'enrolment-cancelled',
  'session-cancelled',
  'signing-link',
  'ledger-checkpoint',
  'seal-receipt',
  'half-day-ahead',
  'signature-missing',
  'sheet-unsealed',
  'follow-up-digest',
] as const
export type MailTemplate = (typeof mailTemplates)[number]

const mailStates = ['queued', 'sending', 'sent', 'failed', 'unknown', 'obsolete'] as const
export type MailState = (typeof mailStates)[number]

type MailFact = string | number | boolean | null

/** What a template is filled in with: facts by name, or lists of them (the half-days of a session). Never a secret. */
export type MailData = Record<string, MailFact | readonly Record<string, MailFact>[]>

const help = {
  template: 'Which of the texts in `templates/emails`.',
  address: 'Null once it has been forgotten, a month after the mail was settled.',
  state:
    '`queued`: to be sent, perhaps once more; `failed`: certainly not received; `unknown`: handed over without an answer, it may have arrived; `obsolete`: no longer true when it was to be sent.',
  errorCode: 'Why the latest try failed, such as `smtp/550` or `mail/interrupted`.',
  messageId: 'As mail servers log it.',
}

export const mailAnswer = z
  .object({
    ...entityFields,
    template: z.enum(mailTemplates).describe(help.template),
    address: z.string().nullable().describe(help.address),
    personId: idAnswer().nullable(),
    state: z.enum(mailStates).describe(help.state),
    attempts: z.int().describe('How often it was handed to the mail server.'),
    lastAttemptAt: instant().nullable(),
    sentAt: instant().nullable(),
    errorCode: z.string().nullable().describe(help.errorCode),
    messageId: z.string().nullable().describe(help.messageId),
  })
  .openapi('Mail')

export const mailsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(mailStates).optional().describe(help.state),
})
export type MailsQuery = z.output<typeof mailsQuery>
