import type { Generated } from 'kysely'
import type { CertificateModel } from '../documents/certificate.model.ts'
import type { CivilDate, Entity, Json } from '../platform/db/columns.ts'

export type DocumentNumberTable = {
  kind: DocumentKind
  year: number
  lastNumber: number
}

export type DocumentKind = 'certificate'

export type IssuedDocumentTable = Entity & {
  kind: DocumentKind
  year: number
  number: number
  sessionId: string
  enrolmentId: string
  personId: string
  periodFrom: CivilDate | null
  periodTo: CivilDate | null
  /** What it says, frozen. */
  model: Json<CertificateModel>
  templateSource: string
  templateVersion: string
  attendedMinutes: number
  issuedAt: Temporal.Instant
  issuedBy: string | null
  verificationCode: string
  sha256: string | null
  revokedAt: Temporal.Instant | null
  revokedBy: string | null
  revokedReason: string | null
  replacedById: string | null
}

/** The ledger of issued documents: written by the database itself, at every insert and update. */
export type DocumentEventTable = {
  sequence: number
  documentId: string
  /** JSON of the columns that changed, as the text that was hashed. */
  body: string
  previousHash: string
  hash: string
}

export type DocumentHeadTable = {
  isTheOnlyOne: Generated<boolean>
  sequence: number
  hash: string
}
