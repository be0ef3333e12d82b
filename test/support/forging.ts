/**
 * Somebody who holds the database and the private keys writes a ledger anew, and every checkpoint with it, so that all of
 * it holds together again.
 */
import { type Kysely, sql, type Transaction } from 'kysely'
import { listEvents } from '../../src/attendance/ledger/ledger.queries.ts'
import {
  canonicalJson,
  genesis,
  type LedgerEvent,
  type Link,
  signedText,
} from '../../src/attendance/ledger/ledger.ts'
import {
  listCheckpointHeads,
  listCheckpoints,
  listHeadsOfSession,
} from '../../src/attendance/ledger/ledger-checkpoint.queries.ts'
import {
  chainCheckpoint,
  noCheckpoint,
  readCheckpoint,
} from '../../src/attendance/ledger/ledger-checkpoint.ts'
import type { Database } from '../../src/database.ts'
import { sha256Hex } from '../../src/platform/files/files.ts'
import type { Signer } from '../../src/platform/keyring.ts'

export type Body = Record<string, unknown>

/** Who signs in the place of a key. */
export type SignerOf = (keyId: string) => Signer

/** Past all triggers. `edit` changes what the events of the session state, leaves some out, adds some. */
export async function forge(
  trx: Transaction<Database>,
  signerOf: SignerOf,
  sessionId: string,
  edit: (bodies: Body[]) => Body[],
): Promise<void> {
  const events = await listEvents(trx, sessionId)
  const bodies = edit(events.map(({ body }) => JSON.parse(body)))
  /** Where the event stands now that was in this place, or the last one before it that is left. */
  const placeNow = (sequence: number) => {
    const before = new Set(events.slice(0, sequence).map(({ id }) => id))
    return bodies.findLastIndex(({ id }) => before.has(String(id))) + 1
  }
  const firstKey = events[0]?.keyId
  const ofFirstKey = placeNow(events.filter(({ keyId }) => keyId === firstKey).length)
  await trx.deleteFrom('attendanceEvent').where('sessionId', '=', sessionId).execute()
  const links = [genesis(sessionId)]
  for (const [index, stated] of bodies.entries()) {
    const sequence = index + 1
    const { hash: previousHash } = links[index] as Link
    const body = canonicalJson({ ...stated, sequence })
    const hash = sha256Hex(`${previousHash}\n${body}`)
    const original = events.find(({ kind }) => kind === stated.kind)
    const signer = signerOf((index < ofFirstKey ? firstKey : events.at(-1)?.keyId) ?? '')
    await trx
      .insertInto('attendanceEvent')
      .values({
        ...(original as LedgerEvent),
        ...{ id: String(stated.id), recordedAt: Temporal.Instant.from(String(stated.recordedAt)) },
        ...columnsIn(stated),
        ...{ sequence, body, previousHash, hash },
        ...{ keyId: signer.keyId, signature: signer.sign(signedText(hash)) },
      })
      .execute()
    links.push({ sequence, hash })
  }
  await trx
    .updateTable('ledgerHead')
    .set(links.at(-1) as Link)
    .where('sessionId', '=', sessionId)
    .execute()
  await sql`delete from audit_entry where subject_id = ${sessionId} and changes ? 'events'`.execute(trx)
  await forgeHeads(trx, sessionId, (sequence) => links[placeNow(sequence)] as Link)
  await signCheckpoints(trx, signerOf)
}

const columnsIn = ({ slotId, enrolmentId, clientId, recordedBy, payloadHash }: Body) =>
  ({
    slotId: slotId ?? null,
    enrolmentId: enrolmentId ?? null,
    clientId: clientId ?? null,
    recordedBy: recordedBy ?? null,
    payloadHash: payloadHash ?? null,
  }) as Pick<LedgerEvent, 'slotId' | 'enrolmentId' | 'clientId' | 'recordedBy' | 'payloadHash'>

/** Each checkpoint says of the session what it would have said. */
async function forgeHeads(
  trx: Transaction<Database>,
  sessionId: string,
  linkNow: (sequence: number) => Link,
): Promise<void> {
  for (const { checkpointSequence, sequence } of await listHeadsOfSession(trx, sessionId)) {
    const link = linkNow(sequence)
    await (link.sequence === 0
      ? sql`delete from ledger_checkpoint_head
          where session_id = ${sessionId} and checkpoint_sequence = ${checkpointSequence}`
      : sql`update ledger_checkpoint_head set sequence = ${link.sequence}, hash = ${link.hash}
          where session_id = ${sessionId} and checkpoint_sequence = ${checkpointSequence}`
    ).execute(trx)
  }
  await sql`
    update ledger_head set covered_sequence = coalesce(
      (select max(sequence) from ledger_checkpoint_head covered where covered.session_id = ledger_head.session_id), 0)
    where session_id = ${sessionId}`.execute(trx)
}

/** Chains and signs all checkpoints anew, over the heads that stand beside them. */
async function signCheckpoints(trx: Kysely<Database>, signerOf: SignerOf): Promise<void> {
  let last: { sequence: number; hash: string } = noCheckpoint
  for (const row of await listCheckpoints(trx, 0)) {
    const { ledger = '', createdAt = '', documents = null } = readCheckpoint(row.body) ?? {}
    const heads = await listCheckpointHeads(trx, row.sequence)
    const forged = chainCheckpoint({ ledger, createdAt, documents, last, heads }, signerOf(row.keyId))
    await sql`
      update ledger_checkpoint set body = ${forged.body}, previous_hash = ${forged.previousHash}, hash = ${forged.hash},
        signature = ${forged.signature}, key_id = ${forged.keyId}
      where sequence = ${row.sequence}`.execute(trx)
    last = forged
  }
}
