/** From the lines of a CSV file to typed rows: each column has its reader, each kind of file its rules across cells. */
import { type CsvColumn, type CsvProblem, readCsv } from '../../platform/csv-reader.ts'
import type { CellReader, Read } from './cells.ts'

/** A column and how its cell is read; `null` is an empty cell of an optional column. */
export type Field<T> = CsvColumn & { readCell: (cell: string) => Read<T> }
/** The columns of a kind of file, by the key that their value has in a row. */
export type Fields = Record<string, Field<unknown>>
/** What the cells of one line hold. */
export type Values<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never }

/** Says what is wrong with a row, in the cell of `column`. */
export type Refuse = (column: string, reason: string) => void

/** A row with the number of its line in the file. */
export type Line<Row> = Row & { line: number }
export type Parsed<Row> = { rows: Line<Row>[]; problems: CsvProblem[] }

/** A file wrong from top to bottom is said in its first thousand errors. */
const mostProblems = 1000

/** A column that the file must have and whose cells must be filled. */
export function mandatory<T>(name: string, synonyms: readonly string[], read: CellReader<T>): Field<T> {
  const readCell = (cell: string): Read<T> => (cell === '' ? { reason: 'la cellule est vide' } : read(cell))
  return { name, synonyms, required: true, readCell }
}

/** A column that may be absent, and whose cells may be empty. */
export function optional<T>(name: string, synonyms: readonly string[], read: CellReader<T>): Field<T | null> {
  return { name, synonyms, readCell: (cell) => (cell === '' ? { value: null } : read(cell)) }
}

/**
 * Reads the file and each of its lines. `finish` makes the row out of the cells and refuses what they say together;
 * a row that was refused, whatever it returns, is left out.
 */
export function readRows<F extends Fields, Row>(
  bytes: Uint8Array,
  fields: F,
  finish: (values: Values<F>, refuse: Refuse) => Row | undefined,
): Parsed<Row> {
  const { lines, problems } = readCsv(bytes, Object.values(fields))
  const rows: Line<Row>[] = []
  for (const { line, cells } of lines) {
    const found: CsvProblem[] = []
    const refuse: Refuse = (column, reason) => found.push({ line, column, reason })
    const values = readCells(fields, cells, refuse)
    const row = values && finish(values, refuse)
    if (row !== undefined && found.length === 0) rows.push({ ...row, line })
    else problems.push(...found)
  }
  return { rows, problems: limited(problems) }
}

function readCells<F extends Fields>(
  fields: F,
  cells: Record<string, string>,
  refuse: Refuse,
): Values<F> | undefined {
  let isWhole = true
  const values = Object.entries(fields).map(([key, { name, readCell }]) => {
    const read = readCell(cells[name] ?? '')
    if ('value' in read) return [key, read.value]
    isWhole = false
    refuse(name, read.reason)
    return [key, undefined]
  })
  // Each value comes from the reader of the field of the same key, which is what Values says.
  return isWhole ? (Object.fromEntries(values) as Values<F>) : undefined
}

/** Leaves out the rows whose key an earlier row has, and says so. A row whose key is undefined is kept. */
export function refuseRepeats<Row>(
  { rows, problems }: Parsed<Row>,
  column: string,
  keyOf: (row: Row) => string | undefined,
): Parsed<Row> {
  const firstLines = new Map<string, number>()
  const repeats: CsvProblem[] = []
  const kept = rows.filter((row) => {
    const key = keyOf(row)
    if (key === undefined) return true
    const first = firstLines.get(key)
    if (first === undefined) firstLines.set(key, row.line)
    else repeats.push({ line: row.line, column, reason: `déjà à la ligne ${first}` })
    return first === undefined
  })
  return { rows: kept, problems: limited([...problems, ...repeats]) }
}

function limited(problems: readonly CsvProblem[]): CsvProblem[] {
  const sorted = problems.toSorted((one, other) => one.line - other.line)
  const next = sorted[mostProblems]
  if (next === undefined) return sorted
  const reason = 'le fichier a plus de 1\u202f000 erreurs\u202f; les suivantes ne sont pas dites'
  return [...sorted.slice(0, mostProblems), { line: next.line, column: null, reason }]
}
