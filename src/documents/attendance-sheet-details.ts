/** What stands below the table of signatures: each half-day in full, remarks, and the closing words. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { AttendanceSheetModel, SheetHalfDay } from './attendance-sheet.model.ts'
import { closingSheet, fills, frame, frameWidth, text } from './attendance-sheet-style.ts'
import * as wording from './attendance-sheet-wording.ts'
import { blocksOf, heightOf, type Row } from './layout-blocks.ts'
import { type Doc, tagIn } from './pdf.ts'
import type { TextStyle } from './style.ts'
import { drawGround, drawParagraphs, heightOfParagraphs, paragraphOf, rounded } from './table-cells.ts'
import { drawTable, type Flow, type TableRow } from './table-flow.ts'
import { hoursAndMinutes } from './typography.ts'

const padding = 3

type Column = { heading: string; share: number; textOf(slot: SheetHalfDay): string }

const columns: readonly Column[] = [
  { heading: 'N°', share: 0.03, textOf: ({ number }) => String(number) },
  {
    heading: 'Demi-journée',
    share: 0.2,
    textOf: (slot) => `${wording.dayOf(slot)}, ${wording.hoursOf(slot).toLowerCase()}`,
  },
  { heading: 'Durée', share: 0.06, textOf: ({ minutes }) => hoursAndMinutes(minutes) },
  { heading: 'Modalité et lieu', share: 0.19, textOf: wording.placeOf },
  { heading: 'Contenu', share: 0.21, textOf: ({ topic }) => topic ?? '' },
  {
    heading: 'Formateurs',
    share: 0.14,
    textOf: ({ trainers }) => trainers.map(({ name }) => name).join(', '),
  },
]
const closing: Column = { heading: 'Clôture', share: 0.17, textOf: wording.sealOf }

/** Draws the table of half-days; on paper nothing is closed yet. */
export function drawHalfDays(flow: Flow, { halfDays, isBlank }: AttendanceSheetModel): void {
  const shown = isBlank ? columns : [...columns, closing]
  const whole = shown.reduce((total, { share }) => total + share, 0)
  const xs = [rounded(frame.left)]
  for (const { share } of shown) xs.push(rounded((xs.at(-1) ?? 0) + (share / whole) * frameWidth))
  const rowOf = (texts: readonly string[], style: TextStyle, type: 'TH' | 'TD') =>
    textRow(flow.doc, xs, { texts, style, type })
  const rows = halfDays.map((slot) =>
    rowOf(
      shown.map(({ textOf }) => textOf(slot)),
      text.detail,
      'TD',
    ),
  )
  const head = rowOf(
    shown.map(({ heading }) => heading),
    text.detailBold,
    'TH',
  )
  flow.y += 12
  drawTable(flow, { xs, head, rows })
}

function textRow(
  doc: Doc,
  xs: readonly number[],
  { texts, style, type }: { texts: readonly string[]; style: TextStyle; type: 'TH' | 'TD' },
): TableRow {
  const cells = texts.map((words, index) => {
    const [x = 0, end = 0] = xs.slice(index, index + 2)
    return {
      x,
      width: end - x,
      paragraphs: words === '' ? [] : [paragraphOf(doc, words, style, end - x - 6)],
    }
  })
  const height = rounded(Math.max(...cells.map(({ paragraphs }) => heightOfParagraphs(paragraphs))) + 4)
  return {
    height,
    draw: (y, row) => {
      if (type === 'TH') drawGround(doc, row, { x: frame.left, y, width: frameWidth, height }, fills.heading)
      for (const { x, paragraphs } of cells) {
        const tag = tagIn(doc, row, type, type === 'TH' ? { scope: 'Column' } : {})
        if (paragraphs.length > 0) drawParagraphs(doc, paragraphs, { x: x + padding, y: y + 2 }, tag)
        else tag()
      }
    },
  }
}

/** Draws what needs more words than a cell has room for. */
export function drawRemarks(flow: Flow, model: AttendanceSheetModel): void {
  for (const { heading, items } of wording.remarksOf(model)) {
    const list = tagIn(flow.doc, flow.content, 'L')
    const rows = items.flatMap((item) => itemRows(flow, item, tagIn(flow.doc, list, 'LI')))
    placeRows(flow, [headingRow(flow, heading), ...rows.slice(0, 1)])
    for (const row of rows.slice(1)) placeRows(flow, [row])
  }
}

function headingRow({ doc, content }: Flow, heading: string): Row {
  const style = closingSheet.headings[1]
  const paragraph = paragraphOf(doc, heading, style, frameWidth)
  const tag = tagIn(doc, content, 'H2')
  return {
    before: style.before,
    height: heightOfParagraphs([paragraph]),
    draw: (x, y) => drawParagraphs(doc, [paragraph], { x, y }, tag),
  }
}

/** One row for each line, so that a long remark may go over pages. */
function itemRows({ doc }: Flow, item: string, itemTag: ReturnType<typeof tagIn>): Row[] {
  const paragraph = paragraphOf(doc, item, text.detail, frameWidth)
  const tag = tagIn(doc, itemTag, 'LBody')
  return paragraph.lines.map((line, index) => ({
    before: index === 0 ? 2 : 0,
    height: text.detail.leading,
    draw: (x, y) => {
      const part = { ...paragraph, lines: [line], actual: index === 0 ? paragraph.actual : undefined }
      drawParagraphs(doc, [part], { x, y }, tag)
    },
  }))
}

/** Draws the closing words, certification by the organisation included; a block stays whole. */
export function drawClosing(flow: Flow, markdown: string): void {
  const { doc, content: tag } = flow
  const setting = { doc, sheet: closingSheet, width: frameWidth, tag, source: markdown }
  for (const { rows } of blocksOf(setting, fromMarkdown(markdown).children)) placeRows(flow, rows)
}

/** Draws rows that must not be parted, on the next page where they do not fit on this one. */
function placeRows(flow: Flow, rows: readonly Row[]): void {
  const needed = heightOf(rows, false)
  if (flow.y + needed > flow.bottom && needed <= flow.roomOnNextPage()) flow.turnPage()
  for (const row of rows) {
    if (flow.y + row.before + row.height > flow.bottom) flow.turnPage()
    row.draw(frame.left, rounded(flow.y + row.before))
    flow.y = rounded(flow.y + row.before + row.height)
  }
}
