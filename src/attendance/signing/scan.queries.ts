import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import type { AttendanceScanTable } from '../attendance.tables.ts'

export type Scan = Selectable<AttendanceScanTable> & { slotIds: string[] }

async function withSlots(
  db: Kysely<Database>,
  scan: Selectable<AttendanceScanTable> | undefined,
): Promise<Scan | undefined> {
  if (!scan) return undefined
  const rows = await db
    .selectFrom('attendanceScanSlot as attached')
    .innerJoin('slot', 'slot.id', 'attached.slotId')
    .select('attached.slotId')
    .where('attached.scanId', '=', scan.id)
    .orderBy('slot.startsAt')
    .execute()
  return { ...scan, slotIds: rows.map(({ slotId }) => slotId) }
}

/** With its half-days in the order of time. */
export async function findScan(db: Kysely<Database>, id: string): Promise<Scan | undefined> {
  const scan = db.selectFrom('attendanceScan').selectAll().where('id', '=', id)
  return withSlots(db, await scan.executeTakeFirst())
}

/** The scan of a session that is this file. */
export async function findScanOfFile(
  db: Kysely<Database>,
  sessionId: string,
  sha256: string,
): Promise<Scan | undefined> {
  const scan = db
    .selectFrom('attendanceScan')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('sha256', '=', sha256)
  return withSlots(db, await scan.executeTakeFirst())
}

export async function insertScan(
  trx: Transaction<Database>,
  { slotIds, ...row }: Insertable<AttendanceScanTable> & { slotIds: readonly string[] },
): Promise<void> {
  await trx.insertInto('attendanceScan').values(row).execute()
  await trx
    .insertInto('attendanceScanSlot')
    .values(slotIds.map((slotId) => ({ scanId: row.id, slotId })))
    .execute()
}

/** Of these half-days, with whether each is sealed. */
export async function listSlotsWithSeals(db: Kysely<Database>, slotIds: readonly string[]) {
  return db
    .selectFrom('slot')
    .leftJoin('slotSeal as seal', 'seal.slotId', 'slot.id')
    .selectAll('slot')
    .select('seal.sealedAt')
    .where('slot.id', '=', anyOf(slotIds))
    .execute()
}
