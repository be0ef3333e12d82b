import type { Generated, GeneratedAlways } from 'kysely'
import type { CivilDate, Json } from '../platform/db/columns.ts'
import type { RecognisedType } from '../platform/files/file-content.ts'
import type { JustificationStatus } from './absence/justification.schema.ts'
import type { AttendanceKind, MarkStatus, ReasonCode } from './attendance.schema.ts'
import type { MarkSource, ScanMediaType, SigningWay, WaiverReason } from './ledger/ledger-event.ts'

export type LedgerHeadTable = {
  sessionId: string
  sequence: number
  hash: string
  /** Up to which event the last checkpoint that knows the session covers it. */
  coveredSequence: Generated<number>
}

export type AttendanceEventTable = {
  id: string
  sessionId: string
  sequence: number
  kind: string
  slotId: string | null
  enrolmentId: string | null
  recordedAt: Temporal.Instant
  recordedBy: string | null
  /** Canonical JSON (RFC 8785) as the text that was hashed. */
  body: string
  payloadHash: string | null
  previousHash: string
  hash: string
  clientId: string | null
  /** Null in events from before there were keys. */
  keyId: string | null
  signature: string | null
}

export type LedgerKeyTable = {
  id: string
  publicKey: string
  createdAt: Temporal.Instant
  previousKeyId: string | null
  /** Canonical JSON (RFC 8785) as the text that was signed. */
  body: string
  signature: string
  previousSignature: string | null
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
  source: Generated<MarkSource>
  decidedAt: Temporal.Instant
  arrivedAt: Temporal.Instant | null
  leftAt: Temporal.Instant | null
}

export type AttendanceSignatureTable = {
  slotId: string
  enrolmentId: string
  sessionId: string
  way: SigningWay
  signedAt: Temporal.Instant
  deviceAt: Temporal.Instant | null
  fingerprint: string | null
  scanId: string | null
  eventId: string
}

export type SignatureWaiverTable = {
  slotId: string
  enrolmentId: string
  sessionId: string
  reasonCode: WaiverReason
  eventId: string
}

export type TrainerSignatureTable = {
  slotId: string
  personId: string
  sessionId: string
  signedAt: Temporal.Instant
  deviceAt: Temporal.Instant | null
  eventId: string
}

export type SlotSealTable = {
  slotId: string
  sessionId: string
  sealedAt: Temporal.Instant
  trainerPersonId: string | null
  eventId: string
}

export type AttendanceScanTable = {
  id: string
  sessionId: string
  sha256: string
  mediaType: ScanMediaType
  size: number
  originalKeptAt: string
  uploadedAt: Temporal.Instant
  uploadedBy: string | null
  eventId: string
}

export type AttendanceScanSlotTable = {
  scanId: string
  slotId: string
}

/** View: the one source of attended minutes. */
export type AttendedTimeView = {
  enrolmentId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
  /** Null for work done alone. */
  slotId: GeneratedAlways<string | null>
  heldOn: GeneratedAlways<CivilDate>
  kind: GeneratedAlways<AttendanceKind>
  minutes: GeneratedAlways<number>
  activityId: GeneratedAlways<string | null>
}

/** View: marks that no longer fit their half-day, which was moved. */
export type UnfitMarkView = {
  slotId: GeneratedAlways<string>
  enrolmentId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
}

export type JustificationTable = {
  id: string
  enrolmentId: string
  sha256: string
  mediaType: RecognisedType
  size: number
  status: JustificationStatus
  uploadedAt: Temporal.Instant
  uploadedBy: string | null
  decidedAt: Temporal.Instant | null
  decidedBy: string | null
  refusalReason: string | null
}

export type JustificationSlotTable = {
  justificationId: string
  slotId: string
}
