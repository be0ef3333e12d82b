import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { CalendarFeedTable } from '../people.tables.ts'

/** Takes the place of the one before. */
export async function upsertCalendarFeed(
  trx: Transaction<Database>,
  row: Insertable<CalendarFeedTable>,
): Promise<void> {
  await trx
    .insertInto('calendarFeed')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('accountId').doUpdateSet({ tokenHash: row.tokenHash, createdAt: row.createdAt }),
    )
    .execute()
}

/** False where there was none. */
export async function deleteCalendarFeed(trx: Transaction<Database>, accountId: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('calendarFeed')
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** When the address that there is was made; undefined where there is none. */
export async function findCalendarFeedAge(
  db: Kysely<Database>,
  accountId: string,
): Promise<Temporal.Instant | undefined> {
  const row = await db
    .selectFrom('calendarFeed')
    .select('createdAt')
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return row?.createdAt
}

export async function findCalendarFeedOwner(
  db: Kysely<Database>,
  tokenHash: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('calendarFeed')
    .innerJoin('account', 'account.id', 'calendarFeed.accountId')
    .select('account.personId')
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
  return row?.personId
}
