import type { CivilDate } from '../../platform/db/columns.ts'
import type { FindingKind } from './findings.schema.ts'
import type { ReminderKind } from './reminders.rules.ts'

/** Who was reminded of what. */
export type AttendanceReminderTable = {
  slotId: string
  personId: string
  kind: ReminderKind
  heldOn: CivilDate
  remindedAt: Temporal.Instant
}

/** Findings as they were last computed, and what was dismissed. */
export type AttendanceFindingTable = {
  sessionId: string
  key: string
  kind: FindingKind
  slotId: string | null
  foundAt: Temporal.Instant
  announcedOn: CivilDate | null
  dismissedAt: Temporal.Instant | null
  dismissedBy: string | null
  dismissedReason: string | null
}

/** The days on which the admins were sent a digest. */
export type AttendanceDigestTable = {
  sentOn: CivilDate
  sentAt: Temporal.Instant
}
