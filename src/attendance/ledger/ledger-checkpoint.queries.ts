import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { Link } from './ledger.ts'
import type { LedgerCheckpointTable } from './ledger-checkpoint.tables.ts'
import type { SessionHead } from './ledger-checkpoint.ts'

export type CheckpointRow = Selectable<LedgerCheckpointTable>

/** One checkpoint at a time; before the heads are locked, whoever does it. */
export async function lockCheckpoints(trx: Transaction<Database>): Promise<void> {
  await sql`lock table ledger_checkpoint in share row exclusive mode`.execute(trx)
}

/** Waits for whoever is recording, and lets nobody else begin until the end of the transaction. */
export async function lockAllHeads(trx: Transaction<Database>): Promise<void> {
  await sql`lock table ledger_head in share row exclusive mode`.execute(trx)
}

export async function findLastCheckpoint(db: Kysely<Database>): Promise<CheckpointRow | undefined> {
  return db.selectFrom('ledgerCheckpoint').selectAll().orderBy('sequence', 'desc').limit(1).executeTakeFirst()
}

/**
 * The heads that have moved since a checkpoint covered them. Those that somebody is moving now are left to the next
 * checkpoint: waiting for one while holding others would be a deadlock some day.
 */
export async function lockMovedHeads(trx: Transaction<Database>): Promise<SessionHead[]> {
  return trx
    .selectFrom('ledgerHead')
    .select(['sessionId', 'sequence', 'hash'])
    .whereRef('coveredSequence', '<', 'sequence')
    .orderBy('sessionId')
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function insertCheckpoint(
  trx: Transaction<Database>,
  row: Insertable<LedgerCheckpointTable>,
): Promise<void> {
  await trx.insertInto('ledgerCheckpoint').values(row).execute()
}

/** These heads, which are locked, are now covered as they stand. */
export async function coverHeads(
  trx: Transaction<Database>,
  checkpointSequence: number,
  sessionIds: readonly string[],
): Promise<void> {
  if (sessionIds.length === 0) return
  await trx
    .insertInto('ledgerCheckpointHead')
    .columns(['checkpointSequence', 'sessionId', 'sequence', 'hash'])
    .expression((eb) =>
      eb
        .selectFrom('ledgerHead')
        .select([
          sql<number>`${checkpointSequence}::bigint`.as('checkpointSequence'),
          'sessionId',
          'sequence',
          'hash',
        ])
        .where('sessionId', '=', anyOf(sessionIds)),
    )
    .execute()
  await trx
    .updateTable('ledgerHead')
    .set((eb) => ({ coveredSequence: eb.ref('sequence') }))
    .where('sessionId', '=', anyOf(sessionIds))
    .execute()
}

/** Where the ledger of documents stands; nothing before the first document. */
export async function findDocumentHead(db: Kysely<Database>): Promise<Link | undefined> {
  return db.selectFrom('documentHead').select(['sequence', 'hash']).executeTakeFirst()
}

/** In their order, some at a time or all. */
export async function listCheckpoints(
  db: Kysely<Database>,
  after: number,
  limit?: number,
): Promise<CheckpointRow[]> {
  return db
    .selectFrom('ledgerCheckpoint')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .$if(limit !== undefined, (rows) => rows.limit(limit ?? 0))
    .execute()
}

export async function findCheckpoint(
  db: Kysely<Database>,
  sequence: number,
): Promise<CheckpointRow | undefined> {
  return db.selectFrom('ledgerCheckpoint').selectAll().where('sequence', '=', sequence).executeTakeFirst()
}

/** What a checkpoint says of the sessions that had moved. */
export async function listCheckpointHeads(
  db: Kysely<Database>,
  checkpointSequence: number,
): Promise<SessionHead[]> {
  return db
    .selectFrom('ledgerCheckpointHead')
    .select(['sessionId', 'sequence', 'hash'])
    .where('checkpointSequence', '=', checkpointSequence)
    .orderBy('sessionId')
    .execute()
}

/** What checkpoints say of one session, the earliest first. */
export async function listHeadsOfSession(
  db: Kysely<Database>,
  sessionId: string,
): Promise<{ checkpointSequence: number; sequence: number; hash: string }[]> {
  return db
    .selectFrom('ledgerCheckpointHead')
    .select(['checkpointSequence', 'sequence', 'hash'])
    .where('sessionId', '=', sessionId)
    .orderBy('checkpointSequence')
    .execute()
}

/** The first checkpoint of each key: it opens the key's reign. By the key's id. */
export async function firstCheckpointOfKeys(db: Kysely<Database>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('ledgerCheckpoint')
    .select(['keyId', (eb) => eb.fn.min('sequence').as('sequence')])
    .groupBy('keyId')
    .execute()
  return new Map(rows.map(({ keyId, sequence }) => [keyId, sequence]))
}

/** Up to which event these checkpoints and all before them cover each of these sessions. */
export async function coveredSequences(
  db: Kysely<Database>,
  checkpoints: readonly number[],
  sessionIds: readonly string[],
): Promise<{ checkpoint: number; sessionId: string; sequence: number }[]> {
  if (checkpoints.length === 0) return []
  const { rows } = await sql<{ checkpoint: number; sessionId: string; sequence: number }>`
    select wanted.checkpoint, head.session_id, max(head.sequence) as sequence
    from unnest(${[...checkpoints]}::bigint[]) as wanted (checkpoint)
    join ledger_checkpoint_head head on head.checkpoint_sequence <= wanted.checkpoint
    where head.session_id = ${anyOf(sessionIds)}
    group by 1, 2`.execute(db)
  return rows
}

type DifferingHead = {
  checkpointSequence: number
  sessionId: string
  reference: string | null
  sequence: number
  /** Of the event that stands there now; null where there is none. */
  found: string | null
}

/** What checkpoints say of sessions and is not so any more. */
export async function listDifferingHeads(db: Kysely<Database>): Promise<DifferingHead[]> {
  const { rows } = await sql<DifferingHead>`
    select distinct on (head.session_id) head.checkpoint_sequence, head.session_id, session.reference, head.sequence,
      event.hash as found
    from ledger_checkpoint_head head
    left join attendance_event event on event.session_id = head.session_id and event.sequence = head.sequence
    left join training_session session on session.id = head.session_id
    where event.hash is distinct from head.hash
    order by head.session_id, head.checkpoint_sequence`.execute(db)
  return rows
}

type MiscoveredHead = {
  sessionId: string
  reference: string | null
  coveredSequence: number
  found: number | null
}

/** Sessions of which the head says that a checkpoint covers more or less than it does. */
export async function listMiscoveredHeads(db: Kysely<Database>): Promise<MiscoveredHead[]> {
  const { rows } = await sql<MiscoveredHead>`
    select head.session_id, session.reference, head.covered_sequence, covered.sequence as found
    from ledger_head head
    left join (select session_id, max(sequence) as sequence from ledger_checkpoint_head group by session_id) covered
      using (session_id)
    left join training_session session on session.id = head.session_id
    where head.covered_sequence <> coalesce(covered.sequence, 0)
    order by head.session_id`.execute(db)
  return rows
}

type AuditedBeyond = { sessionId: string; reference: string | null; audited: number; last: number }

/** Sessions of which the audit knows events behind the last one: their end was cut off. */
export async function listAuditedBeyond(db: Kysely<Database>): Promise<AuditedBeyond[]> {
  const { rows } = await sql<AuditedBeyond>`
    select audited.session_id, session.reference, audited.sequence as audited, coalesce(last.sequence, 0) as last
    from (
      select subject_id as session_id, max((changes -> 'events' ->> 1)::bigint) as sequence
      from audit_entry
      where subject_kind = 'session' and changes -> 'events' ->> 1 ~ '^[0-9]{1,15}$'
      group by subject_id
    ) audited
    left join (select session_id, max(sequence) as sequence from attendance_event group by session_id) last
      using (session_id)
    left join training_session session on session.id = audited.session_id
    where audited.sequence > coalesce(last.sequence, 0)
    order by 1`.execute(db)
  return rows
}

/** The last checkpoint that the audit knows of. */
export async function lastAuditedCheckpoint(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ sequence: number | null }>`
    select max((changes ->> 'sequence')::bigint) as sequence from audit_entry
    where action = 'ledger.checkpoint' and changes ->> 'sequence' ~ '^[0-9]{1,15}$'`.execute(db)
  return rows[0]?.sequence ?? 0
}

/** The hash of this event of the ledger of documents. */
export async function findDocumentEventHash(
  db: Kysely<Database>,
  sequence: number,
): Promise<string | undefined> {
  const event = await db
    .selectFrom('documentEvent')
    .select('hash')
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  return event?.hash
}
