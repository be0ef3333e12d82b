/** An import in words, for the person who made the file. */
import type { CsvProblem } from '../../platform/csv-reader.ts'
import type { Besides, ImportKind, ImportOutcome } from './import-run.ts'

const mostProblems = 100
const mostNotices = 20

/** A noun with its plural, and an adjective's ending: feminine or not. */
type Noun = { one: string; many: string; isFeminine?: boolean }

const lineNouns: Record<ImportKind, Noun> = {
  people: { one: 'personne', many: 'personnes', isFeminine: true },
  trainings: { one: 'formation', many: 'formations', isFeminine: true },
  attendance: { one: 'émargement', many: 'émargements' },
  funding: { one: 'ligne de financement', many: 'lignes de financement', isFeminine: true },
}

const besidesNouns: Record<keyof Besides, Noun> = {
  people: { one: 'personne ajoutée', many: 'personnes ajoutées' },
  accounts: { one: 'compte créé', many: 'comptes créés' },
  clients: { one: 'client ajouté', many: 'clients ajoutés' },
  publishedTrainings: { one: 'formation publiée', many: 'formations publiées' },
  archivedTrainings: { one: 'formation du passé archivée', many: 'formations du passé archivées' },
  sessions: { one: 'session ajoutée', many: 'sessions ajoutées' },
  slots: { one: 'demi-journée ajoutée', many: 'demi-journées ajoutées' },
  enrolments: { one: 'inscription ajoutée', many: 'inscriptions ajoutées' },
  closedSessions: { one: 'session close', many: 'sessions closes' },
  correctedSessions: { one: 'session complétée', many: 'sessions complétées' },
}

/** What was done, or with `dryRun` would be. */
export function successReport(
  kind: ImportKind,
  outcome: ImportOutcome,
  options: { file: string; dryRun: boolean },
): string {
  const noun = lineNouns[kind]
  const ending = noun.isFeminine ? 'e' : ''
  const counts = [
    `${count(outcome.created, noun)} ${agreed(`ajouté${ending}`, outcome.created)}`,
    `${number(outcome.updated)} ${agreed(`modifié${ending}`, outcome.updated)}`,
    `${number(outcome.unchanged)} ${agreed(`inchangé${ending}`, outcome.unchanged)}`,
  ]
  const besides = (Object.keys(besidesNouns) as (keyof Besides)[]).flatMap((what) =>
    outcome.besides[what] ? [`  ${count(outcome.besides[what], besidesNouns[what])}`] : [],
  )
  return [
    `${options.file}\u00a0: ${counts.join(', ')}`,
    ...besides,
    ...limitedLines(outcome.notices, mostNotices, { one: 'autre remarque', many: 'autres remarques' }),
    ...(options.dryRun ? ['Essai\u00a0: rien n’a été écrit.'] : []),
  ].join('\n')
}

/** Every problem with its line and column; nothing was written. */
export function failureReport(file: string, problems: readonly CsvProblem[]): string {
  const noun = { one: 'erreur', many: 'erreurs' }
  return [
    `${file}\u00a0: ${count(problems.length, noun)}, rien n’a été écrit`,
    ...limitedLines(problems, mostProblems, { one: 'autre erreur', many: 'autres erreurs' }),
  ].join('\n')
}

function limitedLines(found: readonly CsvProblem[], most: number, others: Noun): string[] {
  const rest = found.length - most
  const lines = found.slice(0, most).map(({ line, column, reason }) => {
    const where = column === null ? `ligne ${line}` : `ligne ${line}, colonne ${column}`
    return `  ${where}\u00a0: ${reason}`
  })
  return rest > 0 ? [...lines, `  … et ${count(rest, others)}`] : lines
}

function number(value: number): string {
  return value.toLocaleString('fr')
}

/** In French, zero is singular. */
function count(value: number, noun: Noun): string {
  return `${number(value)} ${value < 2 ? noun.one : noun.many}`
}

function agreed(adjective: string, value: number): string {
  return value < 2 ? adjective : `${adjective}s`
}
