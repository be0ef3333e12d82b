/** The rows of a backup, for who compares them with what stands now. */
import type { BackedUpTable } from './manifest.ts'
import type { Backup } from './read-backup.ts'

export type BackedUpRow = {
  /** As COPY wrote it, without the line break. */
  line: string
  /** As COPY wrote it: `\N` for null, line breaks, tabs and backslashes escaped. Throws when there is no such column. */
  column(name: string): string
}

/** So many at a time, in the order in which they were written; none when the backup has no such table. */
export async function* backedUpRows(
  backup: Backup,
  name: string,
  atOnce: number,
): AsyncGenerator<BackedUpRow[]> {
  const table = backup.manifest.tables.find((table) => table.name === name)
  if (!table) return
  let rows: BackedUpRow[] = []
  for await (const line of linesOf(await backup.readTable(table))) {
    rows.push(rowOf(table, line))
    if (rows.length < atOnce) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

/** By line feeds alone: values may hold what else ends a line. */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function rowOf(table: BackedUpTable, line: string): BackedUpRow {
  const values = line.split('\t')
  return {
    line,
    column(name) {
      const value = values[table.columns.indexOf(name)]
      if (value === undefined) throw new Error(`${table.name} of the backup has no ${name}`)
      return value
    },
  }
}
