/** The pages of an attendance sheet: the head of the first one, the running head of the others, the code of paper ones. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { AttendanceSheetModel, SheetHalfDay } from './attendance-sheet.model.ts'
import { frame, frameWidth, ownerSheet, text, titleSheet } from './attendance-sheet-style.ts'
import { blocksOf, heightOf } from './layout-blocks.ts'
import { figureOf } from './layout-figures.ts'
import { drawRows, drawRule, untagged } from './page-parts.ts'
import { artifact, type Doc, type Tag } from './pdf.ts'
import { colors, type Sheet } from './style.ts'
import { drawParagraphs, paragraphOf, rounded } from './table-cells.ts'
import type { Flow } from './table-flow.ts'

/** `showing` names the half-days that the next pages hold, for the code on a sheet of paper. */
export type SheetFlow = Flow & { showing(slots: readonly SheetHalfDay[]): void }

const gap = 14
const headGap = 8
const runningHeight = 18
const qrSize = titleSheet.qrSize

type Opening = {
  doc: Doc
  content: Tag
  model: AttendanceSheetModel
  /** What the sheet is about and whose it is, in Markdown. */
  title: string
  owner: string
  bottom: number
  slots: readonly SheetHalfDay[]
}

/** Opens the first page with its head. */
export function openSheet({ doc, content, model, title, owner, bottom, slots }: Opening): SheetFlow {
  let shown = slots
  const headWidth = model.isBlank ? frameWidth - qrSize - gap : frameWidth
  const headBottom = drawHead(doc, content, { title, owner, width: headWidth })
  const turnedTop = rounded(frame.top + (model.isBlank ? qrSize + headGap : runningHeight))
  const flow: SheetFlow = {
    doc,
    content,
    y: 0,
    bottom,
    roomOnNextPage: () => bottom - turnedTop,
    turnPage: () => {
      doc.addPage()
      artifact(doc, 'Pagination', () => drawRunningHead(doc, model, headWidth))
      if (model.isBlank) drawCode(flow, model, shown)
      flow.y = turnedTop
    },
    showing: (slots) => {
      shown = slots
    },
  }
  if (model.isBlank) drawCode(flow, model, shown)
  const codeBottom = model.isBlank ? frame.top + qrSize : 0
  const headEnd = rounded(Math.max(headBottom, codeBottom) + headGap)
  drawRule(doc, frame, headEnd)
  artifact(doc, 'Layout', () => {
    doc.rect(frame.left, headEnd - 1, 36, 2).fill(colors.accent)
  })
  flow.y = headEnd + headGap
  return flow
}

/** What the sheet is about at the left, whose it is at the right; gives the lower of their ends. */
function drawHead(
  doc: Doc,
  tag: Tag,
  { title, owner, width }: { title: string; owner: string; width: number },
): number {
  const ownerWidth = width * 0.34
  const titleWidth = width - ownerWidth - 2 * gap
  const rowsOf = (markdown: string, sheet: Sheet, width: number) =>
    blocksOf({ doc, sheet, width, tag, source: markdown }, fromMarkdown(markdown).children).flatMap(
      (block) => block.rows,
    )
  const left = rowsOf(title, titleSheet, titleWidth)
  const right = rowsOf(owner, ownerSheet, ownerWidth)
  drawRows(left, frame.left, frame.top)
  drawRows(right, rounded(frame.left + width - ownerWidth), frame.top)
  return frame.top + Math.max(heightOf(left, true), heightOf(right, true))
}

function drawRunningHead(doc: Doc, { training, session }: AttendanceSheetModel, width: number): void {
  const words = `Feuille d’émargement · ${training.title} · session ${session.reference}`
  const { lines, ...paragraph } = paragraphOf(doc, words, text.running, width)
  drawParagraphs(doc, [{ ...paragraph, lines: lines.slice(0, 1) }], { x: frame.left, y: frame.top }, untagged)
}

/**
 * The page where a scan of this very sheet is sent from. It names the half-days that the sheet holds by the ends of their
 * ids, which differ within a session: whole ones would make the code too dense for a photo of a photocopy.
 */
function drawCode(
  { doc, content }: Flow,
  { scanUrl }: AttendanceSheetModel,
  slots: readonly SheetHalfDay[],
): void {
  const held = slots.filter(({ cancelled }) => cancelled === null)
  if (held.length === 0) return
  const url = `qr:${scanUrl}?slots=${held.map(({ id }) => id.slice(-8)).join('-')}`
  const alt = 'Code QR nommant la session et les demi-journées de cette page'
  const setting = { doc, sheet: titleSheet, width: qrSize, tag: content, source: '' }
  figureOf(setting, { type: 'image', url, alt }).draw(rounded(frame.left + frameWidth - qrSize), frame.top)
}
