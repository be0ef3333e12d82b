import type { Generated, GeneratedAlways } from 'kysely'
import type { CertificationLevel, Modality, Objective } from '../catalogue/catalogue.schema.ts'
import type { CivilDate, Entity } from '../platform/db/columns.ts'
import type {
  Approval,
  BpfScope,
  Engagement,
  HalfDay,
  SessionStatus,
  SlotModality,
  Subcontracting,
  Visibility,
} from './planning.schema.ts'

export type TrainingSessionTable = Entity & {
  reference: string
  trainingVersionId: string
  status: SessionStatus
  openedAt: Temporal.Instant | null
  statusReason: string | null
  timeZone: string
  modality: Modality
  chapterId: string | null
  place: string | null
  remoteUrl: string | null
  capacity: number
  minimumLearners: number | null
  approval: Approval
  visibility: Visibility
  privateClientId: string | null
  subcontracting: Subcontracting
  subcontractClientId: string | null
  bpfScope: BpfScope
  bpfScopeReason: string | null
  nsfCode: string | null
  objective: Objective | null
  certificationLevel: CertificationLevel | null
  firstSlotStartsAt: Temporal.Instant | null
  lastSlotEndsAt: Temporal.Instant | null
  lastWaitingPlace: Generated<number>
}

export type SlotTable = Entity & {
  sessionId: string
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  heldOn: CivilDate
  halfDay: HalfDay
  durationMinutes: GeneratedAlways<number>
  topic: string | null
  modality: SlotModality | null
  place: string | null
  cancelledAt: Temporal.Instant | null
  cancelledReason: string | null
}

export type TrainerAssignmentTable = {
  id: string
  sessionId: string
  personId: string
  engagement: Engagement
  position: number
}

export type SlotTrainerTable = {
  slotId: string
  assignmentId: string
}

/** Half-days that stood in calendars and are gone. */
export type CalendarWithdrawalTable = {
  id: string
  sessionId: string
  slotId: string
  /** The trainer who no longer teaches it; null where the slot is deleted. */
  personId: string | null
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  revision: number
  withdrawnAt: Temporal.Instant
}

/** View: the trainers of every slot, its own or the session's. */
export type SlotEngagementView = {
  slotId: GeneratedAlways<string>
  sessionId: GeneratedAlways<string>
  personId: GeneratedAlways<string>
  engagement: GeneratedAlways<Engagement>
}
