import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { SingleUseTokenTable } from '../people.tables.ts'
import type { LinkKind } from './sign-in.schema.ts'

type SingleUseToken = Selectable<SingleUseTokenTable>

export async function insertLink(
  trx: Transaction<Database>,
  row: Insertable<SingleUseTokenTable>,
): Promise<void> {
  await trx.insertInto('singleUseToken').values(row).execute()
}

/** Ends what would still work: of one kind, or of every kind. The set-up link belongs to no account (null). */
export async function endLinks(
  trx: Transaction<Database>,
  accountId: string | null,
  now: Temporal.Instant,
  kind?: LinkKind,
): Promise<void> {
  await trx
    .updateTable('singleUseToken')
    .set({ endedAt: now })
    .where('accountId', accountId === null ? 'is' : '=', accountId)
    .where('usedAt', 'is', null)
    .where('endedAt', 'is', null)
    .$if(kind !== undefined, (links) => links.where('kind', '=', kind ?? 'setup'))
    .execute()
}

/** The link of this token while it would work; it is not taken. */
export async function findLink(
  db: Kysely<Database>,
  kind: LinkKind,
  tokenHash: string,
  now: Temporal.Instant,
): Promise<SingleUseToken | undefined> {
  return db
    .selectFrom('singleUseToken')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .where('kind', '=', kind)
    .where('usedAt', 'is', null)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
}

/** Uses the token up, if it still works: one statement, so that of many at once one gets it. */
export async function takeLink(
  trx: Transaction<Database>,
  kind: LinkKind,
  tokenHash: string,
  now: Temporal.Instant,
): Promise<SingleUseToken | undefined> {
  return trx
    .updateTable('singleUseToken')
    .set({ usedAt: now })
    .where('tokenHash', '=', tokenHash)
    .where('kind', '=', kind)
    .where('usedAt', 'is', null)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returningAll()
    .executeTakeFirst()
}

/** Locks a link that waits to be mailed or mailed again. */
export async function lockLiveLink(
  trx: Transaction<Database>,
  id: string,
): Promise<SingleUseToken | undefined> {
  return trx
    .selectFrom('singleUseToken')
    .selectAll()
    .where('id', '=', id)
    .where('usedAt', 'is', null)
    .where('endedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

/** Gives a link another token, and the time to use it in. */
export async function setLinkToken(
  trx: Transaction<Database>,
  id: string,
  tokenHash: string,
  expiresAt: Temporal.Instant,
): Promise<void> {
  await trx.updateTable('singleUseToken').set({ tokenHash, expiresAt }).where('id', '=', id).execute()
}

/** Links that have not worked since then: until then one that waits to be mailed may work again. */
export async function deleteOldLinks(db: Kysely<Database>, before: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('singleUseToken')
    .where('createdAt', '<', before)
    .where((eb) =>
      eb.or([eb('expiresAt', '<', before), eb('usedAt', '<', before), eb('endedAt', '<', before)]),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
