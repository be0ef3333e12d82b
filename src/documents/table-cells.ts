/** Cells of tables: paragraphs measured first, then drawn in a frame; rows that repeat their heading on every page. */
import { sum } from '../platform/sum.ts'
import { missingGlyphs, printable } from './fonts.ts'
import { breakLines, drawLine, type Line } from './layout-text.ts'
import { untagged } from './page-parts.ts'
import { artifact, contentOf, type Doc, decoration, type Tag } from './pdf.ts'
import { colors, type TextStyle } from './style.ts'

/** `actual`: the text as it is, where the fonts lack some of its characters. */
export type Paragraph = { lines: Line[]; style: TextStyle; actual: string | undefined }

export function paragraphOf(doc: Doc, text: string, style: TextStyle, width: number): Paragraph {
  const shown = printable(text)
  // The space parts it from what follows for who listens or copies; in print it costs nothing.
  const run = { text: `${shown} `, face: style.face, link: null }
  return {
    lines: breakLines(doc, [run], style, width),
    style,
    actual: shown !== text && missingGlyphs(text).length > 0 ? text : undefined,
  }
}

/** At most so many lines, the last one ending in an ellipsis where something is left out. */
export function shortParagraphOf(
  doc: Doc,
  text: string,
  style: TextStyle,
  { width, lines }: { width: number; lines: number },
): Paragraph {
  const whole = paragraphOf(doc, text, style, width)
  if (whole.lines.length <= lines) return whole
  const kept = whole.lines.slice(0, lines).flatMap((line) => line.map((piece) => piece.text))
  const words = kept.join('').trimEnd().split(' ')
  for (; words.length > 1; words.pop()) {
    const short = paragraphOf(doc, `${words.join(' ')}…`, style, width)
    if (short.lines.length <= lines) return short
  }
  return { ...whole, lines: whole.lines.slice(0, lines) }
}

export function heightOfParagraphs(paragraphs: readonly Paragraph[]): number {
  return sum(paragraphs.map(({ lines, style }) => lines.length * style.leading))
}

type Place = { x: number; y: number; width?: number; align?: 'center' }

/** Draws paragraphs one under the other as content of a tag; `width` is needed for lines in the middle. */
export function drawParagraphs(doc: Doc, paragraphs: readonly Paragraph[], place: Place, tag: Tag): void {
  let y = place.y
  for (const group of readTogether(paragraphs)) {
    const draw = (): void => {
      for (const { lines, style } of group) {
        for (const line of lines) {
          drawLine(doc, line, style, { x: leftOf(line, place), y }, untagged)
          y += style.leading
        }
      }
    }
    contentOf(doc, tag, 'Span', draw, group[0]?.actual)
  }
}

/** Paragraphs are one piece of content, but for those that say something else than what is seen. */
function readTogether(paragraphs: readonly Paragraph[]): Paragraph[][] {
  const groups: Paragraph[][] = []
  for (const paragraph of paragraphs) {
    const last = groups.at(-1)
    if (last && paragraph.actual === undefined && last[0]?.actual === undefined) last.push(paragraph)
    else groups.push([paragraph])
  }
  return groups
}

function leftOf(line: Line, { x, width, align }: Place): number {
  if (align === undefined || width === undefined) return x
  const ink = sum(line.map((piece) => piece.width))
  return rounded(x + Math.max(0, (width - ink) / 2))
}

/** To a hundredth of a point, so that coordinates stay short in the file. */
export function rounded(length: number): number {
  return Math.round(length * 100) / 100
}

/** The rules of a table, or of the part of one that a page holds: between its columns, and between its rows. */
export function drawRules(doc: Doc, xs: readonly number[], ys: readonly number[]): void {
  const [left = 0, right = 0, top = 0, bottom = 0] = [xs[0], xs.at(-1), ys[0], ys.at(-1)]
  artifact(doc, 'Layout', () => {
    doc.lineWidth(0.5)
    for (const x of xs) doc.moveTo(x, top).lineTo(x, bottom)
    for (const y of ys) doc.moveTo(left, y).lineTo(right, y)
    doc.stroke(colors.line)
  })
}

/** A coloured ground, to be drawn before what stands on it. */
export function drawGround(
  doc: Doc,
  tag: Tag,
  box: { x: number; y: number; width: number; height: number },
  color: string,
): void {
  decoration(doc, tag, () => {
    doc.rect(box.x, box.y, box.width, box.height).fill(color)
  })
}
