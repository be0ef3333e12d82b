import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../../database.ts'

export async function findCodeSecret(db: Kysely<Database>, slotId: string): Promise<string | undefined> {
  const row = await db.selectFrom('slotCode').select('secret').where('slotId', '=', slotId).executeTakeFirst()
  return row?.secret
}

/** False when somebody else has made one meanwhile. */
export async function insertCodeSecret(
  trx: Transaction<Database>,
  row: { slotId: string; secret: string; createdAt: Temporal.Instant },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await trx
    .insertInto('slotCode')
    .values(row)
    .onConflict((conflict) => conflict.column('slotId').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows > 0n
}

/** The secret of a half-day, and until when the wrong codes of a learner still count. */
export async function findSecretAndGuesses(
  db: Kysely<Database>,
  { slotId, enrolmentId }: { slotId: string; enrolmentId: string },
): Promise<{ secret: string; drainedAt: Temporal.Instant | null } | undefined> {
  return db
    .selectFrom('slotCode')
    .leftJoin('slotCodeGuess as guess', (join) =>
      join.onRef('guess.slotId', '=', 'slotCode.slotId').on('guess.enrolmentId', '=', enrolmentId),
    )
    .select(['slotCode.secret', 'guess.drainedAt'])
    .where('slotCode.slotId', '=', slotId)
    .executeTakeFirst()
}

export async function writeGuesses(
  trx: Transaction<Database>,
  row: { slotId: string; enrolmentId: string; drainedAt: Temporal.Instant },
): Promise<void> {
  await trx
    .insertInto('slotCodeGuess')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['slotId', 'enrolmentId'])
        .doUpdateSet((eb) => ({ drainedAt: eb.ref('excluded.drainedAt') })),
    )
    .execute()
}

/** Buckets that were empty before then. */
export async function deleteDrainedGuesses(db: Kysely<Database>, before: Temporal.Instant): Promise<void> {
  await db.deleteFrom('slotCodeGuess').where('drainedAt', '<', before).execute()
}
