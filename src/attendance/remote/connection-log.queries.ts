import type { Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import { listSheetLearners } from '../attendance.queries.ts'
import type { Known, KnownLearner, Presence } from './connection-log.rules.ts'
import type { ConnectionMatch } from './connection-log.schema.ts'
import type { ConnectionLogTable } from './remote.tables.ts'

export type ConnectionLogRow = Selectable<ConnectionLogTable>

export type SheetLearner = KnownLearner & { name: string }

/** All who stand on the sheet, by name, with all they may be known by. */
export async function listKnownLearners(db: Kysely<Database>, sessionId: string): Promise<SheetLearner[]> {
  const learners = await listSheetLearners(db, sessionId)
  const known = await knownPeople(
    db,
    learners.map(({ personId }) => personId),
  )
  return learners.map(({ enrolmentId, personId, firstName, lastName }) => ({
    enrolmentId,
    name: `${firstName} ${lastName}`,
    ...(known.get(personId) ?? { names: [], emails: [] }),
  }))
}

/** The session's trainers. */
export async function listKnownTrainers(db: Kysely<Database>, sessionId: string): Promise<Known[]> {
  const trainers = await db
    .selectFrom('trainerAssignment')
    .select('personId')
    .where('sessionId', '=', sessionId)
    .execute()
  const known = await knownPeople(
    db,
    trainers.map(({ personId }) => personId),
  )
  return [...known.values()]
}

/** Names, with the one at birth, and addresses, with the one for signing in. */
async function knownPeople(db: Kysely<Database>, personIds: readonly string[]): Promise<Map<string, Known>> {
  const rows = await db
    .selectFrom('person')
    .leftJoin('account', 'account.personId', 'person.id')
    .select([
      'person.id',
      'firstName',
      'lastName',
      'birthName',
      'person.email',
      'account.email as signInEmail',
    ])
    .where('person.id', '=', anyOf(personIds))
    .execute()
  return new Map(
    rows.map(({ id, firstName, lastName, birthName, email, signInEmail }) => [
      id,
      {
        names: [`${firstName} ${lastName}`, ...(birthName ? [`${firstName} ${birthName}`] : [])],
        emails: [email, signInEmail].filter((address) => address !== null),
      },
    ]),
  )
}

/** In the order in which they came. */
export async function listLogs(db: Kysely<Database>, slotId: string): Promise<ConnectionLogRow[]> {
  return db
    .selectFrom('connectionLog')
    .selectAll()
    .where('slotId', '=', slotId)
    .orderBy('uploadedAt')
    .orderBy('id')
    .execute()
}

export async function findLog(db: Kysely<Database>, id: string): Promise<ConnectionLogRow | undefined> {
  return db.selectFrom('connectionLog').selectAll().where('id', '=', id).executeTakeFirst()
}

/** What all logs of a session prove. */
export async function listPresences(
  db: Kysely<Database>,
  sessionId: string,
): Promise<Pick<ConnectionLogRow, 'slotId' | 'presences'>[]> {
  return db
    .selectFrom('connectionLog')
    .select(['slotId', 'presences'])
    .where('sessionId', '=', sessionId)
    .execute()
}

export async function insertLog(
  trx: Transaction<Database>,
  log: Insertable<ConnectionLogTable>,
): Promise<void> {
  await trx.insertInto('connectionLog').values(log).execute()
}

/** Who is who by now, and the event that says so. */
export async function updateMatches(
  trx: Transaction<Database>,
  id: string,
  state: { matches: readonly ConnectionMatch[]; presences: readonly Presence[]; eventId: string },
): Promise<void> {
  await trx
    .updateTable('connectionLog')
    .set({
      matches: JSON.stringify(state.matches),
      presences: JSON.stringify(state.presences),
      eventId: state.eventId,
    })
    .where('id', '=', id)
    .execute()
}
