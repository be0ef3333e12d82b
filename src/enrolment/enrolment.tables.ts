import type { Generated, GeneratedAlways } from 'kysely'
import type { CivilDate, Entity, Json } from '../platform/db/columns.ts'
import type { EnrolmentStatus, FundingSource, TraineeType } from './enrolment.schema.ts'
import type { NoticeKind } from './funder-notice.rules.ts'

export type EnrolmentTable = Entity & {
  sessionId: string
  personId: string
  status: EnrolmentStatus
  traineeType: TraineeType | null
  employerClientId: string | null
  waitingPlace: number | null
  startedOn: CivilDate | null
  interruptedOn: CivilDate | null
  endedOn: CivilDate | null
  endReason: string | null
  cancelledWithSession: Generated<boolean>
  /** When the seat was confirmed, of who came in while the session was under way. */
  joinedAt: Temporal.Instant | null
  answers: Json<Record<string, string | number | boolean>> | null
}

/** View: who is expected in which half-day, whatever became of the enrolment; none of those that were cancelled. */
export type ExpectedAttendanceView = {
  slotId: GeneratedAlways<string>
  enrolmentId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
}

/** View: the one count of seats; a session without enrolments has no row. */
export type SessionSeatsView = {
  sessionId: GeneratedAlways<string>
  taken: GeneratedAlways<number>
  waiting: GeneratedAlways<number>
}

export type AccommodationNeedTable = {
  enrolmentId: string
  need: string
  createdAt: Temporal.Instant
}

/** A funder is to be told; `toldAt`: it was. */
export type FunderNoticeTable = Entity & {
  sessionId: string
  enrolmentId: string
  clientId: string | null
  source: FundingSource
  kind: NoticeKind
  happenedOn: CivilDate
  dueOn: CivilDate
  announcedOn: CivilDate | null
  toldAt: Temporal.Instant | null
  toldBy: string | null
  toldHow: string | null
}

export type FundingLineTable = {
  id: string
  createdAt: Temporal.Instant
  sessionId: string
  enrolmentId: string | null
  clientId: string | null
  position: number
  source: FundingSource
  amountCents: number
  invoicedOn: CivilDate | null
  invoiceNumber: string | null
  paidOn: CivilDate | null
}
