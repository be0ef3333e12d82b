/** The half-days that stand in people's calendars, and those that stood there and are gone. */
import { type Insertable, type Kysely, type Selectable, type SqlBool, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { CalendarSession } from './calendar.ts'
import type { CalendarWithdrawalTable } from './planning.tables.ts'
import type { SlotRow } from './session.queries.ts'

/** The slots of these sessions and of those that the person is a trainer of, which end after the instant. */
export async function listSlotsWith(
  db: Kysely<Database>,
  { sessionIds, trainerPersonId }: { sessionIds: readonly string[]; trainerPersonId: string },
  endAfter: Temporal.Instant,
): Promise<(SlotRow & { isTaught: boolean })[]> {
  return db
    .selectFrom('slot')
    .selectAll('slot')
    .select(
      sql<boolean>`exists (select from slot_engagement taught
        where taught.slot_id = slot.id and taught.person_id = ${trainerPersonId})`.as('isTaught'),
    )
    .where('endsAt', '>', endAfter)
    .where(
      sql<SqlBool>`session_id in (select unnest(${[...sessionIds]}::uuid[])
        union select session_id from trainer_assignment where person_id = ${trainerPersonId})`,
    )
    .execute()
}

export async function listCalendarSessions(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<(CalendarSession & { id: string })[]> {
  return db
    .selectFrom('trainingSession as session')
    .innerJoin('trainingVersion as training', 'training.id', 'session.trainingVersionId')
    .select(['session.id', 'session.reference', 'session.timeZone', 'session.modality', 'session.place'])
    .select(['session.remoteUrl', 'session.status', 'session.version', 'session.updatedAt', 'training.title'])
    .where('session.id', '=', anyOf(ids))
    .execute()
}

/** Who teaches in each slot of these sessions, in the order in which they were named. */
export async function listTrainersOfSlots(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<{ slotId: string; firstName: string; lastName: string }[]> {
  return db
    .selectFrom('slotEngagement as taught')
    .innerJoin('person', 'person.id', 'taught.personId')
    .innerJoin('trainerAssignment as trainer', (join) =>
      join
        .onRef('trainer.sessionId', '=', 'taught.sessionId')
        .onRef('trainer.personId', '=', 'taught.personId'),
    )
    .select(['taught.slotId', 'person.firstName', 'person.lastName'])
    .where('taught.sessionId', '=', anyOf(sessionIds))
    .orderBy('trainer.position')
    .execute()
}

type Withdrawal = Selectable<CalendarWithdrawalTable>

/** Deleted slots of these sessions, and slots that the person, if one is named, no longer teaches; since the instant. */
export async function listWithdrawals(
  db: Kysely<Database>,
  { sessionIds, trainerPersonId }: { sessionIds: readonly string[]; trainerPersonId: string | null },
  since: Temporal.Instant,
): Promise<Withdrawal[]> {
  return db
    .selectFrom('calendarWithdrawal')
    .selectAll()
    .where('withdrawnAt', '>=', since)
    .where((eb) =>
      eb.or([
        eb.and([eb('sessionId', '=', anyOf(sessionIds)), eb('personId', 'is', null)]),
        eb('personId', '=', trainerPersonId),
      ]),
    )
    .execute()
}

/** What was withdrawn before is withdrawn anew. */
export async function upsertWithdrawals(
  trx: Transaction<Database>,
  rows: readonly Insertable<CalendarWithdrawalTable>[],
): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('calendarWithdrawal')
    .values(rows)
    .onConflict((conflict) =>
      conflict.constraint('calendar_withdrawal_once').doUpdateSet((eb) => ({
        startsAt: eb.ref('excluded.startsAt'),
        endsAt: eb.ref('excluded.endsAt'),
        revision: eb.ref('excluded.revision'),
        withdrawnAt: eb.ref('excluded.withdrawnAt'),
      })),
    )
    .execute()
}

type Taught = Pick<SlotRow, 'id' | 'startsAt' | 'endsAt'> & { personId: string; revision: number }

/** The slots of a session that these people teach now, with the revision that calendars know. */
export async function listTaught(
  db: Kysely<Database>,
  sessionId: string,
  personIds: readonly string[],
): Promise<Taught[]> {
  if (personIds.length === 0) return []
  return db
    .selectFrom('slotEngagement as taught')
    .innerJoin('slot', 'slot.id', 'taught.slotId')
    .innerJoin('trainingSession as session', 'session.id', 'slot.sessionId')
    .select(['slot.id', 'slot.startsAt', 'slot.endsAt', 'taught.personId'])
    .select(sql<number>`slot.version + session.version - 2`.as('revision'))
    .where('taught.sessionId', '=', sessionId)
    .where('taught.personId', '=', anyOf(personIds))
    .execute()
}

export async function deleteOldWithdrawals(db: Kysely<Database>, before: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('calendarWithdrawal')
    .where('withdrawnAt', '<', before)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
