/** Reads CSV files as people have them: either delimiter, any encoding of the trade, headings as they were typed. */
import { CsvError, parse } from 'csv-parse/sync'
import { decodeText } from './csv-decoding.ts'
import { fold } from './fold.ts'

/** A column by its name in French; `synonyms` are other headings it is known by, in French or English. */
export type CsvColumn = { name: string; synonyms: readonly string[]; required?: boolean }

/** `line` is the number of its first line in the file, as an editor shows it; `cells` has every column by name. */
type CsvLine = { line: number; cells: Record<string, string> }

/** `reason` is in French, for the person who made the file. */
export type CsvProblem = { line: number; column: string | null; reason: string }

type CsvContent = { lines: CsvLine[]; problems: CsvProblem[] }

const mostLines = 200_000
const mostCellCharacters = 50_000

/**
 * Reads UTF-8 or Windows-1252, `;` or `,`. Cells are trimmed, in NFC, `''` where absent, their line breaks `\n`.
 * Headings match without case, accents, spaces or punctuation. Blank lines, empty cells beyond the headings and
 * Excel's `sep=;` are skipped. A line with a problem is not among the lines. Never throws for what a file holds.
 */
export function readCsv(bytes: Uint8Array, columns: readonly CsvColumn[]): CsvContent {
  const decoded = decodeText(bytes)
  if ('reason' in decoded)
    return { lines: [], problems: [{ line: decoded.line, column: null, reason: decoded.reason }] }
  const { body, lineBefore, announced } = skipPreamble(decoded.text)
  const { delimiter, headings } = findDelimiter(body, columns, announced)
  const { names, problems } = matchHeadings(headings, columns, lineBefore + 1)
  if (columns.some((column) => column.required && !names.includes(column.name)))
    return { lines: [], problems }
  return readLines(body, delimiter, names, columns, lineBefore, problems)
}

function skipPreamble(text: string): { body: string; lineBefore: number; announced: string | undefined } {
  const preamble = /^(?:[\s;,]*\n)?(?:sep=([;,])[;,]*\n(?:[\s;,]*\n)?)?/i.exec(text)
  const skipped = preamble?.[0] ?? ''
  return {
    body: text.slice(skipped.length),
    lineBefore: skipped.split('\n').length - 1,
    announced: preamble?.[1],
  }
}

const quoting = { quote: '"', escape: '"', relax_quotes: true, relax_column_count: true, trim: true } as const

/** The delimiter that makes the most known headings out of the first line; `;`, Excel's own, when neither wins. */
function findDelimiter(
  body: string,
  columns: readonly CsvColumn[],
  announced: string | undefined,
): { delimiter: string; headings: string[] } {
  const candidates = (announced === undefined ? [';', ','] : [announced]).map((delimiter) => {
    const headings = firstRecord(body, delimiter)
    return {
      delimiter,
      headings,
      known: matchHeadings(headings, columns, 1).names.filter((name) => name).length,
    }
  })
  const [first = { delimiter: ';', headings: [], known: 0 }, second] = candidates
  return second !== undefined && second.known > first.known ? second : first
}

function firstRecord(body: string, delimiter: string): string[] {
  try {
    const start = body.slice(0, mostCellCharacters)
    return parse(start, { ...quoting, delimiter, record_delimiter: '\n', to: 1 })[0] ?? []
  } catch {
    return []
  }
}

/** The column of a heading: its name, `null` for one that is reported and left aside, `''` where nothing is written. */
type HeadingName = string | null

/** `birth_name`, `Birth name` and `birthName` are one heading. */
function headingKey(heading: string): string {
  return fold(heading).replaceAll(' ', '')
}

function matchHeadings(headings: readonly string[], columns: readonly CsvColumn[], line: number) {
  const byHeading = new Map<string, string>([['', '']])
  for (const column of columns)
    for (const heading of [column.name, ...column.synonyms]) byHeading.set(headingKey(heading), column.name)
  const problems: CsvProblem[] = []
  const names: HeadingName[] = []
  for (const heading of headings) {
    const name = byHeading.get(headingKey(heading)) ?? null
    const isTwice = name !== '' && names.includes(name)
    names.push(isTwice ? null : name)
    if (name === null) {
      const known = columns.map((column) => column.name).join(', ')
      const reason = `colonne inconnue\u202f; les colonnes possibles sont\u00a0: ${known}`
      problems.push({ line, column: heading, reason })
    } else if (isTwice) {
      problems.push({ line, column: heading, reason: `la colonne ${name} figure deux fois` })
    }
  }
  for (const { name, required } of columns)
    if (required && !names.includes(name))
      problems.push({ line, column: name, reason: 'cette colonne manque dans la ligne de titres' })
  return { names, problems }
}

function readLines(
  body: string,
  delimiter: string,
  names: readonly HeadingName[],
  columns: readonly CsvColumn[],
  lineBefore: number,
  headingProblems: readonly CsvProblem[],
): CsvContent {
  const lines: CsvLine[] = []
  const problems = [...headingProblems]
  let lastLine = lineBefore
  let records = 0
  const onRecord = (record: string[], info: { lines: number }): null => {
    const line = lastLine + 1
    lastLine = lineBefore + info.lines
    records += 1
    if (records === 1 || record.every((cell) => cell.trim() === '')) return null
    const found = problemsOfRecord(record, names, line)
    if (found.length > 0) problems.push(...found)
    else lines.push({ line, cells: cellsByName(record, names, columns) })
    return null
  }
  try {
    parse(body, { ...quoting, delimiter, record_delimiter: '\n', to: mostLines + 2, on_record: onRecord })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // What follows a stray quotation mark cannot be cut into cells with certainty.
    const reason =
      'un guillemet droit (") ouvre une cellule sans la fermer, ou la ferme avant sa fin\u202f; la lecture s’arrête ici'
    problems.push({ line: lastLine + 1, column: null, reason })
  }
  if (records > mostLines + 1) {
    const reason = 'le fichier a plus de 200\u202f000 lignes\u202f; partagez-le en plusieurs fichiers'
    return { lines: [], problems: [{ line: lastLine, column: null, reason }] }
  }
  return { lines, problems }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all but tab and line break
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

function problemsOfRecord(record: readonly string[], names: readonly HeadingName[], line: number) {
  const problems: CsvProblem[] = []
  for (const [index, cell] of record.entries()) {
    const name = names[index]
    const reason = name ? problemOfCell(cell) : problemOfStrayCell(cell, name)
    if (reason !== undefined) problems.push({ line, column: name || null, reason })
  }
  return problems
}

function problemOfCell(cell: string): string | undefined {
  if (cell.length > mostCellCharacters) return 'la cellule dépasse 50\u202f000 caractères'
  if (control.test(cell)) return 'la cellule contient un caractère de commande invisible'
  if (cell.includes('\ufffd'))
    return 'la cellule contient «\u202f\ufffd\u202f»\u00a0: le fichier a été abîmé par une conversion'
  return undefined
}

/** Text where no column is, most often because a cell holds the delimiter without quotation marks. */
function problemOfStrayCell(cell: string, name: HeadingName | undefined): string | undefined {
  if (name === null || cell.trim() === '') return undefined
  return 'la ligne a du texte hors des colonnes\u202f; une cellule qui contient le séparateur se met entre guillemets droits (")'
}

function cellsByName(
  record: readonly string[],
  names: readonly HeadingName[],
  columns: readonly CsvColumn[],
): Record<string, string> {
  return Object.fromEntries(
    columns.map(({ name }) => [name, (record[names.indexOf(name)] ?? '').normalize('NFC').trim()]),
  )
}
