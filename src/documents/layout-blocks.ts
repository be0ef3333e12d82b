/** Blocks: from Markdown's paragraphs, headings and lists to rows that a page can be filled with. */
import type { Image, List, ListItem, Paragraph, PhrasingContent, RootContent } from 'mdast'
import { sum } from '../platform/sum.ts'
import { figureOf } from './layout-figures.ts'
import { breakLines, drawLine, type Line, type Run, runsOf } from './layout-text.ts'
import { decoration, tagIn, unprintable } from './pdf.ts'
import type { Setting } from './setting.ts'
import { colors, type TextStyle } from './style.ts'

/** The smallest thing that is never cut by the end of a page. `before` falls away at the top of a page. */
export type Row = { before: number; height: number; draw(x: number, y: number): void }

/** Rows that stay on one page where they can, together with the next block if it says so. */
export type Block = { rows: Row[]; keepWithNext: boolean }

/** The blocks of Markdown nodes, in reading order. */
export function blocksOf(setting: Setting, nodes: readonly RootContent[]): Block[] {
  return nodes.map((node): Block => {
    switch (node.type) {
      case 'heading': {
        const style = setting.sheet.headings[node.depth === 1 ? 0 : node.depth === 2 ? 1 : 2]
        const rows = textRows(setting, `H${node.depth}`, runsOf(node.children, style.face), style)
        return { rows, keepWithNext: true }
      }
      case 'paragraph':
        return paragraphBlock(setting, node)
      case 'blockquote': {
        const { small } = setting.sheet
        const inner = blocksOf({ ...setting, sheet: { ...setting.sheet, text: small } }, node.children)
        return { rows: inner.flatMap((block, index) => closeUp(block.rows, index > 0)), keepWithNext: false }
      }
      case 'list':
        return { rows: listRows(setting, node), keepWithNext: false }
      case 'thematicBreak':
        return { rows: [ruleRow(setting)], keepWithNext: false }
      default:
        throw unprintable(node)
    }
  })
}

/** Paragraphs of one quote stand closer to each other than to the rest. */
function closeUp(rows: readonly Row[], follows: boolean): Row[] {
  return rows.map((row) => (follows ? { ...row, before: row.before / 3 } : row))
}

/** The height of rows one under the other; the first one's space before is left out at the top of a page. */
export function heightOf(rows: readonly Row[], atTop: boolean): number {
  const height = sum(rows.flatMap((row) => [row.before, row.height]))
  return atTop ? height - (rows[0]?.before ?? 0) : height
}

function paragraphBlock(setting: Setting, node: Paragraph): Block {
  const { children } = node
  const first = children[0]
  const last = children.at(-1)
  if (first?.type === 'image') return alone(besideRow(setting, first, children.slice(1), 'left'))
  if (last?.type === 'image') return alone(besideRow(setting, last, children.slice(0, -1), 'right'))
  if (children.length === 1 && first?.type === 'strong') {
    return { rows: leadRows(setting, runsOf(children, 'bold')), keepWithNext: false }
  }
  const style = setting.sheet.text
  const runs = runsOf(children, style.face)
  // "atteste que :" alone at the foot of a page would announce nothing.
  return { rows: textRows(setting, 'P', runs, style), keepWithNext: lastCharacter(runs) === ':' }
}

function alone(row: Row): Block {
  return { rows: [row], keepWithNext: false }
}

function lastCharacter(runs: readonly Run[]): string | undefined {
  const last = runs.at(-1)
  return last === undefined || last === 'break' ? undefined : last.text.trimEnd().at(-1)
}

function leadRows(setting: Setting, runs: readonly Run[]): Row[] {
  const { lead, longLead } = setting.sheet
  const isLong = breakLines(setting.doc, runs, lead, setting.width).length > 2
  return textRows(setting, 'P', runs, isLong ? longLead : lead)
}

function textRows(setting: Setting, type: string, runs: readonly Run[], style: TextStyle): Row[] {
  const { doc, width } = setting
  const tag = tagIn(doc, setting.tag, type)
  return breakLines(doc, runs, style, width).map((line, index) => ({
    before: index === 0 ? style.before : 0,
    height: style.leading,
    draw: (x, y) => drawLine(doc, line, style, { x, y }, tag),
  }))
}

const gutter = 14

