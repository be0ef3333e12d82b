import type { Generated, GeneratedAlways } from 'kysely'
import type { CivilDate, Entity, Json } from '../platform/db/columns.ts'
import type { EnrolmentStatus, FundingSource, TraineeType } from './enrolment.schema.ts'

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
  answers: Json<Record<string, string | number | boolean>> | null
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
