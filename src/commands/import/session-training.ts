/** Which training a cell of `formation` means: a code or a title, of the catalogue or only of the past. */
import type { Modality } from '../../catalogue/catalogue.schema.ts'
import type { createArchivedTraining } from '../../catalogue/catalogue.service.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { fold } from '../../platform/fold.ts'
import type { TrainingToChoose } from './import.queries.ts'

/** What `createArchivedTraining` makes of a training that only the past knows. */
type TrainingToArchive = Parameters<typeof createArchivedTraining>[1]

export type TrainingChoice =
  | { kind: 'standing'; versionId: string; modality: Modality | null }
  | { kind: 'archive'; training: TrainingToArchive }
  | { kind: 'doubt'; reason: string }

/**
 * By code, else by title; what the catalogue shows goes before what it does not. A draft has no version yet that a
 * session could be held by: the past gets an archived training beside it.
 */
export function chooseTraining(cell: string, trainings: readonly TrainingToChoose[]): TrainingChoice {
  const byCode = (code: string) => trainings.find((one) => one.code.toLowerCase() === code.toLowerCase())
  const titled = trainings.filter((one) => one.currentTitle !== null && fold(one.currentTitle) === fold(cell))
  const published = titled.filter((one) => one.status === 'published')
  if (published.length > 1 && !byCode(cell)?.publishedVersionId) {
    const codes = published.map((one) => one.code).join(', ')
    return {
      kind: 'doubt',
      reason: `plusieurs formations ont cet intitulé\u202f; écrivez le code\u00a0: ${codes}`,
    }
  }
  for (const one of [byCode(cell), ...published, ...titled, byCode(archiveCode(cell))])
    if (one?.publishedVersionId)
      return { kind: 'standing', versionId: one.publishedVersionId, modality: one.currentModality }
  const draft = byCode(cell) ?? trainings.find((one) => fold(one.draftTitle ?? '') === fold(cell))
  const isCode = cell.length <= 50 && /^[\p{L}\p{N}]/u.test(cell) && !byCode(cell)
  const code = isCode ? cell : archiveCode(cell)
  return { kind: 'archive', training: { code, ...(draft ? programmeOf(draft) : { title: cell }) } }
}

/** A code of its own that the same title always gets. */
function archiveCode(title: string): string {
  const words = fold(title).slice(0, 40).trim()
  return `${words.replaceAll(' ', '-') || 'archive'}-${sha256Hex(fold(title)).slice(0, 8)}`
}

function programmeOf(draft: TrainingToChoose): Omit<TrainingToArchive, 'code'> {
  return {
    title: draft.draftTitle ?? draft.code,
    durationMinutes: draft.draftDurationMinutes,
    modality: draft.draftModality,
    nsfCode: draft.draftNsfCode,
    objective: draft.draftObjective,
    domain: draft.draftDomain,
  }
}

/** Whether a session that stands may be the one of the cell: its training has that code or title, or had it once. */
export function isHeldBy(
  cell: string,
  session: { trainingId: string; title: string },
  trainings: readonly TrainingToChoose[],
): boolean {
  if (fold(session.title) === fold(cell)) return true
  const codes = new Set([cell.toLowerCase(), archiveCode(cell)])
  return trainings.some(
    (one) =>
      one.id === session.trainingId &&
      (codes.has(one.code.toLowerCase()) ||
        [one.currentTitle, one.draftTitle].some((title) => fold(title ?? '') === fold(cell))),
  )
}
