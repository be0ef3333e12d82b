import type { GeneratedAlways } from 'kysely'
import type { CivilDate, Json } from '../platform/db/columns.ts'
import type { AttendanceKind, MarkStatus, ReasonCode } from './attendance.schema.ts'

export type LedgerHeadTable = {
  sessionId: string
  sequence: number
  hash: string
}

export type AttendanceEventTable = {
  id: string
  sessionId: string
  sequence: number
  kind: string
  slotId: string
  enrolmentId: string | null
  recordedAt: Temporal.Instant
  recordedBy: string | null
  /** Canonical JSON (RFC 8785) as the text that was hashed. */
  body: string
  payloadHash: string | null
  previousHash: string
  hash: string
}

export type AttendancePayloadTable = {
  eventId: string
  salt: string
  content: Json<Record<string, unknown>>
}

export type AttendanceMarkTable = {
  slotId: string
  enrolmentId: string
  sessionId: string
  status: MarkStatus
  attendedMinutes: number
  reasonCode: ReasonCode | null
  justified: boolean | null
  heldOn: CivilDate
  kind: AttendanceKind
  eventId: string
  markedAt: Temporal.Instant
}

/** View: the one source of attended minutes. */
export type AttendedTimeView = {
  enrolmentId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
  slotId: GeneratedAlways<string>
  heldOn: GeneratedAlways<CivilDate>
  kind: GeneratedAlways<AttendanceKind>
  minutes: GeneratedAlways<number>
}
