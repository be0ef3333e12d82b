/** The table of an attendance sheet: learners one under the other, half-days side by side, the trainers below. */
import { sum } from '../platform/sum.ts'
import type {
  AttendanceSheetModel,
  SheetCell,
  SheetHalfDay,
  SheetLearner,
  SheetStrokes,
} from './attendance-sheet.model.ts'
import type { SheetFlow } from './attendance-sheet-pages.ts'
import { fills, frame, frameWidth, text } from './attendance-sheet-style.ts'
import * as wording from './attendance-sheet-wording.ts'
import { drawStrokes } from './drawn-strokes.ts'
import { contentOf, type Doc, type Tag, tagIn } from './pdf.ts'
import {
  drawGround,
  drawParagraphs,
  heightOfParagraphs,
  type Paragraph,
  paragraphOf,
  rounded,
  shortParagraphOf,
} from './table-cells.ts'
import { drawTable, heightOfTable, type Table, type TableRow } from './table-flow.ts'
import { hoursAndMinutes } from './typography.ts'

const mostColumns = 6
const padding = 3
/** Above and below the text of a cell. */
const paddingAbove = 1.6
const totalWidth = 60
/** A narrow table gives names and companies more room, and its cells a text at the right of the strokes. */
const names = { least: 146, most: 330 }
const wideColumn = 132
const strokesBox = { width: 58, height: 20 }
/** On paper a hand needs 14 mm. */
const leastHeight = { signed: 29, blank: 40 }

/** Half-days side by side; `from` is the place of the first one among all. */
type Columns = { slots: readonly SheetHalfDay[]; from: number; isLast: boolean }

/** As few tables as possible, and as even: 7 half-days are 4 and 3. */
export function columnsOf(halfDays: readonly SheetHalfDay[]): Columns[] {
  const tables = Math.ceil(halfDays.length / mostColumns)
  const starts = Array.from({ length: tables }, (_, index) => Math.ceil((index * halfDays.length) / tables))
  return starts.map((from, index) => ({
    slots: halfDays.slice(from, starts[index + 1]),
    from,
    isLast: index === tables - 1,
  }))
}

/** Draws the tables of all half-days. A table begins on a new page where it would be cut by the end of this one. */
export function drawGrid(flow: SheetFlow, model: AttendanceSheetModel): void {
  for (const [index, columns] of columnsOf(model.halfDays).entries()) {
    const table = tableOf({ doc: flow.doc, model, columns, ...widthsOf(model, columns) })
    flow.showing(columns.slots)
    if (index > 0) {
      flow.y += 14
      if (model.isBlank || flow.y + heightOfTable(table) > flow.bottom) flow.turnPage()
    }
    drawTable(flow, table)
  }
}

type Grid = { doc: Doc; model: AttendanceSheetModel; columns: Columns; xs: number[]; slotWidth: number }

function widthsOf(model: AttendanceSheetModel, { slots, isLast }: Columns): Pick<Grid, 'xs' | 'slotWidth'> {
  const totals = isLast && !model.isBlank ? totalWidth : 0
  const room = frameWidth - totals
  const nameWidth = Math.min(names.most, Math.max(names.least, room - slots.length * 160))
  const slotWidth = (room - nameWidth) / slots.length
  const begins = [0, ...slots.map((_, index) => nameWidth + index * slotWidth), room]
  const xs = totals > 0 ? [...begins, frameWidth] : begins
  return { xs: xs.map((x) => rounded(frame.left + x)), slotWidth }
}

function tableOf(grid: Grid): Table {
  const learners = grid.model.learners.map((learner) => learnerRow(grid, learner))
  return { xs: grid.xs, head: headRow(grid), rows: [...learners, ...trainerRows(grid)] }
}

/** One cell: what is written in it, the strokes, and how it is tagged. */
type Cell = {
  type: 'TH' | 'TD'
  scope?: 'Column' | 'Row'
  paragraphs: Paragraph[]
  strokes?: SheetStrokes | null | undefined
  align?: 'center'
  /** Else in the middle: a hand needs the rest of the cell to sign. */
  isAtTop?: boolean
  ground?: string | undefined
}

