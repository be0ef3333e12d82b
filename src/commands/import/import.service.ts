/** The door of the importer, for the command and the demonstration: rows in, everything or nothing done. */
import type { Ctx } from '../../platform/ctx.ts'
import type { AttendanceRow } from './attendance.csv.ts'
import type { FundingRow } from './funding.csv.ts'
import { bringAttendance } from './import-attendance.ts'
import { bringFunding } from './import-funding.ts'
import { bringPeople } from './import-people.ts'
import { type ImportOptions, type ImportOutcome, runImport } from './import-run.ts'
import { bringTrainings } from './import-trainings.ts'
import type { PersonRow } from './people.csv.ts'
import type { Line } from './rows.ts'
import type { TrainingRow } from './trainings.csv.ts'

/**
 * People with their employers and accounts. Who is there already gets what the file says and takes nothing away; an
 * unknown chapter, or a person who could be several, is a problem.
 */
export async function importPeople(
  ctx: Ctx,
  rows: readonly Line<PersonRow>[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  return runImport(ctx, 'people', rows, options, bringPeople)
}

/** Trainings by their code: drafts, and published as soon as nothing is missing; a new version only for a change. */
export async function importTrainings(
  ctx: Ctx,
  rows: readonly Line<TrainingRow>[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  return runImport(ctx, 'trainings', rows, options, bringTrainings)
}

/**
 * Sessions that were held, by their reference, with slots, trainers, learners and marks (*émargements*). A session is
 * closed once nothing is missing; in one that is closed a mark is changed as a correction, with the file as its reason.
 */
export async function importAttendance(
  ctx: Ctx,
  rows: readonly Line<AttendanceRow>[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  return runImport(ctx, 'attendance', rows, options, bringAttendance)
}

/** Funding lines of sessions and enrolments that exist; lines that stand are completed and corrected, none is deleted. */
export async function importFunding(
  ctx: Ctx,
  rows: readonly Line<FundingRow>[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  return runImport(ctx, 'funding', rows, options, bringFunding)
}
