/** Tables over any number of pages: the heading is read once and seen on every page. */
import { sum } from '../platform/sum.ts'
import { untagged } from './page-parts.ts'
import { artifact, type Doc, type Tag, tagIn } from './pdf.ts'
import { drawRules, rounded } from './table-cells.ts'

/** Where on which page the next thing goes. */
export type Flow = {
  doc: Doc
  content: Tag
  y: number
  /** Nothing goes below. */
  readonly bottom: number
  /** How much room there is on the next page. */
  roomOnNextPage(): number
  turnPage(): void
}

/** A row that is never cut. `draw` gets where it begins and what its cells are tagged in. */
export type TableRow = { height: number; draw(y: number, tag: Tag): void }

/** `xs`: where the columns begin, and where the last one ends. */
export type Table = { xs: readonly number[]; head: TableRow; rows: readonly TableRow[] }

export function heightOfTable({ head, rows }: Table): number {
  return head.height + sum(rows.map(({ height }) => height))
}

/** Draws a table from where the flow is; begins on the next page where not even the first row fits. */
export function drawTable(flow: Flow, { xs, head, rows }: Table): void {
  const { doc } = flow
  const table = tagIn(doc, flow.content, 'Table')
  const fits = (height: number): boolean => flow.y + height <= flow.bottom
  if (!fits(head.height + (rows[0]?.height ?? 0))) flow.turnPage()
  let ys = [flow.y]
  const drawHere = (row: TableRow, tag: Tag): void => {
    row.draw(flow.y, tag)
    flow.y = rounded(flow.y + row.height)
    ys.push(flow.y)
  }
  drawHere(head, tagIn(doc, table, 'TR'))
  for (const row of rows) {
    if (!fits(row.height)) {
      drawRules(doc, xs, ys)
      flow.turnPage()
      ys = [flow.y]
      artifact(doc, 'Pagination', () => drawHere(head, untagged))
    }
    drawHere(row, tagIn(doc, table, 'TR'))
  }
  drawRules(doc, xs, ys)
}