/** A picture with the rest of its paragraph beside it: at its right, or at its left when the picture comes last. */
function besideRow(
  setting: Setting,
  image: Image,
  phrases: readonly PhrasingContent[],
  side: 'left' | 'right',
): Row {
  const { doc, sheet, width } = setting
  const style = sheet.text
  const tag = tagIn(doc, setting.tag, 'P')
  const figure = figureOf(setting, image)
  const textWidth = width - figure.width - gutter
  const lines = withoutBlankEnds(breakLines(doc, runsOf(phrases, style.face), style, textWidth))
  const textHeight = lines.length * style.leading
  const height = Math.max(figure.height, textHeight)
  const drawText = (x: number, top: number): void => {
    for (const [index, line] of lines.entries()) {
      drawLine(doc, line, style, { x, y: top + index * style.leading }, tag)
    }
  }
  return {
    before: style.before * 1.6,
    height,
    draw: (x, y) => {
      if (side === 'left') {
        figure.draw(x, y)
        drawText(x + figure.width + gutter, y + (height - textHeight) / 2)
      } else {
        drawText(x, y)
        figure.draw(x + width - figure.width, y)
      }
    },
  }
}

/** Without the blank line that a line break next to the picture leaves. */
function withoutBlankEnds(lines: readonly Line[]): Line[] {
  const hasInk = (line: Line): boolean => line.some((piece) => piece.text.trim() !== '')
  return lines.slice(lines.findIndex(hasInk), lines.findLastIndex(hasInk) + 1)
}

function ruleRow(setting: Setting): Row {
  const { doc, width, sheet, tag } = setting
  return {
    before: sheet.text.before,
    height: 1,
    draw: (x, y) =>
      decoration(doc, tag, () => {
        doc.lineWidth(0.6).moveTo(x, y)
        doc.lineTo(x + width, y).stroke(colors.line)
      }),
  }
}

const listIndent = 18

function listRows(setting: Setting, list: List): Row[] {
  const inList: Setting = { ...setting, tag: tagIn(setting.doc, setting.tag, 'L') }
  return list.children.flatMap((item, index) => {
    const number = list.ordered ? `${(list.start ?? 1) + index}.` : null
    const before = index === 0 ? setting.sheet.text.before * 0.6 : 1.5
    return itemRows(inList, item, number).map((row, at) => (at === 0 ? { ...row, before } : row))
  })
}

function itemRows(setting: Setting, item: ListItem, number: string | null): Row[] {
  const { doc, sheet } = setting
  const box = boxOf(item, setting.source)
  const label: Run = { text: box?.sign ?? number ?? '•', face: 'regular', link: null }
  const labelStyle = box ? { ...sheet.text, ...boxStyle(box.sign, sheet.text) } : sheet.text
  const [labelLine = []] = breakLines(doc, [label], labelStyle, listIndent)
  const itemTag = tagIn(doc, setting.tag, 'LI')
  const labelTag = tagIn(doc, itemTag, 'Lbl')
  const inner: Setting = { ...setting, tag: tagIn(doc, itemTag, 'LBody'), width: setting.width - listIndent }
  const rows = blocksOf(inner, box?.content ?? item.children).flatMap((block) => block.rows)
  return rows.map((row, index) => ({
    ...row,
    draw: (x, y) => {
      if (index === 0) drawLine(doc, labelLine, labelStyle, { x, y }, labelTag)
      row.draw(x + listIndent, y)
    },
  }))
}

type Box = { sign: '☐' | '☑'; content: ListItem['children'] }

/** The font draws its check boxes smaller than its capitals; a tick is worth the accent colour. */
function boxStyle(sign: Box['sign'], { size, color }: TextStyle): Pick<TextStyle, 'size' | 'color'> {
  return { size: size * 1.2, color: sign === '☑' ? colors.accent : color }
}

/**
 * The check box that opens an item, `[ ]` or `[x]`, and the item without it. Read in the source, where a value that
 * happens to start with `[x]` has its brackets escaped and so stays text.
 */
function boxOf(item: ListItem, source: string): Box | null {
  const [paragraph, ...rest] = item.children
  const text = paragraph?.type === 'paragraph' ? paragraph.children[0] : undefined
  if (paragraph?.type !== 'paragraph' || text?.type !== 'text') return null
  const mark = source.slice(text.position?.start.offset).slice(0, 4)
  if (mark !== '[ ] ' && mark !== '[x] ') return null
  const children = [{ ...text, value: text.value.slice(4) }, ...paragraph.children.slice(1)]
  return { sign: mark === '[x] ' ? '☑' : '☐', content: [{ ...paragraph, children }, ...rest] }
}
