/** The catalogue as anyone sees it: published programmes and the sessions to come. */
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Database } from '../database.ts'
import { decodeCursor, nearestPage, type Page, toPage } from '../platform/http/pagination.ts'
import {
  certificationObject,
  type Programme,
  programmeFields,
  type Summary,
  summaryFields,
} from './catalogue.queries.ts'
import type { CatalogueQuery, Modality } from './catalogue.schema.ts'
import type { TrainingTable } from './catalogue.tables.ts'
import { matchesTraining } from './training-search.ts'

export type NextSession = {
  id: string
  reference: string
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  timeZone: string
  modality: Modality
  chapterId: string | null
  place: string | null
  capacity: number
  seatsLeft: number
}

type PublishedTraining = Pick<Selectable<TrainingTable>, 'id' | 'code'> & {
  publishedVersion: number
  publishedAt: Temporal.Instant
}
type ListedTraining = PublishedTraining & Summary

export type CatalogueItem = ListedTraining & { sessions: NextSession[] }
export type CatalogueEntry = PublishedTraining & Programme & { sessions: NextSession[] }

function publishedTrainings(db: Kysely<Database>) {
  return db
    .selectFrom('training')
    .innerJoin('trainingVersion as published', (join) =>
      // It always is: said because the index on titles holds no others.
      join
        .onRef('published.id', '=', 'training.publishedVersionId')
        .on('published.publishedAt', 'is not', null),
    )
    .leftJoin('certification', 'certification.id', 'published.certificationId')
    .where('training.status', '=', 'published')
    .select(['training.id', 'training.code', 'published.number as publishedVersion'])
    .select((eb) => eb.ref('published.publishedAt').$notNull().as('publishedAt'))
    .select(certificationObject)
}

type Moment = { now: Temporal.Instant; chapterId?: string | undefined }

/** Open public sessions that have not started, of whatever version of their training; `held` is that version. */
function sessionsToCome(db: Kysely<Database>, { now, chapterId }: Moment) {
  return db
    .selectFrom('trainingSession')
    .innerJoin('trainingVersion as held', 'held.id', 'trainingSession.trainingVersionId')
    .where('held.trainingId', '=', sql.ref<string>('training.id'))
    .where('trainingSession.status', '=', 'open')
    .where('trainingSession.visibility', '=', 'public')
    .where('trainingSession.firstSlotStartsAt', '>', now)
    .$if(chapterId !== undefined, (sessions) =>
      sessions.where('trainingSession.chapterId', '=', chapterId ?? null),
    )
}

const seatsLeft = sql<number>`greatest(0, training_session.capacity - coalesce(
  (select taken from session_seats where session_seats.session_id = training_session.id), 0
))::integer`.as('seatsLeft')

/** The next sessions of each training, at most `most` each, in one statement. */
async function nextSessions(
  db: Kysely<Database>,
  trainingIds: string[],
  moment: Moment,
  most: number,
): Promise<Map<string, NextSession[]>> {
  if (trainingIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('training')
    .innerJoinLateral(
      sessionsToCome(db, moment)
        .select(['trainingSession.id', 'reference', 'timeZone', 'trainingSession.modality'])
        .select(['chapterId', 'place', 'capacity', seatsLeft])
        .select((eb) => eb.ref('firstSlotStartsAt').$notNull().as('startsAt'))
        .select((eb) => eb.ref('lastSlotEndsAt').$notNull().as('endsAt'))
        .orderBy('firstSlotStartsAt')
        .orderBy('trainingSession.id')
        .limit(most)
        .as('next'),
      (join) => join.onTrue(),
    )
    .selectAll('next')
    .select('training.id as trainingId')
    .where('training.id', 'in', trainingIds)
    .orderBy('next.startsAt')
    .orderBy('next.id')
    .execute()
  return Map.groupBy(rows, (row) => row.trainingId)
}

async function withSessions<Row extends PublishedTraining>(
  db: Kysely<Database>,
  rows: Row[],
  moment: Moment,
  most: number,
): Promise<(Row & { sessions: NextSession[] })[]> {
  const sessions = await nextSessions(
    db,
    rows.map((row) => row.id),
    moment,
    most,
  )
  return rows.map((row) => ({ ...row, sessions: sessions.get(row.id) ?? [] }))
}

/**
 * By title, then id. `q` finds words in any of their forms and by their beginning; where no training has them, those
 * that have nearly these words. With a chapter, trainings that have a session to come there, and those sessions only.
 */
export async function listCatalogue(
  db: Kysely<Database>,
  query: CatalogueQuery,
  now: Temporal.Instant,
): Promise<Page<CatalogueItem>> {
  const { q } = query
  const { items, nextCursor } =
    q === undefined
      ? await catalogueRows(db, query, now)
      : await nearestPage(query, {
          exact: (page) =>
            catalogueRows(db, { ...query, ...page }, now, matchesTraining('published', q, 'exact')),
          near: (page) =>
            catalogueRows(db, { ...query, ...page }, now, matchesTraining('published', q, 'near')),
        })
  return { items: await withSessions(db, items, { now, chapterId: query.chapterId }, 5), nextCursor }
}

async function catalogueRows(
  db: Kysely<Database>,
  query: CatalogueQuery,
  now: Temporal.Instant,
  matches?: RawBuilder<boolean>,
): Promise<Page<ListedTraining>> {
  const after = decodeCursor(query.cursor, 2)
  const moment = { now, chapterId: query.chapterId }
  const { domain = '', modality = 'onsite' } = query
  const rows = await publishedTrainings(db)
    .select(summaryFields.map((field) => `published.${field}` as const))
    .select(sql<string>`lower(published.title)`.as('sortTitle'))
    .$call((all) => (matches === undefined ? all : all.where(matches)))
    .$if(query.domain !== undefined, (all) =>
      all.where(sql<string>`lower(published.domain)`, '=', sql<string>`lower(${domain})`),
    )
    .$if(query.modality !== undefined, (all) => all.where('published.modality', '=', modality))
    .$if(query.chapterId !== undefined, (all) =>
      all.where((eb) => eb.exists(sessionsToCome(db, moment).select('held.id'))),
    )
    .$if(after !== undefined, (all) =>
      all.where(
        sql<boolean>`(lower(published.title), published.training_id) > (${after?.[0]}, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy(sql`lower(published.title)`)
    .orderBy('published.trainingId')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.sortTitle, row.id])
}

/** One published training, whatever the case of the code, with up to fifty sessions to come. */
export async function findCatalogueEntry(
  db: Kysely<Database>,
  code: string,
  now: Temporal.Instant,
): Promise<CatalogueEntry | undefined> {
  const rows = await publishedTrainings(db)
    .select(programmeFields.map((field) => `published.${field}` as const))
    .where(sql<string>`lower(training.code)`, '=', sql<string>`lower(${code})`)
    .execute()
  return (await withSessions(db, rows, { now }, 50))[0]
}
