/** Every slice's tables in one interface: types only, so that `platform/` may know it. */
import type {
  AttendanceEventTable,
  AttendanceMarkTable,
  AttendancePayloadTable,
  AttendanceScanSlotTable,
  AttendanceScanTable,
  AttendanceSignatureTable,
  AttendedTimeView,
  JustificationSlotTable,
  JustificationTable,
  LedgerHeadTable,
  LedgerKeyTable,
  SignatureWaiverTable,
  SlotSealTable,
  TrainerSignatureTable,
  UnfitMarkView,
} from './attendance/attendance.tables.ts'
import type {
  AttendanceDigestTable,
  AttendanceFindingTable,
  AttendanceReminderTable,
} from './attendance/follow-up/follow-up.tables.ts'
import type {
  LedgerCheckpointHeadTable,
  LedgerCheckpointTable,
} from './attendance/ledger/ledger-checkpoint.tables.ts'
import type {
  ActivityCompletionTable,
  AttendedLineView,
  ConnectionLogTable,
} from './attendance/remote/remote.tables.ts'
import type {
  SigningLinkTable,
  SlotCodeGuessTable,
  SlotCodeTable,
} from './attendance/signing/signing.tables.ts'
import type {
  CertificationTable,
  TrainingSearchTable,
  TrainingTable,
  TrainingVersionTable,
  TrainingWordTable,
} from './catalogue/catalogue.tables.ts'
import type {
  DocumentEventTable,
  DocumentHeadTable,
  DocumentNumberTable,
  IssuedDocumentTable,
} from './certification/certification.tables.ts'
import type { BpfInputTable } from './compliance/compliance.tables.ts'
import type {
  AccommodationNeedTable,
  EnrolmentTable,
  ExpectedAttendanceView,
  FunderNoticeTable,
  FundingLineTable,
  SessionSeatsView,
} from './enrolment/enrolment.tables.ts'
import type { ChapterTable, ClientTable, OrganisationTable } from './organisation/organisation.tables.ts'
import type {
  AccountTable,
  ApiTokenTable,
  CalendarFeedTable,
  LoginSessionTable,
  PersonTable,
  RoleGrantTable,
  SignInThrottleTable,
  SingleUseTokenTable,
} from './people/people.tables.ts'
import type {
  CalendarWithdrawalTable,
  SlotEngagementView,
  SlotTable,
  SlotTrainerTable,
  TrainerAssignmentTable,
  TrainingSessionTable,
} from './planning/planning.tables.ts'
import type { AuditEntryTable } from './platform/audit/audit.tables.ts'
import type { StoredFileTable } from './platform/files/files.tables.ts'
import type { IdempotencyKeyTable } from './platform/idempotency/idempotency.tables.ts'
import type { OutgoingMailTable } from './platform/mail/mail.tables.ts'

export type Database = {
  auditEntry: AuditEntryTable
  storedFile: StoredFileTable
  idempotencyKey: IdempotencyKeyTable
  outgoingMail: OutgoingMailTable
  organisation: OrganisationTable
  chapter: ChapterTable
  client: ClientTable
  person: PersonTable
  account: AccountTable
  roleGrant: RoleGrantTable
  loginSession: LoginSessionTable
  apiToken: ApiTokenTable
  singleUseToken: SingleUseTokenTable
  signInThrottle: SignInThrottleTable
  calendarFeed: CalendarFeedTable
  certification: CertificationTable
  training: TrainingTable
  trainingVersion: TrainingVersionTable
  trainingSearch: TrainingSearchTable
  trainingWord: TrainingWordTable
  trainingSession: TrainingSessionTable
  slot: SlotTable
  trainerAssignment: TrainerAssignmentTable
  slotTrainer: SlotTrainerTable
  slotEngagement: SlotEngagementView
  calendarWithdrawal: CalendarWithdrawalTable
  enrolment: EnrolmentTable
  expectedAttendance: ExpectedAttendanceView
  sessionSeats: SessionSeatsView
  accommodationNeed: AccommodationNeedTable
  fundingLine: FundingLineTable
  funderNotice: FunderNoticeTable
  ledgerHead: LedgerHeadTable
  attendanceEvent: AttendanceEventTable
  attendancePayload: AttendancePayloadTable
  attendanceMark: AttendanceMarkTable
  attendedTime: AttendedTimeView
  attendedLine: AttendedLineView
  connectionLog: ConnectionLogTable
  activityCompletion: ActivityCompletionTable
  ledgerKey: LedgerKeyTable
  ledgerCheckpoint: LedgerCheckpointTable
  ledgerCheckpointHead: LedgerCheckpointHeadTable
  attendanceScan: AttendanceScanTable
  attendanceScanSlot: AttendanceScanSlotTable
  attendanceSignature: AttendanceSignatureTable
  signatureWaiver: SignatureWaiverTable
  trainerSignature: TrainerSignatureTable
  slotSeal: SlotSealTable
  attendanceReminder: AttendanceReminderTable
  attendanceFinding: AttendanceFindingTable
  attendanceDigest: AttendanceDigestTable
  signingLink: SigningLinkTable
  slotCode: SlotCodeTable
  slotCodeGuess: SlotCodeGuessTable
  unfitMark: UnfitMarkView
  justification: JustificationTable
  justificationSlot: JustificationSlotTable
  documentNumber: DocumentNumberTable
  issuedDocument: IssuedDocumentTable
  documentEvent: DocumentEventTable
  documentHead: DocumentHeadTable
  bpfInput: BpfInputTable
}
