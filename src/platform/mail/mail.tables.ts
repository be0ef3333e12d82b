import type { Generated } from 'kysely'
import type { Entity, Json } from '../db/columns.ts'
import type { MailData, MailState, MailTemplate } from './mail.schema.ts'

export type OutgoingMailTable = Entity & {
  template: MailTemplate
  address: string | null
  personId: string | null
  data: Json<MailData>
  linkTokenId: string | null
  state: MailState
  attempts: Generated<number>
  lastAttemptAt: Temporal.Instant | null
  sentAt: Temporal.Instant | null
  errorCode: string | null
  messageId: string | null
}
