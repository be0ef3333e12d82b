/** Finds, in what a virtual room exports, the table that says who came and went when, and its columns. */
import { CsvError, parse } from 'csv-parse/sync'
import { fold } from '../../platform/fold.ts'

/** `line` is the number of its first line in the file, as an editor shows it. */
export type TableRow = { line: number; cells: readonly string[] }

export type Column = 'name' | 'email' | 'join' | 'leave' | 'duration' | 'waiting' | 'moderator'

export type Table = {
  headings: readonly string[]
  /** Where each column stands. */
  at: Partial<Record<Column, number>>
  delimiter: string
  rows: TableRow[]
}

/**
 * By the words of a heading, in French or English, without accents: rooms change their wording from one version to the
 * next. The first column that fits takes a heading, and the first heading a column.
 */
const wordings: readonly (readonly [Column, RegExp])[] = [
  ['duration', /\b(duration|duree|time in session)\b/],
  ['waiting', /\b(waiting room|salle d attente)\b/],
  ['moderator', /^(moderator|moderateur)\b/],
  ['email', /mail|courriel|courrier|messagerie/],
  ['leave', /\b(leave|left|depart|sortie|quitte|deconnexion)\b/],
  ['join', /\b(join|joined|arrivee|entree|connexion|rejoint|rejoindre|acces)\b/],
  ['name', /^(full |user )?name\b|^nom\b/],
]

const delimiters = ['\t', ',', ';'] as const

/** The tables of the file that have a name, a time of coming and one of going, by the first delimiter that gives any. */
export function findTables(text: string): Table[] {
  for (const delimiter of delimiters) {
    const tables = tablesIn(recordsOf(text, delimiter), delimiter)
    if (tables.length > 0) return tables
  }
  return []
}

const quoting = { quote: '"', escape: '"', relax_quotes: true, relax_column_count: true } as const

function recordsOf(text: string, delimiter: string): TableRow[] {
  const records: TableRow[] = []
  let lastLine = 0
  try {
    parse(text, {
      ...quoting,
      delimiter,
      record_delimiter: '\n',
      on_record: (cells: string[], { lines }: { lines: number }) => {
        records.push({ line: lastLine + 1, cells: cells.map((cell) => cell.normalize('NFC').trim()) })
        lastLine = lines
        return null
      },
    })
  } catch (error) {
    // What follows a stray quotation mark cannot be cut into cells with certainty; what came before stands.
    if (!(error instanceof CsvError)) throw error
  }
  return records
}

/** A table goes on until a blank line, a line of one cell (the title of the next part) or other headings. */
function tablesIn(records: readonly TableRow[], delimiter: string): Table[] {
  const tables: Table[] = []
  let isInTable = false
  for (const record of records) {
    const at = columnsOf(record.cells)
    const table = tables.at(-1)
    if (at.name !== undefined && at.join !== undefined && at.leave !== undefined) {
      tables.push({ headings: record.cells, at, delimiter, rows: [] })
      isInTable = true
    } else if (record.cells.slice(1).every((cell) => cell === '')) {
      isInTable = false
    } else if (isInTable) {
      table?.rows.push(record)
    }
  }
  return tables
}

function columnsOf(headings: readonly string[]): Table['at'] {
  const at: Table['at'] = {}
  for (const [index, heading] of headings.entries()) {
    const folded = fold(heading)
    const column = wordings.find(([, words]) => words.test(folded))?.[0]
    if (column !== undefined) at[column] ??= index
  }
  return at
}

/** Whether the file has a table of people, though it does not say when they came and went. */
export function hasTotalsOnly(text: string): boolean {
  return delimiters.some((delimiter) =>
    recordsOf(text, delimiter).some(({ cells }) => {
      const { name, duration, join } = columnsOf(cells)
      return name !== undefined && duration !== undefined && join === undefined
    }),
  )
}
