/** Pages: puts a filled-in template on A4, with its letterhead, its footer and page numbers. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { sum } from '../platform/sum.ts'
import { type Block, blocksOf, heightOf, type Row } from './layout-blocks.ts'
import { blocksFrom, drawFooters, drawRows, drawRule, plainText, prepareFooter } from './page-parts.ts'
import { artifact, createDoc, type Doc, finish, type Tag } from './pdf.ts'
import { bodySheet, colors, contentWidth, headerSheet, page, scaled } from './style.ts'
import type { FilledTemplate } from './template.ts'

/** Draws a filled-in template. `issuedAt` is the only date in the file. Resolves with the PDF's bytes. */
export async function drawPdf(template: FilledTemplate, issuedAt: Date): Promise<Buffer> {
  const doc = createDoc(plainText(template.title), issuedAt, page)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const content: Tag = () => root
  const top = drawLetterhead(doc, template.header, content)
  const footer = prepareFooter(doc, page, template.footer, content)
  fillPages(doc, template.body, { top, bottom: footer.contentBottom }, content)
  drawFooters(doc, footer)
  root.end()
  return await finish(doc)
}

const letterhead = { name: contentWidth * 0.52, details: contentWidth * 0.4, gapBelow: 14 }

/** The header of the first page: its first block at the left, the others in a column at the right. */
function drawLetterhead(doc: Doc, markdown: string, tag: Tag): number {
  const [name, ...details] = fromMarkdown(markdown).children
  const rowsOf = (nodes: typeof details, width: number): Row[] =>
    blocksOf({ doc, sheet: headerSheet, width, tag, source: markdown }, nodes).flatMap((block) => block.rows)
  const left = rowsOf(name ? [name] : [], letterhead.name)
  const right = rowsOf(details, letterhead.details)
  drawRows(left, page.left, page.top)
  drawRows(right, page.left + contentWidth - letterhead.details, page.top)
  const bottom = page.top + Math.max(heightOf(left, true), heightOf(right, true)) + letterhead.gapBelow
  drawRule(doc, page, bottom)
  artifact(doc, 'Layout', () => {
    doc.rect(page.left, bottom - 1, 36, 2).fill(colors.accent)
  })
  return bottom
}

type Area = { top: number; bottom: number }

/**
 * Fills pages with the body. It is set on one page where stretching or tightening its spaces, then smaller type, can
 * do it: a signature alone on a second page certifies nothing. Else a block stays whole, and with the block that it
 * announces, unless it is longer than a page. The first page's area is given, the next ones start at the top margin.
 */
function fillPages(doc: Doc, markdown: string, area: Area, tag: Tag): void {
  const { blocks, spacing } = fitted(area, (scale) =>
    blocksFrom(doc, markdown, scaled(bodySheet, scale), contentWidth, tag),
  )
  let y = area.top
  let atTop = false
  const turnPage = (): void => {
    doc.addPage()
    y = page.top
    atTop = true
  }
  for (const group of groupsOf(blocks)) {
    const rows = group.map((row) => ({ ...row, before: row.before * spacing }))
    const fitsHere = y + heightOf(rows, atTop) <= area.bottom + slack
    const fitsNextPage = page.top + heightOf(rows, true) <= area.bottom + slack
    if (!fitsHere && fitsNextPage) turnPage()
    for (const row of rows) {
      if (!atTop && y + row.before + row.height > area.bottom + slack) turnPage()
      if (!atTop) y += row.before
      row.draw(page.left, y)
      y += row.height
      atTop = false
    }
  }
}

const scales = [1, 0.94, 0.88]
const tightest = 0.45
const loosest = 1.25
/** Sums of lengths are compared with this much slack, far below what an eye or a printer can tell. */
const slack = 0.01

/** The largest type with which blocks fit the area; if none does, the ordinary size and spacing. */
function fitted(area: Area, make: (scale: number) => Block[]): { blocks: Block[]; spacing: number } {
  for (const scale of scales) {
    const blocks = make(scale)
    const spacing = spacingToFit(blocks, area)
    if (spacing >= tightest) return { blocks, spacing: Math.min(spacing, loosest) }
  }
  return { blocks: make(1), spacing: 1 }
}

/** By how much the spaces between blocks would have to grow or shrink for the blocks to fill the area exactly. */
function spacingToFit(blocks: readonly Block[], area: Area): number {
  const rows = blocks.flatMap((block) => block.rows)
  const spaces = sum(rows.map((row) => row.before))
  return (area.bottom - area.top - (heightOf(rows, false) - spaces)) / spaces
}

/** The rows that must not be parted: those of a block, and of the next one while it keeps with it. */
function groupsOf(blocks: readonly Block[]): Row[][] {
  const groups: Row[][] = []
  let open = false
  for (const block of blocks) {
    if (open) groups.at(-1)?.push(...block.rows)
    else groups.push([...block.rows])
    open = block.keepWithNext
  }
  return groups
}
