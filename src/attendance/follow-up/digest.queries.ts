import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'

export async function wasDigestSent(db: Kysely<Database>, day: string): Promise<boolean> {
  const row = await db
    .selectFrom('attendanceDigest')
    .select('sentOn')
    .where('sentOn', '=', day)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertDigest(
  trx: Transaction<Database>,
  digest: { sentOn: string; sentAt: Temporal.Instant },
): Promise<void> {
  await trx.insertInto('attendanceDigest').values(digest).execute()
}

export type NewFindings = { sessionId: string; reference: string; training: string; findings: number }

/** Notes that the admins are told today of what they did not know of; returns it by session. */
export async function announceFindings(trx: Transaction<Database>, day: string): Promise<NewFindings[]> {
  const { rows } = await sql<NewFindings>`
    with announced as (
      update attendance_finding set announced_on = ${day}
      where announced_on is null and dismissed_at is null
      returning session_id
    )
    select session.id as session_id, session.reference, training.title as training, count(*) as findings
    from announced
    join training_session session on session.id = announced.session_id
    join training_version training on training.id = session.training_version_id
    group by session.id, session.reference, training.title
    order by session.reference`.execute(trx)
  return rows
}

/** Who administers, by the address of their account. */
export async function listAdmins(
  db: Kysely<Database>,
): Promise<{ personId: string; email: string; firstName: string }[]> {
  return db
    .selectFrom('account')
    .innerJoin('person', 'person.id', 'account.personId')
    .select(['account.personId', 'account.email', 'person.firstName'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('roleGrant')
          .select('roleGrant.id')
          .whereRef('roleGrant.accountId', '=', 'account.id')
          .where('roleGrant.role', '=', 'admin'),
      ),
    )
    .orderBy('account.email')
    .execute()
}
