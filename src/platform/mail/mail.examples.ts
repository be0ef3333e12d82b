/** Examples of the routes on mails: one that a server refused, and that is sent again. */
import type { z } from '@hono/zod-openapi'
import type { mailAnswer } from './mail.schema.ts'

export const exampleMailId = '0197f3a7-2a10-7c44-9d20-1b7c5e0f9a31'

const mail: z.output<typeof mailAnswer> = {
  id: exampleMailId,
  version: 3,
  createdAt: '2026-04-01T08:10:00Z',
  updatedAt: '2026-04-01T08:10:02Z',
  template: 'enrolment-confirmed',
  address: 'maelle.lebihan@courriel.example',
  personId: null,
  state: 'failed',
  attempts: 1,
  lastAttemptAt: '2026-04-01T08:10:01Z',
  sentAt: null,
  errorCode: 'smtp/550',
  messageId: `<${exampleMailId}@communs.example>`,
}

export const mailExamples = {
  listMails: { query: { state: 'failed' as const }, answer: { items: [mail], nextCursor: null } },
  sendAgain: {
    params: { id: exampleMailId },
    answer: { ...mail, version: 4, updatedAt: '2026-04-02T07:00:00Z', state: 'queued' as const },
  },
}
