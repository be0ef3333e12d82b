/** What a mail of the outbox is made of, and what admins see of it. */

/** The files of `templates/emails`, without extension. */
export const mailTemplates = [
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
