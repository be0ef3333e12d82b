/** Proves the evidence of a whole database: every chain, every hash, every stored document, every reference. */
import type { Kysely } from 'kysely'
import { type VerifiedLedgers, verifyLedgers } from '../attendance/ledger-verification.ts'
import { type VerifiedDocuments, verifyDocuments } from '../certification/document-verification.ts'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { verifyReferences, verifyTriggers } from '../platform/db/integrity.ts'
import { speakPlainly } from '../platform/db/plain-values.ts'
import { verifyFiles } from '../platform/files/file-verification.ts'

/** How many of each were looked at. */
export type VerifiedEvidence = VerifiedLedgers &
  VerifiedDocuments & { files: number; references: number; triggers: number }

/**
 * In the caller's transaction, a snapshot unless nobody else can write, and in flat memory. Whoever can write every table
 * can also rewrite a chain from its first event on, or cut off its end with its head: only a comparison with a backup
 * finds that (`verifySinceBackup`). Part of other verbs, which authorise.
 */
export async function verifyEvidence(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (what: string) => void = () => {},
): Promise<VerifiedEvidence> {
  await speakPlainly(db)
  onProgress('references')
  const references = await verifyReferences(db, onAlteration)
  const triggers = await verifyTriggers(db, onAlteration)
  const ledgers = await verifyLedgers(db, onAlteration, (count) =>
    onProgress(`attendance: ${count} sessions`),
  )
  const documents = await verifyDocuments(db, onAlteration, (count) => onProgress(`documents: ${count}`))
  const files = await verifyFiles(db, onAlteration, (count) => onProgress(`files: ${count}`))
  return { ...ledgers, ...documents, files, references, triggers }
}
