import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { SignInThrottleTable } from '../people.tables.ts'

export type ThrottleRow = Selectable<SignInThrottleTable>

export async function findThrottles(
  db: Kysely<Database>,
  keyHashes: readonly string[],
): Promise<ThrottleRow[]> {
  return db
    .selectFrom('signInThrottle')
    .selectAll()
    .where('keyHash', 'in', [...keyHashes])
    .execute()
}

/**
 * Makes and locks a row for every key, in the order of the keys, so that two at once wait for one another and never in
 * a ring. A new row is an empty bucket.
 */
export async function claimThrottles(
  trx: Transaction<Database>,
  keyHashes: readonly string[],
  now: Temporal.Instant,
): Promise<ThrottleRow[]> {
  return trx
    .insertInto('signInThrottle')
    .values([...keyHashes].sort().map((keyHash) => ({ keyHash, drainedAt: now })))
    .onConflict((conflict) =>
      // Writes nothing new: it is what makes the conflict lock and return the row.
      conflict.column('keyHash').doUpdateSet((eb) => ({ keyHash: eb.ref('excluded.keyHash') })),
    )
    .returningAll()
    .execute()
}

/** Writes rows that are locked. */
export async function writeThrottles(
  trx: Transaction<Database>,
  rows: readonly ThrottleRow[],
): Promise<void> {
  await trx
    .insertInto('signInThrottle')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('keyHash').doUpdateSet((eb) => ({
        drainedAt: eb.ref('excluded.drainedAt'),
        admittedAt: eb.ref('excluded.admittedAt'),
      })),
    )
    .execute()
}

export async function deleteThrottle(trx: Transaction<Database>, keyHash: string): Promise<void> {
  await trx.deleteFrom('signInThrottle').where('keyHash', '=', keyHash).execute()
}

/** Buckets that were empty before then. */
export async function deleteDrainedThrottles(
  db: Kysely<Database>,
  before: Temporal.Instant,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('signInThrottle')
    .where('drainedAt', '<', before)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
