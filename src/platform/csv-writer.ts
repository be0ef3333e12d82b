/**
 * CSV as a French Excel opens it by a double click: UTF-8 with a byte order mark, semicolons, CRLF, decimal commas
 * (otherwise RFC 4180).
 */

/** Text, a number (printed with a decimal comma), or nothing. */
export type CsvCell = string | number | null

const byteOrderMark = '\ufeff'

/** The file's text: the heading, then a line per row. */
export function csvFile(heading: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return csvHead(heading) + rows.map(csvLine).join('')
}

/** How the file begins, for one that is written piece by piece. */
export function csvHead(heading: readonly string[]): string {
  return byteOrderMark + csvLine(heading)
}

/** One line of the file, its end included. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(';')}\r\n`
}

function csvCell(value: CsvCell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value).replace('.', ',')
  const text = isFormula(value) ? `'${value}` : value
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A spreadsheet runs a text that starts like this, also one that came from a form anybody can fill in. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r\n]/.test(text)
}
