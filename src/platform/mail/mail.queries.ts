import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../../database.ts'
import { inBatches } from '../db/batches.ts'
import { olderThan, type Page, type PageQuery, toPage } from '../http/pagination.ts'
import type { MailState } from './mail.schema.ts'
import type { OutgoingMailTable } from './mail.tables.ts'

export type Mail = Selectable<OutgoingMailTable>

export async function insertMails(
  trx: Transaction<Database>,
  rows: readonly Insertable<OutgoingMailTable>[],
): Promise<void> {
  for (const batch of inBatches(rows, 9)) await trx.insertInto('outgoingMail').values(batch).execute()
}

export async function lockMail(trx: Transaction<Database>, id: string): Promise<Mail | undefined> {
  return trx.selectFrom('outgoingMail').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Writes the fields and counts the version up. */
export async function updateMail(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<OutgoingMailTable>,
): Promise<Mail> {
  return trx
    .updateTable('outgoingMail')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The newest first, then id. */
export async function listMails(
  db: Kysely<Database>,
  query: PageQuery & { state?: MailState | undefined },
): Promise<Page<Mail>> {
  const { state } = query
  const rows = await db
    .selectFrom('outgoingMail')
    .selectAll()
    .where((eb) => (state === undefined ? eb.lit(true) : eb('state', '=', state)))
    .where(olderThan(query.cursor))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}

/** Settles as unknown what has been in the middle of being sent since before `until`: its process must have died. */
export async function giveUpInterrupted(
  db: Kysely<Database>,
  until: Temporal.Instant,
  now: Temporal.Instant,
): Promise<void> {
  await settling(db, { state: 'unknown', errorCode: 'mail/interrupted', updatedAt: now })
    .where('state', '=', 'sending')
    .where('lastAttemptAt', '<', until)
    .execute()
}

/** Settles as failed what was queued before `until` and has no job left, so that nothing would ever send it. */
export async function failJobless(
  db: Kysely<Database>,
  until: Temporal.Instant,
  now: Temporal.Instant,
): Promise<void> {
  await settling(db, { state: 'failed', errorCode: 'mail/job-lost', updatedAt: now })
    .where('state', '=', 'queued')
    .where('updatedAt', '<', until)
    .where(
      sql<boolean>`not exists (
        select from jobs.job where job.name = 'mail' and job.id = outgoing_mail.id and job.state < 'completed')`,
    )
    .execute()
}

/**
 * Mails that waited when a backup was made may have gone out since, and must not go out twice: nobody knows what became
 * of them, and an admin who does can send them again. Returns how many there were.
 */
export async function giveUpRestored(trx: Transaction<Database>, now: Temporal.Instant): Promise<number> {
  const { numUpdatedRows } = await settling(trx, {
    state: 'unknown',
    errorCode: 'mail/restored',
    updatedAt: now,
  })
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

function settling(db: Kysely<Database>, outcome: Updateable<OutgoingMailTable>) {
  return db.updateTable('outgoingMail').set(outcome).set('version', sql`version + 1`)
}

/** Forgets to whom mails went that were settled before `until`, and what they said. */
export async function forgetPeople(db: Kysely<Database>, until: Temporal.Instant): Promise<void> {
  await db
    .updateTable('outgoingMail')
    .set({ address: null, data: '{}' })
    .where('address', 'is not', null)
    .where('updatedAt', '<', until)
    .where('state', 'not in', ['queued', 'sending'])
    .execute()
}

/** How many are in each state; those that were sent or came too late are history, and not counted. */
export async function countMails(
  db: Kysely<Database>,
): Promise<{ state: 'queued' | 'sending' | 'failed' | 'unknown'; count: number }[]> {
  const rows = await db
    .selectFrom('outgoingMail')
    .select(['state', sql<number>`count(*)`.as('count')])
    .where('state', 'in', ['queued', 'sending', 'failed', 'unknown'])
    .groupBy('state')
    .execute()
  return (['queued', 'sending', 'failed', 'unknown'] as const).map((state) => ({
    state,
    count: rows.find((row) => row.state === state)?.count ?? 0,
  }))
}
