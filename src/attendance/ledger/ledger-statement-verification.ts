/** Compares the ledgers with what was handed out of them: this also finds what who holds database and key rewrote. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import type { OnAlteration } from '../../platform/alteration.ts'
import { isUuid } from '../../platform/ids.ts'
import type { SessionHead } from './ledger-checkpoint.ts'
import { compareDocuments, cutOrRewritten, ofCheckpoint } from './ledger-checkpoint-verification.ts'
import type { VerifiedKeys } from './ledger-key.ts'
import { type CheckpointStatement, type HandedOut, hashOf, type SealStatement } from './ledger-statement.ts'

/**
 * In the caller's snapshot. The statements are genuine (`readStatements`). That the database agrees with itself is proved
 * elsewhere: here, that it says what it said when they were handed out.
 */
export async function verifyHandedOut(
  db: Kysely<Database>,
  keys: VerifiedKeys,
  handedOut: readonly HandedOut[],
  onAlteration: OnAlteration,
): Promise<void> {
  for (const { statement, heads } of handedOut) {
    if (!isOfLedger(keys, statement, onAlteration)) continue
    if (statement.kind === 'seal') await verifySeal(db, statement, onAlteration)
    else await verifyCheckpoint(db, statement, heads ?? [], onAlteration)
  }
}

/** Another first key, or a key that is not among those here any more: the keys were exchanged, or it is not ours. */
function isOfLedger(
  { line }: VerifiedKeys,
  { ledger, keyId }: HandedOut['statement'],
  onAlteration: OnAlteration,
): boolean {
  const missing = line[0]?.id !== ledger ? ledger : line.every(({ id }) => id !== keyId) ? keyId : undefined
  if (missing === undefined) return true
  const detail = `a statement was handed out that is signed with this key, which is not ${missing === ledger ? 'the first' : 'one'} here`
  onAlteration({
    kind: 'key',
    id: missing,
    reference: null,
    code: 'handed-out-by-another',
    sequence: null,
    detail,
  })
  return false
}

async function verifySeal(
  db: Kysely<Database>,
  { sessionId, sequence, hash }: SealStatement,
  onAlteration: OnAlteration,
): Promise<void> {
  const [event] = await findEvents(db, [{ sessionId, sequence, hash }])
  if (event?.found === hash) return
  const what = event?.found ? 'was rewritten' : 'is gone'
  onAlteration({
    ...{ kind: 'attendance', id: sessionId, reference: event?.reference ?? null, sequence },
    code: event?.found ? 'rewritten' : 'cut-off',
    detail: `the seal that a receipt was given for ${what}, or something before it`,
  })
}

async function verifyCheckpoint(
  db: Kysely<Database>,
  statement: CheckpointStatement,
  heads: readonly SessionHead[],
  onAlteration: OnAlteration,
): Promise<void> {
  const row = await db
    .selectFrom('ledgerCheckpoint')
    .select('hash')
    .where('sequence', '=', statement.sequence)
    .executeTakeFirst()
  if (row?.hash !== hashOf(statement)) {
    const detail = row
      ? 'it is not the one that was handed out, or one before it is not'
      : 'it was handed out, and is gone'
    onAlteration({ ...ofCheckpoint(statement.sequence), code: row ? 'rewritten' : 'cut-off', detail })
  }
  for (const event of await findEvents(db, heads)) {
    if (event.found === event.hash) continue
    const { sessionId, reference, sequence, found } = event
    const fault = cutOrRewritten(found, sequence, statement.sequence)
    onAlteration({ kind: 'attendance', id: sessionId, reference, sequence, ...fault })
  }
  if (statement.documents) await compareDocuments(db, statement.documents, statement.sequence, onAlteration)
}

/** The hashes of the events that stand now where these stood. */
async function findEvents(db: Kysely<Database>, heads: readonly SessionHead[]) {
  const known = heads.filter(({ sessionId }) => isUuid(sessionId))
  const { rows } = await sql<SessionHead & { found: string | null; reference: string | null }>`
    select wanted.*, event.hash as found, session.reference
    from unnest(${known.map((head) => head.sessionId)}::uuid[], ${known.map((head) => head.sequence)}::bigint[],
      ${known.map((head) => head.hash)}::text[]) as wanted (session_id, sequence, hash)
    left join attendance_event event using (session_id, sequence)
    left join training_session session on session.id = wanted.session_id`.execute(db)
  return rows
}
