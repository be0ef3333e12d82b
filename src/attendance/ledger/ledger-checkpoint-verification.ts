/** Proves the checkpoints: their chain, their signatures, and that the ledgers still say what each of them says. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import type { Alteration, OnAlteration } from '../../platform/alteration.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import type { Link } from './ledger.ts'
import * as queries from './ledger-checkpoint.queries.ts'
import {
  isSignedCheckpoint,
  noCheckpoint,
  readCheckpoint,
  rootOf,
  type SessionHead,
} from './ledger-checkpoint.ts'
import type { VerifiedKeys } from './ledger-key.ts'

const atOnce = 100

/** In the caller's snapshot; returns how many there are. Everything that is wrong is named. */
export async function verifyCheckpoints(
  db: Kysely<Database>,
  keys: VerifiedKeys,
  onAlteration: OnAlteration,
): Promise<number> {
  const count = await verifyRows(db, keys, onAlteration)
  await verifyStatedHeads(db, onAlteration)
  for (const head of await queries.listMiscoveredHeads(db)) {
    const { coveredSequence, found } = head
    const detail = `the head says that a checkpoint covers event ${coveredSequence}, the last that does covers ${found ?? 'none'}`
    onAlteration({ ...ofSession(head), code: 'wrong-cover', sequence: null, detail })
  }
  return count
}

async function verifyRows(
  db: Kysely<Database>,
  keys: VerifiedKeys,
  onAlteration: OnAlteration,
): Promise<number> {
  const unopened = new Set(keys.line.map(({ id }) => id))
  let last: Link = noCheckpoint
  let reign = 0
  let count = 0
  for (;;) {
    const rows = await queries.listCheckpoints(db, count === 0 ? -1 : last.sequence, atOnce)
    for (const row of rows) {
      const heads = await queries.listCheckpointHeads(db, row.sequence)
      const inLine = keys.line.findIndex(({ id }) => id === row.keyId)
      const fault = faultOfRow(last, row, keys, heads) ?? faultOfReign(reign, inLine, row.keyId)
      if (fault) onAlteration({ ...ofCheckpoint(row.sequence), ...fault })
      await verifyDocumentHead(db, row, onAlteration)
      unopened.delete(row.keyId)
      reign = Math.max(reign, inLine)
      last = row
      count++
    }
    if (rows.length < atOnce) break
  }
  for (const id of unopened) {
    const detail = `the checkpoint that key ${id} opened with is gone`
    onAlteration({ ...ofCheckpoint(last.sequence + 1), code: 'missing', detail })
  }
  await verifyAudited(db, last.sequence, onAlteration)
  return count
}

type Fault = { code: string; detail: string }

function faultOfRow(
  last: Link,
  row: queries.CheckpointRow,
  { believed }: VerifiedKeys,
  heads: readonly SessionHead[],
): Fault | undefined {
  const stated = readCheckpoint(row.body)
  if (row.sequence !== last.sequence + 1)
    return { code: 'sequence-gap', detail: `checkpoint ${row.sequence} follows ${last.sequence}` }
  if (row.hash !== sha256Hex(row.body)) return { code: 'wrong-hash', detail: 'it is not what was hashed' }
  if (!stated) return { code: 'unreadable-body', detail: 'it states nothing that can be read' }
  if (row.previousHash !== last.hash)
    return { code: 'broken-link', detail: 'it does not continue the one before' }
  const column = differingColumn(row, stated)
  if (column) return { code: 'column-differs', detail: `${column} differs from its body` }
  const isOfKey = believed.get(row.keyId) === stated.publicKey
  if (!isOfKey || !isSignedCheckpoint(stated, row.hash, row.signature))
    return { code: 'wrong-signature', detail: 'its signature is not of its key' }
  if (heads.length !== stated.heads.count || rootOf(heads) !== stated.heads.root)
    return { code: 'heads-differ', detail: 'the heads kept with it are not those it was signed over' }
  return undefined
}

/** A key that another has followed signs no checkpoint any more. */
function faultOfReign(reign: number, inLine: number, keyId: string): Fault | undefined {
  if (inLine >= reign) return undefined
  return { code: 'wrong-key', detail: `key ${keyId} had been followed by another` }
}

function differingColumn(
  row: queries.CheckpointRow,
  stated: NonNullable<ReturnType<typeof readCheckpoint>>,
): string | undefined {
  const columns = ['sequence', 'keyId', 'previousHash'] as const
  const differing = columns.find((column) => row[column] !== stated[column])
  if (differing) return differing
  return row.createdAt.toString() === stated.createdAt ? undefined : 'createdAt'
}

async function verifyDocumentHead(
  db: Kysely<Database>,
  row: queries.CheckpointRow,
  onAlteration: OnAlteration,
): Promise<void> {
  const documents = readCheckpoint(row.body)?.documents
  if (documents) await compareDocuments(db, documents, row.sequence, onAlteration)
}

/** The ledger of documents must still have the event that was its last when this checkpoint was made. */
export async function compareDocuments(
  db: Kysely<Database>,
  { sequence, hash }: Link,
  checkpoint: number,
  onAlteration: OnAlteration,
): Promise<void> {
  const found = await queries.findDocumentEventHash(db, sequence)
  if (found === hash) return
  const fault = cutOrRewritten(found ?? null, sequence, checkpoint)
  onAlteration({ kind: 'document', id: 'ledger', reference: null, sequence, ...fault })
}

/** The first checkpoint that a session no longer agrees with; what came after it follows. */
async function verifyStatedHeads(db: Kysely<Database>, onAlteration: OnAlteration): Promise<void> {
  for (const head of await queries.listDifferingHeads(db)) {
    const fault = cutOrRewritten(head.found, head.sequence, head.checkpointSequence)
    onAlteration({ ...ofSession(head), sequence: head.sequence, ...fault })
  }
}

export function cutOrRewritten(found: string | null, sequence: number, checkpoint: number): Fault {
  return found === null
    ? { code: 'cut-off', detail: `checkpoint ${checkpoint} has event ${sequence}, which is gone` }
    : { code: 'rewritten', detail: `events up to ${sequence} are not those of checkpoint ${checkpoint}` }
}

/** Ends that were cut off since the last checkpoint: the audit, which has no chain, still tells of them. */
async function verifyAudited(
  db: Kysely<Database>,
  lastCheckpoint: number,
  onAlteration: OnAlteration,
): Promise<void> {
  const audited = await queries.lastAuditedCheckpoint(db)
  if (audited > lastCheckpoint) {
    const detail = `the audit has checkpoint ${audited}, which is gone`
    onAlteration({ ...ofCheckpoint(audited), code: 'cut-off', detail })
  }
  for (const session of await queries.listAuditedBeyond(db)) {
    const detail = `the audit has event ${session.audited}, the last one is ${session.last}`
    onAlteration({ ...ofSession(session), code: 'cut-off', sequence: session.audited, detail })
  }
}

function ofSession(session: { sessionId: string; reference: string | null }) {
  return { kind: 'attendance', id: session.sessionId, reference: session.reference } as const
}

export function ofCheckpoint(number: number): Pick<Alteration, 'kind' | 'id' | 'reference' | 'sequence'> {
  return { kind: 'checkpoint', id: String(number), reference: null, sequence: null }
}
