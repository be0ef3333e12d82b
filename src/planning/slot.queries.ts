import { type Insertable, type Kysely, type SqlBool, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import type { SlotTable, SlotTrainerTable } from './planning.tables.ts'
import type { SlotRow } from './session.queries.ts'

export async function insertSlots(
  trx: Transaction<Database>,
  rows: readonly Insertable<SlotTable>[],
): Promise<SlotRow[]> {
  return trx.insertInto('slot').values(rows).returningAll().execute()
}

/** Writes the fields and counts the version up. */
export async function updateSlot(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<SlotTable>,
): Promise<SlotRow> {
  return trx
    .updateTable('slot')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function deleteSlot(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('slot').where('id', '=', id).execute()
}

export async function insertSlotTrainers(
  trx: Transaction<Database>,
  rows: readonly Insertable<SlotTrainerTable>[],
): Promise<void> {
  if (rows.length > 0) await trx.insertInto('slotTrainer').values(rows).execute()
}

export async function deleteSlotTrainers(trx: Transaction<Database>, slotId: string): Promise<void> {
  await trx.deleteFrom('slotTrainer').where('slotId', '=', slotId).execute()
}

/** Slots of which the ledger of attendance says something and that name no trainers of their own. */
export async function listRecordedSlotsOfAllTrainers(
  db: Kysely<Database>,
  sessionId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('slot')
    .select('slot.id')
    .where('slot.sessionId', '=', sessionId)
    .where(
      sql<SqlBool>`exists (select from attendance_event where slot_id = slot.id)
        and not exists (select from slot_trainer where slot_id = slot.id)`,
    )
    .orderBy('slot.id')
    .execute()
  return rows.map((row) => row.id)
}

/** Whether a slot whose attendance is sealed has no value of its own there, so that it shows the session's. */
export async function sealedSlotGoesBy(
  db: Kysely<Database>,
  sessionId: string,
  column: 'modality' | 'place',
): Promise<boolean> {
  const row = await db
    .selectFrom('slot')
    .innerJoin('slotSeal', 'slotSeal.slotId', 'slot.id')
    .select('slot.id')
    .where('slot.sessionId', '=', sessionId)
    .where(`slot.${column}`, 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Who teaches in each slot of a session, its own trainers or the session's, in the session's order. */
export async function listSlotTrainers(
  db: Kysely<Database>,
  sessionId: string,
): Promise<{ slotId: string; personId: string }[]> {
  return db
    .selectFrom('slotEngagement')
    .innerJoin('trainerAssignment', (join) =>
      join
        .onRef('trainerAssignment.sessionId', '=', 'slotEngagement.sessionId')
        .onRef('trainerAssignment.personId', '=', 'slotEngagement.personId'),
    )
    .select(['slotEngagement.slotId', 'slotEngagement.personId'])
    .where('slotEngagement.sessionId', '=', sessionId)
    .orderBy('trainerAssignment.position')
    .execute()
}
