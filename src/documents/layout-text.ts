/** Text: from Markdown's phrases to lines that fit a width, and the drawing of those lines. */
import type { PhrasingContent } from 'mdast'
import { sum } from '../platform/sum.ts'
import { type Face, fonts, printable } from './fonts.ts'
import { contentOf, type Doc, type Element, type Tag, unprintable } from './pdf.ts'
import type { TextStyle } from './style.ts'

/** A stretch of text in one face; `'break'` ends the line. */
export type Run = { text: string; face: Face; link: string | null } | 'break'

type Atom = { text: string; face: Face; link: string | null; width: number }
type Piece = Atom & { x: number }
export type Line = Piece[]

/** Markdown's phrases as runs. `base` is the face of plain text here; bold wins over italic. */
export function runsOf(nodes: readonly PhrasingContent[], base: Face, link: string | null = null): Run[] {
  return nodes.flatMap((node): Run[] => {
    switch (node.type) {
      case 'text':
        return [{ text: printable(node.value.replaceAll('\n', ' ')), face: base, link }]
      case 'break':
        return ['break']
      case 'strong':
        return runsOf(node.children, 'bold', link)
      case 'emphasis':
        return runsOf(node.children, base === 'bold' ? 'bold' : 'italic', link)
      case 'link':
        return runsOf(node.children, base, node.url)
      default:
        throw unprintable(node)
    }
  })
}

/** Where a line may break: after spaces, and after a hyphen or slash between letters. No-break spaces hold. */
const breakPoints = /(?<= )(?! )|(?<=\p{L}[-/])(?=\p{L})/u

/** Breaks runs into lines no wider than `width`; a word wider than a whole line is broken between letters. */
export function breakLines(doc: Doc, runs: readonly Run[], style: TextStyle, width: number): Line[] {
  const lines: Line[] = [[]]
  let x = 0
  const startLine = (): void => {
    lines.push([])
    x = 0
  }
  const add = (word: Atom[]): void => {
    for (const atom of word) {
      appendAtom(lines.at(-1) ?? [], atom, x)
      x += atom.width
    }
  }
  for (const word of wordsOf(doc, runs, style)) {
    if (word === 'break') {
      endWithSpace(lines.at(-1))
      startLine()
      continue
    }
    if (x === 0 && isBlank(word)) continue
    const needed = inkWidth(doc, word, style)
    if (x > 0 && x + needed > width) startLine()
    if (needed <= width) {
      add(word)
      continue
    }
    for (const letter of lettersOf(doc, word, style)) {
      if (x > 0 && x + letter.width > width) startLine()
      add([letter])
    }
  }
  return lines
}

/** A space at the end of a line costs nothing in print, and keeps its last word apart from the next for who listens. */
function endWithSpace(line: Line | undefined): void {
  const last = line?.at(-1)
  if (last && !last.text.endsWith(' ')) last.text += ' '
}

function isBlank(word: readonly Atom[]): boolean {
  return word.every((atom) => atom.text.trim() === '')
}

/** Atoms that belong together: up to the next place where a line may break. */
function wordsOf(doc: Doc, runs: readonly Run[], style: TextStyle): (Atom[] | 'break')[] {
  const words: (Atom[] | 'break')[] = []
  let open: Atom[] | undefined
  for (const run of runs) {
    if (run === 'break') {
      words.push('break')
      open = undefined
      continue
    }
    const parts = run.text === '' ? [] : run.text.split(breakPoints)
    for (const [index, text] of parts.entries()) {
      const atom = measured(doc, { ...run, text }, style)
      if (!open) {
        open = []
        words.push(open)
      }
      open.push(atom)
      if (index < parts.length - 1 || text.endsWith(' ')) open = undefined
    }
  }
  return words
}

function measured(doc: Doc, atom: Omit<Atom, 'width'>, style: TextStyle): Atom {
  return { ...atom, width: widthOf(doc, atom.text, atom.face, style.size) }
}

/** Enough for the words of all templates and of some thousand names. */
const mostWidths = 5000
const widths: Record<Face, Map<string, number>> = { regular: new Map(), bold: new Map(), italic: new Map() }

/** Widths grow with the size of the type, so a word is measured once for all documents. */
function widthOf(doc: Doc, text: string, face: Face, size: number): number {
  const known = widths[face]
  let width = known.get(text)
  if (width === undefined) {
    width = doc.font(fonts()[face].postscriptName).fontSize(1000).widthOfString(text)
    if (known.size >= mostWidths) known.clear()
    known.set(text, width)
  }
  return width * (size / 1000)
}

/** The width of a word without the space after it, which may hang over the margin. */
function inkWidth(doc: Doc, word: readonly Atom[], style: TextStyle): number {
  const width = sum(word.map((atom) => atom.width))
  const last = word.at(-1)
  return last?.text.endsWith(' ') ? width - widthOf(doc, ' ', last.face, style.size) : width
}

let graphemes: Intl.Segmenter | undefined

function lettersOf(doc: Doc, word: readonly Atom[], style: TextStyle): Atom[] {
  graphemes ??= new Intl.Segmenter('fr', { granularity: 'grapheme' })
  const segmenter = graphemes
  return word.flatMap((atom) =>
    Array.from(segmenter.segment(atom.text), ({ segment }) =>
      measured(doc, { ...atom, text: segment }, style),
    ),
  )
}

/** Adds to a line; text in the same face joins the piece before it, so that it is drawn and read as one. */
function appendAtom(line: Line, atom: Atom, x: number): void {
  const last = line.at(-1)
  if (last && last.face === atom.face && last.link === atom.link) {
    last.text += atom.text
    last.width += atom.width
  } else {
    line.push({ ...atom, x })
  }
}

type LineOptions = PDFKit.Mixins.TextOptions & { textWidth: number; wordCount: number }

/** The width is known, and the count of words of no use on a line that pdfkit does not break: it need not measure. */
const lineOptions = { lineBreak: false, baseline: 'alphabetic', wordCount: 1 } as const

/** Draws a line whose top-left corner is at (x, y), as content of `tag`. */
export function drawLine(
  doc: Doc,
  line: Line,
  style: TextStyle,
  at: { x: number; y: number },
  tag: Tag,
): void {
  const baseline = at.y + (style.leading - style.size) / 2 + style.size * 0.8
  for (const piece of line) {
    const x = at.x + piece.x
    const draw = (): void => {
      doc.font(fonts()[piece.face].postscriptName).fontSize(style.size).fillColor(style.color)
      const options: LineOptions = { ...lineOptions, textWidth: piece.width }
      doc.text(piece.text, x, baseline, options)
    }
    const element = piece.link === null ? null : tag()
    if (piece.link === null || element === null) {
      contentOf(doc, tag, 'Span', draw)
    } else {
      drawLink(doc, element, { x, y: at.y, width: piece.width, height: style.leading, url: piece.link }, draw)
    }
  }
}

type LinkBox = { x: number; y: number; width: number; height: number; url: string }

function drawLink(doc: Doc, parent: Element, box: LinkBox, draw: () => void): void {
  const link = doc.struct('Link')
  parent.add(link)
  contentOf(doc, () => link, 'Link', draw)
  const options: PDFKit.Mixins.AnnotationOption & { structParent: Element } = { structParent: link }
  doc.link(box.x, box.y, box.width, box.height, box.url, options)
  // Ended here, because pdfkit notes the page of the annotation when the element ends.
  link.end()
}
