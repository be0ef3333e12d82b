/** What a mail of the outbox is made of, and what admins see of it. */
import { z } from '@hono/zod-openapi'
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
] as const
export type MailTemplate = (typeof mailTemplates)[number]

export const mailStates = ['queued', 'sending', 'sent', 'failed', 'unknown', 'obsolete'] as const
export type MailState = (typeof mailStates)[number]

type MailFact = string | number | boolean | null

/** What a template is filled in with: facts by name, or lists of them (the half-days of a session). Never a secret. */
export type MailData = Record<string, MailFact | readonly Record<string, MailFact>[]>

export const mailAnswer = z
  .object({
    id: z.string(),
    version: z.int(),
    createdAt: instant(),
    updatedAt: instant(),
    template: z.enum(mailTemplates),
    /** Null once it has been forgotten, a month after the mail was settled. */
    address: z.string().nullable(),
    personId: z.string().nullable(),
    state: z.enum(mailStates),
    attempts: z.int(),
    lastAttemptAt: instant().nullable(),
    sentAt: instant().nullable(),
    /** Such as `smtp/550` or `mail/interrupted`. */
    errorCode: z.string().nullable(),
    /** As mail servers log it. */
    messageId: z.string().nullable(),
  })
  .openapi('Mail')

export const mailsQuery = z.strictObject({ ...pageQuery, state: z.enum(mailStates).optional() })
export type MailsQuery = z.output<typeof mailsQuery>
