/** `preau import`: a CSV file as people have it, checked line by line, then taken over whole or not at all. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Config } from '../../config.ts'
import { systemCtx } from '../../deps.ts'
import type { CsvProblem } from '../../platform/csv-reader.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { openRuntime, type Say } from '../runtime.ts'
import { parseAttendance } from './attendance.csv.ts'
import { parseFunding } from './funding.csv.ts'
import { importAttendance, importFunding, importPeople, importTrainings } from './import.service.ts'
import { progressOn } from './import-progress.ts'
import { failureReport, successReport } from './import-report.ts'
import type { ImportKind, ImportOptions, ImportOutcome } from './import-run.ts'
import { parsePeople } from './people.csv.ts'
import type { Line, Parsed } from './rows.ts'
import { parseTrainings } from './trainings.csv.ts'

type ImportRequest = { kind: string; file: string; dryRun: boolean; json: boolean }

/**
 * Says what was done. Throws an error whose message is the report when anything is wrong with the file; with `json`
 * the report is said in any case, and the process ends with 1.
 */
export async function importFile(
  config: Config,
  say: Say,
  { kind, file, dryRun, json }: ImportRequest,
): Promise<void> {
  assertKind(kind)
  const readRows = importers[kind](await readBytes(file))
  const runtime = await openRuntime(config, { recordsEvidence: true })
  try {
    const source = basename(file)
    const outcome = await readRows(systemCtx(runtime.deps, 'import'), {
      dryRun,
      source,
      onProgress: progressOn(process.stderr),
    })
    const isRefused = outcome.problems.length > 0
    if (json) {
      say(JSON.stringify({ kind, file: source, dryRun, ...outcome }))
      if (isRefused) process.exitCode = 1
    } else if (isRefused) throw new Error(failureReport(source, outcome.problems))
    else say(successReport(kind, outcome, { file: source, dryRun }))
  } finally {
    await runtime.close()
  }
}

type Import = (ctx: Ctx, options: ImportOptions) => Promise<ImportOutcome>

/** Reads the bytes at once; what comes back asks the database. */
const importers: Record<ImportKind, (bytes: Uint8Array) => Import> = {
  people: (bytes) => importer(parsePeople(bytes), importPeople),
  trainings: (bytes) => importer(parseTrainings(bytes), importTrainings),
  attendance: (bytes) => importer(parseAttendance(bytes), importAttendance),
  funding: (bytes) => importer(parseFunding(bytes), importFunding),
}

/** With lines that cannot be read the others are tried and taken back, so that everything wrong is said at once. */
function importer<Row>(
  { rows, problems }: Parsed<Row>,
  importRows: (ctx: Ctx, rows: readonly Line<Row>[], options: ImportOptions) => Promise<ImportOutcome>,
): Import {
  return async (ctx, options) => {
    if (problems.length === 0) return importRows(ctx, rows, options)
    const outcome = await importRows(ctx, rows, { ...options, dryRun: true })
    const all: CsvProblem[] = [...problems, ...outcome.problems]
    return {
      created: 0,
      updated: 0,
      unchanged: 0,
      besides: {},
      notices: [],
      problems: all.toSorted((one, other) => one.line - other.line),
    }
  }
}

function assertKind(kind: string): asserts kind is ImportKind {
  if (Object.hasOwn(importers, kind)) return
  throw new Error(`${kind} cannot be imported; choose one of ${Object.keys(importers).join(', ')}`)
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new Error(`${file} cannot be read: ${messages[why] ?? why}`)
  }
}

const messages: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
}
