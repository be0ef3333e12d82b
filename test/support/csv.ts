/** Writes CSV files in the dialects that people's programs write. */

export type Dialect = {
  delimiter: ';' | ','
  newline: '\n' | '\r\n' | '\r'
  encoding: 'utf-8' | 'utf-8 with BOM' | 'windows-1252'
  /** Every cell between quotation marks, or only those that need them. */
  quotes: 'all' | 'needed'
}

export const excel: Dialect = {
  delimiter: ';',
  newline: '\r\n',
  encoding: 'utf-8 with BOM',
  quotes: 'needed',
}

export function csvBytes(table: readonly (readonly string[])[], dialect: Dialect = excel): Uint8Array {
  const lines = table.map((row) => row.map((cell) => written(cell, dialect)).join(dialect.delimiter))
  return encoded(lines.map((line) => line + dialect.newline).join(''), dialect.encoding)
}

/** A file from its lines as they stand, in UTF-8. */
export function csvLines(...lines: string[]): Uint8Array {
  return encoded(`${lines.join('\n')}\n`, 'utf-8')
}

export function encoded(text: string, encoding: Dialect['encoding']): Uint8Array {
  if (encoding === 'windows-1252')
    return Uint8Array.from(text, (character) => windows1252.get(character) ?? 0x3f)
  return Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`)
}

function written(cell: string, { delimiter, quotes }: Dialect): string {
  const needsQuotes = quotes === 'all' || [delimiter, '"', '\n', '\r'].some((mark) => cell.includes(mark))
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell
}

const windows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
)
