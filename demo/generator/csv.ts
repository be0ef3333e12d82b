/** How the demonstration's files are written: each in another dialect, as they come out of people's programs. */

export type Dialect = { delimiter: ';' | ','; newline: '\n' | '\r\n'; hasByteOrderMark: boolean }

/** A file from its columns and rows; every row has the same keys, which are the headings. */
export function csvFile(rows: readonly Record<string, string>[], dialect: Dialect): Uint8Array {
  const headings = Object.keys(rows[0] ?? {})
  const lines = [headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? ''))]
  const text = lines.map(
    (cells) => cells.map((cell) => written(cell, dialect)).join(dialect.delimiter) + dialect.newline,
  )
  return Buffer.from((dialect.hasByteOrderMark ? '\ufeff' : '') + text.join(''))
}

function written(cell: string, { delimiter, newline }: Dialect): string {
  const text = cell.replaceAll('\n', newline)
  return text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