/** A row of cells, as high as the highest of them. */
function rowOf(grid: Grid, cells: readonly Cell[], least: number, ground?: string): TableRow {
  const height = rounded(Math.max(least, ...cells.map((cell) => heightOfCell(grid, cell))))
  return {
    height,
    draw: (y, tag) => {
      if (ground) drawGround(grid.doc, tag, { x: frame.left, y, width: frameWidth, height }, ground)
      for (const [index, cell] of cells.entries()) {
        const [x = 0, end = 0] = grid.xs.slice(index, index + 2)
        drawCell(grid.doc, cell, { x, y, width: rounded(end - x), height }, tag)
      }
    },
  }
}

function heightOfCell({ slotWidth }: Grid, { paragraphs, strokes }: Cell): number {
  const textHeight = heightOfParagraphs(paragraphs)
  if (!strokes) return textHeight + 2 * paddingAbove
  if (slotWidth < wideColumn) return strokesBox.height + textHeight + 1
  return Math.max(strokesBox.height, textHeight) + 2 * paddingAbove
}

type Box = { x: number; y: number; width: number; height: number }

function drawCell(doc: Doc, cell: Cell, box: Box, row: Tag): void {
  const { type, scope, paragraphs, strokes, align, isAtTop, ground } = cell
  const tag = tagIn(doc, row, type, scope ? { scope } : {})
  if (ground) drawGround(doc, row, box, ground)
  const isWide = box.width >= wideColumn
  const place = { x: box.x + padding, y: box.y + paddingAbove, width: box.width - 2 * padding }
  if (strokes) {
    const target = isWide ? { ...place, width: strokesBox.width } : place
    const area = { ...target, y: box.y + 1, height: isWide ? box.height - 2 : strokesBox.height - 1 }
    contentOf(doc, tag, 'Span', () => drawStrokes(doc, strokes, area), 'Signature manuscrite')
  }
  if (paragraphs.length === 0) {
    // An empty cell is one nevertheless: the columns are counted.
    tag()
    return
  }
  const textHeight = heightOfParagraphs(paragraphs)
  const isBelow = strokes && !isWide
  const middle = isAtTop ? place.y : box.y + (box.height - textHeight) / 2
  const top = isBelow ? box.y + strokesBox.height + 0.5 : middle
  const aside = strokes && isWide ? strokesBox.width + 6 : 0
  const at = { x: place.x + aside, y: rounded(top), width: place.width - aside }
  drawParagraphs(doc, paragraphs, align && aside === 0 ? { ...at, align } : at, tag)
}

/** The width of text in a cell of a half-day. */
function textWidthIn({ slotWidth }: Grid, strokes: SheetStrokes | null | undefined): number {
  const inner = slotWidth - 2 * padding
  return strokes && slotWidth >= wideColumn ? inner - strokesBox.width - 6 : inner
}

function nameWidthOf({ xs }: Grid): number {
  const [start = 0, end = 0] = xs
  return end - start - 2 * padding
}

function headRow(grid: Grid): TableRow {
  const { doc, columns, model } = grid
  const width = textWidthIn(grid, null)
  const heading = (paragraphs: Paragraph[]): Cell => ({
    type: 'TH',
    scope: 'Column',
    paragraphs,
    isAtTop: true,
  })
  const slots = columns.slots.map((slot) => heading(slotHeading(doc, slot, width)))
  const learners = heading([
    paragraphOf(doc, 'Stagiaire', text.headingDay, nameWidthOf(grid)),
    paragraphOf(doc, 'Nom, prénom, entreprise', text.heading, nameWidthOf(grid)),
  ])
  const totals = heading([
    paragraphOf(doc, 'Heures', text.headingDay, totalWidth - 2 * padding),
    paragraphOf(doc, 'réalisées, prévues', text.heading, totalWidth - 2 * padding),
  ])
  return rowOf(grid, [learners, ...slots, ...(hasTotals(model, columns) ? [totals] : [])], 0, fills.heading)
}

function hasTotals(model: AttendanceSheetModel, { isLast }: Columns): boolean {
  return isLast && !model.isBlank
}

function slotHeading(doc: Doc, slot: SheetHalfDay, width: number): Paragraph[] {
  const duration = hoursAndMinutes(slot.minutes)
  return [
    paragraphOf(doc, wording.dayOf(slot), text.headingDay, width),
    paragraphOf(doc, wording.hoursOf(slot), text.heading, width),
    paragraphOf(
      doc,
      slot.cancelled ? 'Annulée' : `${duration}, ${wording.modalityOf(slot).toLowerCase()}`,
      text.heading,
      width,
    ),
    ...(slot.topic === null ? [] : [shortParagraphOf(doc, slot.topic, text.topic, { width, lines: 2 })]),
  ]
}

