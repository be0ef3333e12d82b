import { type Kysely, sql } from 'kysely'
import type { Database } from '../database.ts'

/** Whether the ledger says anything of a slot, or a scanned sheet shows it. */
export async function isRecorded(db: Kysely<Database>, slotId: string): Promise<boolean> {
  const { rows } = await sql<{ isRecorded: boolean }>`
    select exists (select from attendance_event where slot_id = ${slotId})
      or exists (select from attendance_scan_slot where slot_id = ${slotId}) as is_recorded`.execute(db)
  return rows[0]?.isRecorded ?? false
}

/** When the first of the learners and trainers signed for a slot; undefined while nobody has. */
export async function firstSignedAt(
  db: Kysely<Database>,
  slotId: string,
): Promise<Temporal.Instant | undefined> {
  const { rows } = await sql<{ signedAt: Temporal.Instant }>`
    select signed_at from attendance_signature where slot_id = ${slotId}
    union all
    select signed_at from trainer_signature where slot_id = ${slotId}
    order by signed_at limit 1`.execute(db)
  return rows[0]?.signedAt
}
