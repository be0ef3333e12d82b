/** What pages of every kind of document have: blocks of Markdown, rules, a footer with page numbers. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { sum } from '../platform/sum.ts'
import { type Block, blocksOf, heightOf, type Row } from './layout-blocks.ts'
import { breakLines, drawLine, runsOf } from './layout-text.ts'
import { artifact, type Doc, type Tag } from './pdf.ts'
import { colors, footerSheet, type PageFrame, type Sheet, widthWithin } from './style.ts'

export function blocksFrom(doc: Doc, markdown: string, sheet: Sheet, width: number, tag: Tag): Block[] {
  return blocksOf({ doc, sheet, width, tag, source: markdown }, fromMarkdown(markdown).children)
}

/** The text of a line of Markdown, without its markup. */
export function plainText(markdown: string): string {
  const [paragraph] = fromMarkdown(markdown).children
  if (paragraph?.type !== 'paragraph') throw new Error('the title of a document is one line of text')
  return runsOf(paragraph.children, 'regular')
    .map((run) => (run === 'break' ? ' ' : run.text))
    .join('')
}

/** Draws rows one under the other, the first at `top`. */
export function drawRows(rows: readonly Row[], x: number, top: number): void {
  let y = top
  for (const [index, row] of rows.entries()) {
    if (index > 0) y += row.before
    row.draw(x, y)
    y += row.height
  }
}

/** A thin rule from margin to margin. */
export function drawRule(doc: Doc, frame: PageFrame, y: number): void {
  artifact(doc, 'Layout', () => {
    doc.lineWidth(0.6).moveTo(frame.left, y)
    doc.lineTo(frame.left + widthWithin(frame), y).stroke(colors.line)
  })
}

/** Something that is not read out, inside an artifact. */
export const untagged: Tag = () => null

const footerGap = 12
const pageNumberWidth = 44

export type Footer = { frame: PageFrame; markdown: string; first: readonly Row[]; top: number }

/** Measures the footer; the page's content ends above `top` less its gap. */
export function prepareFooter(
  doc: Doc,
  frame: PageFrame,
  markdown: string,
  tag: Tag,
): Footer & { contentBottom: number } {
  const first = footerRows(doc, frame, markdown, tag)
  const top = frame.height - frame.bottom - heightOf(first, true)
  return { frame, markdown, first, top, contentBottom: top - 2 * footerGap }
}

function footerRows(doc: Doc, frame: PageFrame, markdown: string, tag: Tag): Row[] {
  const width = widthWithin(frame) - pageNumberWidth
  return blocksFrom(doc, markdown, footerSheet, width, tag).flatMap((block) => block.rows)
}

/** The footer, read once as content on the first page, and repeated on the others as a mere artifact. */
export function drawFooters(doc: Doc, { frame, markdown, first, top }: Footer): void {
  const { count } = doc.bufferedPageRange()
  const repeated = count > 1 ? footerRows(doc, frame, markdown, untagged) : []
  for (let index = 0; index < count; index++) {
    doc.switchToPage(index)
    drawRule(doc, frame, top - footerGap)
    if (index === 0) drawRows(first, frame.left, top)
    else artifact(doc, 'Pagination', () => drawRows(repeated, frame.left, top))
    artifact(doc, 'Pagination', () => drawPageNumber(doc, frame, `${index + 1}\u00a0/\u00a0${count}`))
  }
}

function drawPageNumber(doc: Doc, frame: PageFrame, label: string): void {
  const { text: style } = footerSheet
  const [line = []] = breakLines(doc, [{ text: label, face: 'regular', link: null }], style, pageNumberWidth)
  const width = sum(line.map((piece) => piece.width))
  const x = frame.left + widthWithin(frame) - width
  drawLine(doc, line, style, { x, y: frame.height - frame.bottom - style.leading }, untagged)
}
