/** Trainings as those see them who edit them: the draft of the next version, else the published one. */
import {
  type Insertable,
  type Kysely,
  type RawBuilder,
  type Selectable,
  sql,
  type Transaction,
  type Updateable,
} from 'kysely'
import type { Database } from '../database.ts'
import { anyOfLower } from '../platform/db/filter.ts'
import { decodeCursor, nearestPage, type Page, toPage } from '../platform/http/pagination.ts'
import type { Certification, TrainingsQuery } from './catalogue.schema.ts'
import type { CertificationTable, TrainingTable, TrainingVersionTable } from './catalogue.tables.ts'
import { matchesTraining } from './training-search.ts'

type TrainingVersion = Selectable<TrainingVersionTable>

/** What a list shows of a version; its long texts are for who opens it. */
export const summaryFields = [
  'title',
  'durationMinutes',
  'priceCents',
  'modality',
  'objective',
  'actionKind',
  'domain',
] as const satisfies (keyof TrainingVersion)[]

/** The columns that a version shares with the next one, apart from its certification. */
export const programmeFields = [
  ...summaryFields,
  'objectives',
  'prerequisites',
  'audience',
  'content',
  'methods',
  'assessmentMethods',
  'accessibility',
  'accessDelay',
  'nsfCode',
  'activities',
] as const satisfies (keyof TrainingVersion)[]

type Certified = { certification: Certification | null }
export type Summary = Pick<TrainingVersion, (typeof summaryFields)[number]> & Certified
export type Programme = Pick<TrainingVersion, (typeof programmeFields)[number]> & Certified

export type Training = Selectable<TrainingTable> &
  Programme & {
    publishedVersion: number | null
    draftId: string | null
    hasDraft: boolean
    certificationId: string | null
  }

/** The joined certification as one JSON column, its keys in the order of the schema. */
export const certificationObject = sql<Certification | null>`
  case when certification.id is not null then json_build_object(
    'register', certification.register, 'code', certification.code, 'title', certification.title,
    'certifier', certification.certifier, 'level', certification.level
  ) end`.as('certification')

function trainings(db: Kysely<Database>) {
  return db
    .selectFrom('training')
    .leftJoin('trainingVersion as draft', (join) =>
      join.onRef('draft.trainingId', '=', 'training.id').on('draft.publishedAt', 'is', null),
    )
    .leftJoin('trainingVersion as published', 'published.id', 'training.publishedVersionId')
    .innerJoin('trainingVersion as shown', (join) =>
      join.on((eb) => eb('shown.id', '=', eb.fn.coalesce('draft.id', 'published.id'))),
    )
    .leftJoin('certification', 'certification.id', 'shown.certificationId')
    .selectAll('training')
    .select(programmeFields.map((field) => `shown.${field}` as const))
    .select(['shown.certificationId', 'published.number as publishedVersion', 'draft.id as draftId'])
    .select(sql<boolean>`draft.id is not null`.as('hasDraft'))
    .select(certificationObject)
}

export async function findTraining(db: Kysely<Database>, id: string): Promise<Training | undefined> {
  return trainings(db).where('training.id', '=', id).executeTakeFirst()
}

/** Whatever the case of the codes; archived trainings too. */
export async function findTrainingsByCode(
  db: Kysely<Database>,
  codes: readonly string[],
): Promise<Training[]> {
  return trainings(db).where(sql<string>`lower(training.code)`, '=', anyOfLower(codes)).execute()
}

/** Two statements: a row lock cannot be taken through the joins, and the second sees what the lock waited for. */
export async function lockTraining(trx: Transaction<Database>, id: string): Promise<Training | undefined> {
  await trx.selectFrom('training').select('id').where('id', '=', id).forUpdate().execute()
  return findTraining(trx, id)
}

export async function insertTraining(
  trx: Transaction<Database>,
  row: Insertable<TrainingTable>,
): Promise<void> {
  await trx.insertInto('training').values(row).execute()
}

/** Writes the fields and counts the version up. */
export async function updateTraining(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<TrainingTable>,
): Promise<void> {
  await trx
    .updateTable('training')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .execute()
}

export async function insertVersion(
  trx: Transaction<Database>,
  row: Insertable<TrainingVersionTable>,
): Promise<void> {
  await trx.insertInto('trainingVersion').values(row).execute()
}

/** The draft of the next version, as a copy of the published one. */
export async function copyVersion(
  trx: Transaction<Database>,
  publishedVersionId: string,
  draftId: string,
): Promise<void> {
  const copied = [...programmeFields, 'certificationId', 'trainingId'] as const
  await trx
    .insertInto('trainingVersion')
    .columns([...copied, 'id', 'number'])
    .expression((eb) =>
      eb
        .selectFrom('trainingVersion')
        .select(copied)
        .select([sql<string>`${draftId}::uuid`.as('id'), sql<number>`number + 1`.as('number')])
        .where('id', '=', publishedVersionId),
    )
    .execute()
}

/** Counts no version up: the one that clients send back is the training's. */
export async function updateDraft(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<TrainingVersionTable>,
): Promise<void> {
  await trx.updateTable('trainingVersion').set(changes).where('id', '=', id).execute()
}

/** The id of this very certification, made when new, whoever makes it at the same moment. */
export async function ensureCertification(
  trx: Transaction<Database>,
  row: Selectable<CertificationTable>,
): Promise<string> {
  const inserted = await trx
    .insertInto('certification')
    .values(row)
    .onConflict((conflict) => conflict.constraint('certification_unique').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return inserted.id
  const { id } = await trx
    .selectFrom('certification')
    .select('id')
    .where('register', '=', row.register)
    .where('code', '=', row.code)
    .where('title', '=', row.title)
    .where('certifier', '=', row.certifier)
    .where('level', 'is not distinct from', row.level)
    .executeTakeFirstOrThrow()
  return id
}

/**
 * By code, then id; archived trainings are not listed. `q` searches what is being edited, as the public catalogue is
 * searched.
 */
export async function listTrainings(db: Kysely<Database>, query: TrainingsQuery): Promise<Page<Training>> {
  const { q } = query
  if (q === undefined) return trainingsPage(db, query)
  return nearestPage(query, {
    exact: (page) => trainingsPage(db, { ...query, ...page }, matchesTraining('edited', q, 'exact')),
    near: (page) => trainingsPage(db, { ...query, ...page }, matchesTraining('edited', q, 'near')),
  })
}

async function trainingsPage(
  db: Kysely<Database>,
  query: TrainingsQuery,
  matches?: RawBuilder<boolean>,
): Promise<Page<Training>> {
  const after = decodeCursor(query.cursor, 2)
  const rows = await trainings(db)
    .select(sql<string>`lower(training.code)`.as('sortCode'))
    .where('training.status', '!=', 'archived')
    .$if(query.status !== undefined, (all) => all.where('training.status', '=', query.status ?? 'draft'))
    .$call((all) => (matches === undefined ? all : all.where(matches)))
    .$if(after !== undefined, (all) =>
      all.where(sql<boolean>`(lower(training.code), training.id) > (${after?.[0]}, ${after?.[1]}::uuid)`),
    )
    .orderBy(sql`lower(training.code)`)
    .orderBy('training.id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.sortCode, row.id])
}
