/** One run of an import: what it finds, what it counts, and its transaction, which stands or falls as a whole. */
import { authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { CsvProblem } from '../../platform/csv-reader.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { lockImports } from './import.queries.ts'

export type ImportKind = 'people' | 'trainings' | 'attendance' | 'funding'

export type ImportOptions = {
  /** Does everything, then takes it back: the same counts and problems, and nothing written. */
  dryRun: boolean
  /** The name of the file; it is the reason that a correction of a closed session is given. */
  source?: string
  /** Called with the number of lines done, and of how many. */
  onProgress?: (done: number, of: number) => void
}

/** What else came to be, by what it is. */
export type Besides = Partial<
  Record<
    | 'people'
    | 'accounts'
    | 'clients'
    | 'publishedTrainings'
    | 'archivedTrainings'
    | 'sessions'
    | 'slots'
    | 'enrolments'
    | 'closedSessions'
    | 'correctedSessions',
    number
  >
>

/**
 * Counts lines: people, trainings, marks or funding lines. With a problem nothing is written and nothing is counted;
 * a notice is worth reading and hinders nothing.
 */
export type ImportOutcome = {
  created: number
  updated: number
  unchanged: number
  besides: Besides
  notices: CsvProblem[]
  problems: CsvProblem[]
}

export type Run = ImportOutcome & {
  reason: string
  refuse(line: number, column: string | null, reason: string): void
  notice(line: number, reason: string): void
  also(what: keyof Besides, count: number): void
  progress(lines: number): void
}

/** Thrown to roll back, and caught at once. */
const takenBack = new Error('the import is taken back')

/**
 * Runs `work` in a transaction of its own, after any other import has ended; two of the same file at once are one and
 * a repetition. Throws 401 or 403 unless an admin or Préau itself asks.
 */
export async function runImport<Row>(
  ctx: Ctx,
  kind: ImportKind,
  rows: readonly Row[],
  options: ImportOptions,
  work: (ctx: TrxCtx, rows: readonly Row[], run: Run) => Promise<void>,
): Promise<ImportOutcome> {
  authorise(ctx.actor, ['admin'])
  if (ctx.db.isTransaction) throw new Error('an import has a transaction of its own')
  let run = newRun(rows.length, options)
  try {
    await inTransaction(ctx, async (ctx) => {
      run = newRun(rows.length, options)
      await lockImports(ctx.db)
      await work(ctx, rows, run)
      await auditImport(ctx, kind, run)
      if (options.dryRun || run.problems.length > 0) throw takenBack
    })
  } catch (error) {
    if (error !== takenBack) throw error
  }
  return outcomeOf(run)
}

function newRun(lines: number, { source, onProgress }: ImportOptions): Run {
  let done = 0
  const run: Run = {
    created: 0,
    updated: 0,
    unchanged: 0,
    besides: {},
    notices: [],
    problems: [],
    reason: source === undefined ? 'Import d’un fichier' : `Import de ${source}`,
    refuse: (line, column, reason) => run.problems.push({ line, column, reason }),
    notice: (line, reason) => run.notices.push({ line, column: null, reason }),
    also: (what, count) => {
      if (count > 0) run.besides[what] = (run.besides[what] ?? 0) + count
    },
    progress: (count) => {
      done += count
      onProgress?.(done, lines)
    },
  }
  return run
}

/** One entry for the whole file; each thing that changed has its own, under the same request. */
async function auditImport(ctx: TrxCtx, kind: ImportKind, run: Run): Promise<void> {
  const { created, updated, besides } = run
  if (created + updated + Object.keys(besides).length === 0) return
  await audit(ctx, {
    action: `import.${kind}`,
    subject: { kind: 'import', id: null },
    changes: { created, updated, ...besides },
  })
}

function outcomeOf({ created, updated, unchanged, besides, notices, problems }: Run): ImportOutcome {
  if (problems.length === 0) return { created, updated, unchanged, besides, notices, problems }
  const byLine = problems.toSorted((one, other) => one.line - other.line)
  return { created: 0, updated: 0, unchanged: 0, besides: {}, notices: [], problems: byLine }
}

/** For what an earlier step of the run has made sure of. */
export function certain<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the import has lost ${what}`)
  return value
}
