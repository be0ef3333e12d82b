/** Trainings (*actions de formation*): a draft is edited, then published as a version that never changes again. */
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { authorise, isAdmin, mandatedChapterIds } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { type ConstraintProblems, inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import type { Page } from '../platform/http/pagination.ts'
import { invalidFields, notFound } from '../platform/problems.ts'
import { cataloguePermissions as may } from './catalogue.permissions.ts'
import { codeTaken, incomplete } from './catalogue.problems.ts'
import type { Training } from './catalogue.queries.ts'
import * as queries from './catalogue.queries.ts'
import { activityOf, identified, missingForPublishing } from './catalogue.rules.ts'
import type {
  Activity,
  ArchivedTraining,
  CatalogueQuery,
  Certification,
  TrainingInput,
  TrainingPatch,
  TrainingsQuery,
} from './catalogue.schema.ts'
import type { CatalogueEntry, CatalogueItem } from './public-catalogue.queries.ts'
import * as publicQueries from './public-catalogue.queries.ts'

const constraints: ConstraintProblems = { training_code_unique: codeTaken }

/** A new training, as a draft. Throws 409 when the code is taken, whatever its case. */
export async function createTraining(ctx: Ctx, input: TrainingInput): Promise<Training> {
  authorise(ctx.actor, may['training.create'])
  return inTransaction(ctx, (ctx) => addTraining(ctx, input), constraints)
}

/** Part of other verbs (an import), which authorise. */
export async function addTraining(ctx: TrxCtx, input: TrainingInput): Promise<Training> {
  const id = ctx.newId()
  const now = ctx.now()
  await queries.insertTraining(ctx.db, {
    id,
    createdAt: now,
    updatedAt: now,
    code: input.code,
    status: 'draft',
    publishedVersionId: null,
  })
  const activities = activitiesOf(ctx, input, [])
  const columns = await versionColumns(ctx, { ...input, activities })
  await queries.insertVersion(ctx.db, {
    ...emptyProgramme,
    ...columns,
    title: input.title,
    id: ctx.newId(),
    trainingId: id,
    number: 1,
    publishedAt: null,
  })
  await audit(ctx, {
    action: 'training.create',
    subject: { kind: 'training', id },
    changes: changedFields<Record<string, unknown>>(undefined, { ...input, activities }),
  })
  return readBack(ctx, id)
}

/** What a request says of the activities, with their ids; undefined where it says nothing. Throws 422. */
function activitiesOf(ctx: TrxCtx, input: TrainingPatch, known: readonly Activity[]): Activity[] | undefined {
  if (input.activities === undefined) return undefined
  const { activities, errors } = identified(input.activities, known, ctx.newId)
  if (errors.length > 0) throw invalidFields(errors)
  return activities
}

/**
 * A training that imported history was held by, with its one version: sessions may use it, the catalogue never shows
 * it. Part of an import, which authorises and has looked whether the code is known.
 */
export async function createArchivedTraining(
  ctx: TrxCtx,
  { code, ...programme }: ArchivedTraining,
): Promise<{ trainingId: string; versionId: string }> {
  const trainingId = ctx.newId()
  const versionId = ctx.newId()
  const now = ctx.now()
  await queries.insertTraining(ctx.db, {
    id: trainingId,
    createdAt: now,
    updatedAt: now,
    code,
    status: 'archived',
    publishedVersionId: null,
  })
  await queries.insertVersion(ctx.db, {
    ...emptyProgramme,
    ...programme,
    id: versionId,
    trainingId,
    number: 1,
    publishedAt: now,
  })
  await queries.updateTraining(ctx.db, trainingId, { publishedVersionId: versionId })
  await audit(ctx, {
    action: 'training.create',
    subject: { kind: 'training', id: trainingId },
    changes: { code, ...programme, status: 'archived' },
  })
  return { trainingId, versionId }
}

const emptyProgramme = {
  objectives: [],
  prerequisites: null,
  audience: null,
  content: null,
  methods: null,
  assessmentMethods: null,
  accessibility: null,
  accessDelay: null,
  durationMinutes: null,
  priceCents: null,
  modality: null,
  nsfCode: null,
  objective: null,
  actionKind: 'training' as const,
  domain: null,
  certificationId: null,
}

async function readBack(ctx: TrxCtx, id: string): Promise<Training> {
  const training = await queries.findTraining(ctx.db, id)
  if (!training) throw notFound()
  return training
}

/** What a request says of a version, as its columns. */
async function versionColumns(ctx: TrxCtx, { code: _, certification, activities, ...fields }: TrainingPatch) {
  const columns = { ...fields, ...(activities && { activities: JSON.stringify(activities) }) }
  if (certification === undefined) return columns
  const certificationId =
    certification &&
    (await queries.ensureCertification(ctx.db, { id: ctx.newId(), ...complete(certification) }))
  return { ...columns, certificationId }
}

function complete({ level, ...certification }: NonNullable<TrainingPatch['certification']>): Certification {
  return { ...certification, level: level ?? null }
}

/**
 * Edits the draft of the next version, which begins as a copy of the published one; the code changes at once. What
 * already stands so changes nothing. Throws 412 on another version, 409 when the code is taken.
 */
export async function changeTraining(
  ctx: Ctx,
  id: string,
  patch: TrainingPatch,
  ifMatch: number | '*',
): Promise<Training> {
  authorise(ctx.actor, may['training.change'])
  return inTransaction(
    ctx,
    async (ctx) => {
      const before = await queries.lockTraining(ctx.db, id)
      if (!before) throw notFound()
      assertVersion(before, ifMatch)
      const activities = activitiesOf(ctx, patch, before.activities)
      const changes = changedFields<Record<string, unknown>>(
        { ...before, activities: before.activities.map(activityOf) },
        {
          ...patch,
          ...(activities && { activities }),
          ...(patch.certification && { certification: complete(patch.certification) }),
        },
      )
      const changed = Object.keys(changes)
      if (changed.length === 0) return before
      if (changed.some((field) => field !== 'code')) await writeDraft(ctx, before, { ...patch, activities })
      await queries.updateTraining(ctx.db, id, {
        ...(patch.code !== undefined && { code: patch.code }),
        updatedAt: ctx.now(),
      })
      await audit(ctx, { action: 'training.change', subject: { kind: 'training', id }, changes })
      return readBack(ctx, id)
    },
    constraints,
  )
}

async function writeDraft(ctx: TrxCtx, before: Training, patch: TrainingPatch): Promise<void> {
  const draftId = before.draftId ?? (await beginNextVersion(ctx, before.publishedVersionId))
  await queries.updateDraft(ctx.db, draftId, await versionColumns(ctx, patch))
}

async function beginNextVersion(ctx: TrxCtx, publishedVersionId: string | null): Promise<string> {
  if (publishedVersionId === null) throw new Error('a training without a draft has a published version')
  const draftId = ctx.newId()
  await queries.copyVersion(ctx.db, publishedVersionId, draftId)
  return draftId
}

/**
 * Publishes the draft as the next version. Throws 409 without a draft, 422 with a pointer to each field that a
 * programme must have and this one lacks. An archived training comes into the catalogue this way.
 */
export async function publishTraining(ctx: Ctx, id: string): Promise<Training> {
  authorise(ctx.actor, may['training.publish'])
  return inTransaction(ctx, async (ctx) => {
    const before = await queries.lockTraining(ctx.db, id)
    if (!before) throw notFound()
    // Published before, perhaps by the same click twice: what stands already is the answer.
    if (!before.draftId) return readBack(ctx, id)
    const errors = missingForPublishing(before)
    if (errors.length > 0) throw incomplete({ errors })
    const now = ctx.now()
    await queries.updateDraft(ctx.db, before.draftId, { publishedAt: now })
    await queries.updateTraining(ctx.db, id, {
      status: 'published',
      publishedVersionId: before.draftId,
      updatedAt: now,
    })
    const training = await readBack(ctx, id)
    await audit(ctx, {
      action: 'training.publish',
      subject: { kind: 'training', id },
      changes: { publishedVersion: training.publishedVersion },
    })
    return training
  })
}

/** Ambassadors of any chapter and admins; an archived training is seen by an admin only. */
export async function readTraining(ctx: Ctx, id: string): Promise<Training> {
  authoriseReading(ctx)
  const training = await queries.findTraining(ctx.db, id)
  if (!training || (training.status === 'archived' && !isAdmin(ctx.actor))) throw notFound()
  return training
}

/** Trainings with their drafts, archived ones aside; for who may read drafts. */
export async function listTrainings(ctx: Ctx, query: TrainingsQuery): Promise<Page<Training>> {
  authoriseReading(ctx)
  return queries.listTrainings(ctx.db, query)
}

function authoriseReading(ctx: Ctx): void {
  if (mandatedChapterIds(ctx.actor).length === 0) authorise(ctx.actor, may['training.read'])
}

/** Whatever the case of the codes, archived trainings too. Part of other verbs (an import), which authorise. */
export async function findTrainingsByCode(
  db: Kysely<Database>,
  codes: readonly string[],
): Promise<Training[]> {
  return queries.findTrainingsByCode(db, codes)
}

/** The public catalogue, with at most five sessions to come for each training. */
export async function listCatalogue(ctx: Ctx, query: CatalogueQuery): Promise<Page<CatalogueItem>> {
  authorise(ctx.actor, may['catalogue.read'])
  return publicQueries.listCatalogue(ctx.db, query, ctx.now())
}

/** The published programme of a training, whatever the case of the code. Throws 404 when there is none. */
export async function readCatalogueEntry(ctx: Ctx, code: string): Promise<CatalogueEntry> {
  authorise(ctx.actor, may['catalogue.read'])
  const entry = await publicQueries.findCatalogueEntry(ctx.db, code, ctx.now())
  if (!entry) throw notFound()
  return entry
}
