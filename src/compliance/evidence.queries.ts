import { type Kysely, sql } from 'kysely'
import type { Database } from '../database.ts'

export async function findOrganisationId(db: Kysely<Database>): Promise<string | undefined> {
  return (await db.selectFrom('organisation').select('id').executeTakeFirst())?.id
}

/** By session: the hash of its event of this sequence, if there is one, and the session's reference. */
export async function findLinks(
  db: Kysely<Database>,
  heads: readonly { sessionId: string; sequence: number }[],
): Promise<Map<string, { hash: string | null; reference: string | null }>> {
  const { rows } = await sql<{ sessionId: string; hash: string | null; reference: string | null }>`
    select wanted.session_id, event.hash, session.reference
    from unnest(${heads.map((head) => head.sessionId)}::uuid[], ${heads.map((head) => head.sequence)}::bigint[])
      as wanted (session_id, sequence)
    left join attendance_event event using (session_id, sequence)
    left join training_session session on session.id = wanted.session_id`.execute(db)
  return new Map(rows.map(({ sessionId, ...link }) => [sessionId, link]))
}

/** The hash of this event of the ledger of documents. */
export async function findDocumentLink(db: Kysely<Database>, sequence: number): Promise<string | undefined> {
  const event = await db
    .selectFrom('documentEvent')
    .select('hash')
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  return event?.hash
}

/** By kind and year, `certificate 2026`. */
export async function lastNumbers(db: Kysely<Database>): Promise<Map<string, number>> {
  const rows = await db.selectFrom('documentNumber').selectAll().execute()
  return new Map(rows.map(({ kind, year, lastNumber }) => [`${kind} ${year}`, lastNumber]))
}
