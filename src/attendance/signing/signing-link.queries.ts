import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { SigningLinkTable } from './signing.tables.ts'

export async function insertLink(
  trx: Transaction<Database>,
  row: Insertable<SigningLinkTable>,
): Promise<void> {
  await trx.insertInto('signingLink').values(row).execute()
}

/** With all that decides whether it works. */
function links(db: Kysely<Database>) {
  return db
    .selectFrom('signingLink as link')
    .innerJoin('enrolment', 'enrolment.id', 'link.enrolmentId')
    .innerJoin('trainingSession as session', 'session.id', 'enrolment.sessionId')
    .selectAll('link')
    .select([
      'enrolment.status as enrolmentStatus',
      'enrolment.sessionId',
      'enrolment.personId',
      'session.status as sessionStatus',
      'session.lastSlotEndsAt',
    ])
}
export type LinkWithSession = NonNullable<Awaited<ReturnType<typeof findLink>>>

export async function findLink(db: Kysely<Database>, tokenHash: string) {
  return links(db).where('link.tokenHash', '=', tokenHash).executeTakeFirst()
}

/** A link that waits to be mailed, or to be mailed again. */
export async function lockLink(trx: Transaction<Database>, id: string): Promise<LinkWithSession | undefined> {
  return links(trx).where('link.id', '=', id).forNoKeyUpdate('link').executeTakeFirst()
}

export async function setLinkToken(trx: Transaction<Database>, id: string, tokenHash: string): Promise<void> {
  await trx.updateTable('signingLink').set({ tokenHash }).where('id', '=', id).execute()
}

/** Every link of an enrolment that is not revoked yet; returns how many. */
export async function revokeLinks(
  trx: Transaction<Database>,
  enrolmentId: string,
  now: Temporal.Instant,
): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('signingLink')
    .set({ revokedAt: now })
    .where('enrolmentId', '=', enrolmentId)
    .where('revokedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}
