import { type Insertable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { inBatches } from '../platform/db/batches.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { Person } from './people.queries.ts'
import type { AccountTable, PersonTable, RoleGrantTable } from './people.tables.ts'

export async function insertPeople(
  trx: Transaction<Database>,
  rows: readonly Insertable<PersonTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 10)) await trx.insertInto('person').values(batch).execute()
}

/** Writes persons that exist as these rows say. An insertion that always conflicts: one statement for all of them. */
export async function overwritePeople(trx: Transaction<Database>, rows: readonly Person[]): Promise<void> {
  for (const batch of inBatches(rows, 11)) {
    await trx
      .insertInto('person')
      .values(batch)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          version: sql<number>`person.version + 1`,
          updatedAt: eb.ref('excluded.updatedAt'),
          firstName: eb.ref('excluded.firstName'),
          lastName: eb.ref('excluded.lastName'),
          birthName: eb.ref('excluded.birthName'),
          email: eb.ref('excluded.email'),
          phone: eb.ref('excluded.phone'),
          chapterId: eb.ref('excluded.chapterId'),
          employerClientId: eb.ref('excluded.employerClientId'),
        })),
      )
      .execute()
  }
}

export async function insertAccounts(
  trx: Transaction<Database>,
  rows: readonly Insertable<AccountTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 6)) await trx.insertInto('account').values(batch).execute()
}

export async function insertRoleGrants(
  trx: Transaction<Database>,
  rows: readonly Insertable<RoleGrantTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 4)) await trx.insertInto('roleGrant').values(batch).execute()
}

/** Counts up the version of accounts whose grants have changed. */
export async function touchAccounts(
  trx: Transaction<Database>,
  ids: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('account')
    .set({ version: sql<number>`version + 1`, updatedAt: now })
    .where('id', '=', anyOf(ids))
    .execute()
}