function learnerRow(grid: Grid, learner: SheetLearner): TableRow {
  const { doc, model, columns } = grid
  const width = nameWidthOf(grid)
  const beside = [wording.companyOf(learner), wording.datesOf(learner)].filter((line) => line !== null)
  const name: Cell = {
    type: 'TH',
    scope: 'Row',
    paragraphs: [
      paragraphOf(doc, `${learner.lastName} ${learner.firstName}`, text.name, width),
      ...beside.map((line) => paragraphOf(doc, line, text.beside, width)),
    ],
  }
  const cells = columns.slots.map((slot, index) => slotCell(grid, slot, learner.cells[columns.from + index]))
  const total = totalCell(doc, totalLines(learner))
  return rowOf(
    grid,
    [name, ...cells, ...(hasTotals(model, columns) ? [total] : [])],
    model.isBlank ? leastHeight.blank : leastHeight.signed,
  )
}

function slotCell(grid: Grid, slot: SheetHalfDay, cell: SheetCell | undefined): Cell {
  const { doc, model } = grid
  const ground = slot.cancelled ? fills.cancelled : undefined
  if (cell === undefined) return { type: 'TD', paragraphs: [], ground }
  const strokes = model.isBlank || cell.mark?.status === 'absent' ? null : cell.signature?.strokes
  const lines = model.isBlank ? wording.blankLinesOf(cell, slot) : wording.linesOf(cell, slot)
  const paragraphs = lines.map(({ text: words, isFaint }) =>
    paragraphOf(doc, words, isFaint ? text.faint : text.caption, textWidthIn(grid, strokes)),
  )
  return { type: 'TD', paragraphs, strokes, align: 'center', ground }
}

function totalLines({ attendedMinutes, asynchronousMinutes, plannedMinutes }: SheetLearner): string[] {
  return [
    hoursAndMinutes(attendedMinutes),
    `sur ${hoursAndMinutes(plannedMinutes)}`,
    ...(asynchronousMinutes > 0 ? [`dont ${hoursAndMinutes(asynchronousMinutes)} en autonomie`] : []),
  ]
}

function totalCell(doc: Doc, [first = '', ...others]: readonly string[]): Cell {
  const width = totalWidth - 2 * padding
  const below = others.map((line) => paragraphOf(doc, line, text.beside, width))
  return { type: 'TD', paragraphs: [paragraphOf(doc, first, text.total, width), ...below], align: 'center' }
}

/** A row for the first trainer of each half-day, one for the second … The sum of all hours stands in the first. */
function trainerRows(grid: Grid): TableRow[] {
  const { doc, model, columns } = grid
  const most = Math.max(1, ...columns.slots.map(({ trainers }) => trainers.length))
  const all = sum(model.learners.map(({ attendedMinutes }) => attendedMinutes))
  return Array.from({ length: most }, (_, place) => {
    const heading: Cell = {
      type: 'TH',
      scope: 'Row',
      paragraphs: [paragraphOf(doc, 'Formateur ou formatrice', text.name, nameWidthOf(grid))],
      ground: fills.heading,
    }
    const cells = columns.slots.map((slot) => trainerCell(grid, slot, place))
    const total = place === 0 ? totalCell(doc, [hoursAndMinutes(all), 'en tout']) : empty
    return rowOf(
      grid,
      [heading, ...cells, ...(hasTotals(model, columns) ? [total] : [])],
      model.isBlank ? leastHeight.blank : leastHeight.signed,
    )
  })
}

const empty: Cell = { type: 'TD', paragraphs: [] }

function trainerCell(grid: Grid, slot: SheetHalfDay, place: number): Cell {
  const { doc, model } = grid
  const ground = slot.cancelled ? fills.cancelled : undefined
  const trainer = slot.trainers[place]
  if (trainer === undefined) return { type: 'TD', paragraphs: [], ground }
  const strokes = model.isBlank ? null : trainer.signature?.strokes
  const width = textWidthIn(grid, strokes)
  const signing = model.isBlank ? '' : wording.trainerSigningOf(trainer, slot)
  const words = signing === '' ? trainer.name : `${trainer.name}, ${signing}`
  return {
    type: 'TD',
    paragraphs: [paragraphOf(doc, words, text.caption, width)],
    strokes,
    align: 'center',
    isAtTop: model.isBlank,
    ground,
  }
}
