/** The demonstration's past: its CSV files, moved near today, through the importer that everyone uses. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createChapter,
  listChapters,
  occupancy,
  readOrganisation,
  writeDemonstration,
} from '../../organisation/organisation.service.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { parseAttendance } from '../import/attendance.csv.ts'
import { parseFunding } from '../import/funding.csv.ts'
import { importAttendance, importFunding, importPeople, importTrainings } from '../import/import.service.ts'
import type { ImportOutcome } from '../import/import-run.ts'
import { parsePeople } from '../import/people.csv.ts'
import type { Parsed } from '../import/rows.ts'
import { parseTrainings } from '../import/trainings.csv.ts'
import type { Say } from '../runtime.ts'
import { chapters, organisation } from './community.ts'

const folder = join(import.meta.dirname, '../../../demo')

/** The day on which the files were written as if it were today. */
const writtenOn = Temporal.PlainDate.from('2026-01-01')

/** Describes the organisation once, then imports the four files; what stands already stays as it is. */
export async function loadHistory(ctx: Ctx, say: Say): Promise<void> {
  await describeOrganisation(ctx)
  const weeks = await weeksSinceWritten(ctx)
  const moved = (date: string) => Temporal.PlainDate.from(date).add({ weeks }).toString()
  const movedOrNull = (date: string | null) => date && moved(date)

  await load('people.csv', parsePeople, (rows) => importPeople(ctx, rows, { dryRun: false }), say)
  await load('trainings.csv', parseTrainings, (rows) => importTrainings(ctx, rows, { dryRun: false }), say)
  await load(
    'attendance.csv',
    parseAttendance,
    (rows) =>
      importAttendance(
        ctx,
        rows.map((row) => ({ ...row, date: moved(row.date) })),
        { dryRun: false },
      ),
    say,
  )
  await load(
    'funding.csv',
    parseFunding,
    (rows) =>
      importFunding(
        ctx,
        rows.map((row) => ({
          ...row,
          invoicedOn: movedOrNull(row.invoicedOn),
          paidOn: movedOrNull(row.paidOn),
        })),
        { dryRun: false },
      ),
    say,
  )
}

async function load<Row>(
  name: string,
  parse: (bytes: Uint8Array) => Parsed<Row>,
  importRows: (rows: Parsed<Row>['rows']) => Promise<ImportOutcome>,
  say: Say,
): Promise<void> {
  const { rows, problems } = parse(await readFile(join(folder, name)))
  const outcome = await importRows(rows)
  const [first] = [...problems, ...outcome.problems]
  if (first) throw new Error(`${name}, line ${first.line}: ${first.reason}`)
  say(`  ${name}: ${rows.length} lines`)
}

async function describeOrganisation(ctx: Ctx): Promise<void> {
  if ((await occupancy(ctx)) === 'empty') await writeDemonstration(ctx, organisation)
  const known = new Set((await listChapters(ctx)).map((chapter) => chapter.name))
  for (const chapter of chapters.filter(({ name }) => !known.has(name))) await createChapter(ctx, chapter)
}

/**
 * Whole weeks, so that week-days stay what they are; counted to the day on which this demonstration was first
 * started, so that a later start imports the very same dates.
 */
async function weeksSinceWritten(ctx: Ctx): Promise<number> {
  const { createdAt, timeZone } = await readOrganisation(ctx)
  const startedOn = createdAt.toZonedDateTimeISO(timeZone).toPlainDate()
  return Math.floor(writtenOn.until(startedOn).days / 7)
}
