/** What every verb asks that would change a half-day. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { sheetSealed } from '../attendance.problems.ts'
import { sealedAmong } from './sealing.queries.ts'

/** Throws 409 when one of these half-days is sealed; for the answer to hold, under their session's lock. */
export async function assertNotSealed(db: Kysely<Database>, slotIds: readonly string[]): Promise<void> {
  if ((await sealedAmong(db, slotIds)).size > 0) throw sheetSealed()
}
