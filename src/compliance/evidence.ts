/** Proves the evidence of a whole database: every chain, every hash, every stored document, every reference. */
import type { Kysely } from 'kysely'
import { verifyCheckpoints } from '../attendance/ledger/ledger-checkpoint-verification.ts'
import type { VerifiedKeys } from '../attendance/ledger/ledger-key.ts'
import { readKeys } from '../attendance/ledger/ledger-signatories.ts'
import type { HandedOut } from '../attendance/ledger/ledger-statement.ts'
import { verifyHandedOut } from '../attendance/ledger/ledger-statement-verification.ts'
import { type VerifiedLedgers, verifyLedgers } from '../attendance/ledger/ledger-verification.ts'
import { type VerifiedDocuments, verifyDocuments } from '../certification/document-verification.ts'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { verifyReferences, verifyTriggers } from '../platform/db/integrity.ts'
import { speakPlainly } from '../platform/db/plain-values.ts'
import { verifyFiles } from '../platform/files/file-verification.ts'

/** How many of each were looked at. */
export type VerifiedEvidence = VerifiedLedgers &
  VerifiedDocuments & {
    files: number
    references: number
    triggers: number
    checkpoints: number
    keys: number
    /** Whether a key kept outside of the database, or a statement handed out, vouches for those in it. */
    areKeysVouchedFor: boolean
    /** Keys that took the place of one that was lost, which could not introduce them. */
    keysAfterLoss: readonly string[]
  }

/** What is known from outside of the database, which who alters it cannot reach. */
export type Outside = {
  /** The ids of the private keys that are kept here. */
  heldKeys?: readonly string[]
  /** Checkpoints and receipts that were handed out. */
  handedOut?: readonly HandedOut[]
}

/**
 * In the caller's transaction, a snapshot unless nobody else can write, and in flat memory. Whoever can write every table
 * can also cut off the end of a chain with all that it led to and the audit of it: only a comparison with what was handed
 * out since, or with a backup (`verifySinceBackup`), finds that. Part of other verbs, which authorise.
 */
export async function verifyEvidence(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (what: string) => void = () => {},
  { heldKeys = [], handedOut = [] }: Outside = {},
): Promise<VerifiedEvidence> {
  await speakPlainly(db)
  onProgress('references')
  const references = await verifyReferences(db, onAlteration)
  const triggers = await verifyTriggers(db, onAlteration)
  const known = [...heldKeys, ...handedOut.map(({ statement }) => statement.keyId)]
  const keys = await readKeys(db, known)
  tellOfKeys(keys, onAlteration)
  const checkpoints = await verifyCheckpoints(db, keys, onAlteration)
  await verifyHandedOut(db, keys, handedOut, onAlteration)
  const ledgers = await verifyLedgers(db, keys, onAlteration, (count) =>
    onProgress(`attendance: ${count} sessions`),
  )
  const documents = await verifyDocuments(db, onAlteration, (count) => onProgress(`documents: ${count}`))
  const files = await verifyFiles(db, onAlteration, (count) => onProgress(`files: ${count}`))
  return {
    ...{ ...ledgers, ...documents, files, references, triggers, checkpoints },
    keys: keys.line.length,
    areKeysVouchedFor: known.length > 0,
    keysAfterLoss: keys.afterLoss,
  }
}

function tellOfKeys({ faults }: VerifiedKeys, onAlteration: OnAlteration): void {
  for (const { keyId, code, detail } of faults)
    onAlteration({ kind: 'key', id: keyId, reference: null, code, sequence: null, detail })
}
