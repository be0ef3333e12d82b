import type { GeneratedAlways } from 'kysely'
import type { CivilDate, Json } from '../../platform/db/columns.ts'
import type { ActivityEvidence, ActivitySource, ConnectionProvider } from '../ledger/ledger-event.ts'
import type { AttendedLine } from './attended-lines.schema.ts'
import type { Presence } from './connection-log.rules.ts'
import type { ConnectionMatch } from './connection-log.schema.ts'

export type ConnectionLogTable = {
  id: string
  sessionId: string
  slotId: string
  provider: ConnectionProvider
  sha256: string
  size: number
  timeZone: string
  uploadedAt: Temporal.Instant
  uploadedBy: string | null
  matches: Json<ConnectionMatch[]>
  presences: Json<Presence[]>
  eventId: string
}

export type ActivityCompletionTable = {
  enrolmentId: string
  activityId: string
  sessionId: string
  source: ActivitySource
  isDone: boolean
  doneOn: CivilDate | null
  minutes: number
  evidence: ActivityEvidence | null
  decidedAt: Temporal.Instant
  eventId: string
}

/** View: the attended minutes by the four lines of AGEFICE. */
export type AttendedLineView = {
  enrolmentId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
  slotId: GeneratedAlways<string | null>
  activityId: GeneratedAlways<string | null>
  heldOn: GeneratedAlways<CivilDate>
  minutes: GeneratedAlways<number>
  line: GeneratedAlways<AttendedLine>
}
