import { sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'

/**
 * Mails that waited when a backup was made may have gone out since, and must not go out twice: nobody knows what became
 * of them, and an admin who does can send them again. Returns how many there were.
 */
export async function settleRestoredMails(
  trx: Transaction<Database>,
  now: Temporal.Instant,
): Promise<number> {
  const settled = await trx
    .updateTable('outgoingMail')
    .set({ state: 'unknown', errorCode: 'mail/restored', updatedAt: now })
    .set('version', sql`version + 1`)
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirst()
  return Number(settled.numUpdatedRows)
}
