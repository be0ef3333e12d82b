/** Trainings from the file of trainings: drafts, published as soon as nothing is missing. */
import type { Training } from '../../catalogue/catalogue.queries.ts'
import { missingForPublishing } from '../../catalogue/catalogue.rules.ts'
import type { TrainingInput } from '../../catalogue/catalogue.schema.ts'
import {
  addTraining,
  changeTraining,
  findTrainingsByCode,
  publishTraining,
} from '../../catalogue/catalogue.service.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import type { Run } from './import-run.ts'
import type { Line } from './rows.ts'
import type { TrainingRow } from './trainings.csv.ts'

export async function bringTrainings(
  ctx: TrxCtx,
  rows: readonly Line<TrainingRow>[],
  run: Run,
): Promise<void> {
  const standing = await findTrainingsByCode(
    ctx.db,
    rows.map((row) => row.code),
  )
  const byCode = new Map(standing.map((training) => [training.code.toLowerCase(), training]))
  for (const row of rows) {
    const before = byCode.get(row.code.toLowerCase())
    if (before) await change(ctx, row, before, run)
    else await create(ctx, row, run)
    run.progress(1)
  }
}

async function create(ctx: TrxCtx, row: Line<TrainingRow>, run: Run): Promise<void> {
  const training = await addTraining(ctx, {
    ...programmeOf(row, undefined, run),
    code: row.code,
    title: row.title,
  })
  run.created++
  await publishIfComplete(ctx, row, training, run)
}

/** Writes what the file says and what is not so already, as the next version; the rest stays as it is. */
async function change(ctx: TrxCtx, row: Line<TrainingRow>, before: Training, run: Run): Promise<void> {
  const said = programmeOf(row, before, run)
  const fields = Object.keys(said) as (keyof typeof said)[]
  if (fields.every((field) => JSON.stringify(said[field]) === JSON.stringify(before[field]))) {
    run.unchanged++
    return
  }
  const training = await changeTraining(ctx, before.id, said, '*')
  run.updated++
  // Whoever had begun the next version by hand decides when it is ready.
  if (before.hasDraft && before.publishedVersion !== null)
    run.notice(
      row.line,
      `${row.code}\u00a0: une version en préparation attendait déjà\u202f; publiez-la vous-même`,
    )
  else await publishIfComplete(ctx, row, training, run)
}

type Programme = Omit<TrainingInput, 'code'>

/** What the file says, without what it leaves open, in the form in which a training shows it. */
function programmeOf(row: Line<TrainingRow>, before: Training | undefined, run: Run): Programme {
  const { line: _, code: __, certification: ___, objectives, ...texts } = row
  const isSaid = ([, value]: [string, unknown]) => value !== null
  const said = Object.fromEntries(Object.entries(texts).filter(isSaid)) as Partial<typeof texts>
  const certification = certificationOf(row, before, run)
  return {
    ...said,
    title: row.title,
    ...(objectives.length > 0 && { objectives }),
    ...(certification && { certification }),
    ...((row.objective === 'vae' || row.objective === 'skillsAssessment') && { actionKind: row.objective }),
  }
}

/** A code alone is enough where the training already tells the rest of that certification. */
function certificationOf(
  { line, certification }: Line<TrainingRow>,
  before: Training | undefined,
  run: Run,
): TrainingInput['certification'] {
  if (certification === null) return undefined
  const { register, code } = certification
  const known = before?.certification
  const isKnown = known?.register === register && known.code === code
  const title = certification.title ?? (isKnown ? known.title : null)
  const certifier = certification.certifier ?? (isKnown ? known.certifier : null)
  const level = certification.level ?? (isKnown ? known.level : null)
  if (title !== null && certifier !== null) return { register, code, title, certifier, level }
  run.notice(
    line,
    `${code} sans son titre ni son certificateur n’est pas repris\u202f; écrivez ${code} | titre | certificateur | niveau`,
  )
  return undefined
}

async function publishIfComplete(
  ctx: TrxCtx,
  row: Line<TrainingRow>,
  training: Training,
  run: Run,
): Promise<void> {
  const missing = missingForPublishing(training).map(({ pointer }) => columns[pointer.slice(1)] ?? pointer)
  if (missing.length > 0) {
    run.notice(row.line, `${row.code} reste un brouillon\u202f; il manque\u00a0: ${missing.join(', ')}`)
    return
  }
  await publishTraining(ctx, training.id)
  run.also('publishedTrainings', 1)
}

/** The column of the file for each field that a programme must have. */
const columns: Record<string, string> = {
  objectives: 'objectifs',
  prerequisites: 'prerequis',
  audience: 'public',
  content: 'contenu',
  methods: 'methodes',
  assessmentMethods: 'evaluation',
  accessibility: 'accessibilite',
  durationMinutes: 'duree_heures',
  priceCents: 'prix_ht',
  modality: 'modalite',
  nsfCode: 'nsf',
  objective: 'objectif',
  accessDelay: 'delai_acces',
  'certification/register': 'rncp_rs',
}
