import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../../database.ts'
import type { JustificationTable } from '../attendance.tables.ts'

export type Justification = Selectable<JustificationTable> & { slotIds: string[] }

function justifications(db: Kysely<Database>) {
  return db
    .selectFrom('justification')
    .selectAll()
    .select(
      sql<string[]>`array(select slot_id::text from justification_slot join slot on slot.id = slot_id
        where justification_id = justification.id order by slot.starts_at)`.as('slotIds'),
    )
}

export async function findJustification(
  db: Kysely<Database>,
  id: string,
): Promise<Justification | undefined> {
  return justifications(db).where('id', '=', id).executeTakeFirst()
}

/** The newest first. */
export async function listJustifications(
  db: Kysely<Database>,
  enrolmentId: string,
): Promise<Justification[]> {
  return justifications(db)
    .where('enrolmentId', '=', enrolmentId)
    .orderBy('uploadedAt', 'desc')
    .orderBy('id')
    .execute()
}

export async function insertJustification(
  trx: Transaction<Database>,
  { slotIds, ...row }: Insertable<JustificationTable> & { slotIds: readonly string[] },
): Promise<void> {
  await trx.insertInto('justification').values(row).execute()
  await trx
    .insertInto('justificationSlot')
    .values(slotIds.map((slotId) => ({ justificationId: row.id, slotId })))
    .execute()
}

export async function updateJustification(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<JustificationTable>,
): Promise<void> {
  await trx.updateTable('justification').set(changes).where('id', '=', id).execute()
}
