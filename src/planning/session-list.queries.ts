/** The list of sessions, as far as the one who asks may see them. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'
import { cursorInstant, decodeCursor, type Page, toPage } from '../platform/http/pagination.ts'
import type { SessionsQuery } from './planning.schema.ts'
import { liveStatuses, type SessionRow } from './session.queries.ts'
import { seatsTaken } from './session-details.queries.ts'

/** Who sees everything, or only what is public, their own and their chapters'. */
export type Viewer = 'all' | { personId: string; chapterIds: readonly string[] }

export type ListedSession = SessionRow & { trainingId: string; title: string; seatsTaken: number }

/** By the start of the first slot, those without a slot last, then by id; one statement, by the index on just that. */
export async function listSessions(
  db: Kysely<Database>,
  query: SessionsQuery,
  viewer: Viewer,
): Promise<Page<ListedSession>> {
  const { status, chapterId } = query
  const rows = await db
    .selectFrom('trainingSession')
    .innerJoin('trainingVersion', 'trainingVersion.id', 'trainingSession.trainingVersionId')
    .selectAll('trainingSession')
    .select(['trainingVersion.trainingId', 'trainingVersion.title', seatsTaken])
    .$call((sessions) => seenBy(sessions, viewer))
    .$if(status !== undefined, (sessions) => sessions.where('trainingSession.status', '=', status ?? 'open'))
    .$if(chapterId !== undefined, (sessions) =>
      sessions.where('trainingSession.chapterId', '=', chapterId ?? null),
    )
    .$call((sessions) => taughtBy(sessions, query.trainerPersonId))
    .$call((sessions) => heldBetween(sessions, query))
    .$call((sessions) => after(sessions, query.cursor))
    .orderBy(start)
    .orderBy('trainingSession.id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.firstSlotStartsAt?.toString() ?? '', row.id])
}

type Sessions<Row> = SelectQueryBuilder<Database, 'trainingSession' | 'trainingVersion', Row>

function seenBy<Row>(sessions: Sessions<Row>, viewer: Viewer): Sessions<Row> {
  if (viewer === 'all') return sessions
  return sessions.where((eb) =>
    eb.or([
      eb('trainingSession.visibility', '=', 'public').and('trainingSession.openedAt', 'is not', null),
      eb.exists(
        eb
          .selectFrom('person')
          .select('person.id')
          .where('person.id', '=', viewer.personId)
          .whereRef('person.employerClientId', '=', 'trainingSession.privateClientId')
          .where('trainingSession.openedAt', 'is not', null),
      ),
      eb('trainingSession.chapterId', '=', anyOf(viewer.chapterIds)),
      eb.exists(
        eb
          .selectFrom('trainerAssignment')
          .select('trainerAssignment.id')
          .whereRef('trainerAssignment.sessionId', '=', 'trainingSession.id')
          .where('trainerAssignment.personId', '=', viewer.personId),
      ),
      eb.exists(
        eb
          .selectFrom('enrolment')
          .select('enrolment.id')
          .whereRef('enrolment.sessionId', '=', 'trainingSession.id')
          .where('enrolment.personId', '=', viewer.personId)
          .where((eb) =>
            eb.or([
              eb('enrolment.status', 'in', [...liveStatuses]),
              eb('enrolment.cancelledWithSession', '=', true),
            ]),
          ),
      ),
    ]),
  )
}

function taughtBy<Row>(sessions: Sessions<Row>, personId: string | undefined): Sessions<Row> {
  if (personId === undefined) return sessions
  return sessions.where((eb) =>
    eb.exists(
      eb
        .selectFrom('trainerAssignment')
        .select('trainerAssignment.id')
        .whereRef('trainerAssignment.sessionId', '=', 'trainingSession.id')
        .where('trainerAssignment.personId', '=', personId),
    ),
  )
}

function heldBetween<Row>(
  sessions: Sessions<Row>,
  { from, to }: Pick<SessionsQuery, 'from' | 'to'>,
): Sessions<Row> {
  if (from === undefined && to === undefined) return sessions
  return (
    sessions
      // The span follows from the slots; saying it spares looking at the slots of all the other years.
      .$if(from !== undefined, (near) =>
        near.where('trainingSession.lastSlotEndsAt', '>=', dayBeside(from, -1)),
      )
      .$if(to !== undefined, (near) =>
        near.where('trainingSession.firstSlotStartsAt', '<=', dayBeside(to, 2)),
      )
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('slot')
            .select('slot.id')
            .whereRef('slot.sessionId', '=', 'trainingSession.id')
            .where('slot.cancelledAt', 'is', null)
            .$if(from !== undefined, (slots) => slots.where('slot.heldOn', '>=', from ?? ''))
            .$if(to !== undefined, (slots) => slots.where('slot.heldOn', '<=', to ?? '')),
        ),
      )
  )
}

/** An instant that lies beyond a civil date in every zone. */
function dayBeside(date: string | undefined, days: number): Temporal.Instant | null {
  if (date === undefined) return null
  return Temporal.PlainDate.from(date).add({ days }).toZonedDateTime('UTC').toInstant()
}

const start = sql`coalesce(training_session.first_slot_starts_at, 'infinity'::timestamptz)`

/** The cursor's instant is empty once the sessions without a slot are reached. */
function after<Row>(sessions: Sessions<Row>, cursor: string | undefined): Sessions<Row> {
  const position = decodeCursor(cursor, 2)
  if (!position) return sessions
  const [startsAt = '', id = ''] = position
  const instant = startsAt === '' ? 'infinity' : cursorInstant(startsAt).toString()
  return sessions.where(
    sql<boolean>`(${start}, training_session.id) > (${instant}::timestamptz, ${id}::uuid)`,
  )
}
