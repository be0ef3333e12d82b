/** The fonts documents are printed in: parsed at first use, then shared by every document of the process. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font, type GlyphRun } from 'fontkit'

export type Face = 'regular' | 'bold' | 'italic'

const files: Record<Face, string> = {
  regular: '400Regular/SourceSans3_400Regular.ttf',
  bold: '600SemiBold/SourceSans3_600SemiBold.ttf',
  italic: '400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
}

let loaded: Record<Face, Font> | undefined

/** The parsed fonts. Parsing costs ten times the drawing of a page, so it happens once, and not at import. */
export function fonts(): Record<Face, Font> {
  loaded ??= { regular: load(files.regular), bold: load(files.bold), italic: load(files.italic) }
  return loaded
}

function load(file: string): Font {
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/source-sans-3/${file}`)
  const font = create(readFileSync(path))
  if ('fonts' in font) throw new Error(`${file} is a collection, not a font`)
  return Object.assign(font, { layout: rememberingLayout(font) })
}

/** Enough for the words of all templates and of some thousand names. */
const mostWords = 5000

/**
 * A font's `layout` that remembers the words it has shaped: shaping is half the cost of a document, and documents of
 * one kind share most of their words. Each word is shaped with an empty glyph cache, because fontkit notes with a
 * glyph the characters that first asked for it, and some glyphs serve several (space and no-break space, Ω and Ohm):
 * the text layer of a document would depend on what the process printed before it.
 */
function rememberingLayout(font: Font): Font['layout'] {
  const shape = font.layout.bind(font)
  const words = new Map<string, GlyphRun>()
  return (word, features) => {
    if (features !== undefined) return shape(word, features)
    let run = words.get(word)
    if (!run) {
      Object.assign(font, { _glyphs: {} })
      run = shape(word)
      if (words.size >= mostWords) words.clear()
      words.set(word, run)
    }
    // Copied, because pdfkit scales positions in place.
    return Object.assign(Object.create(run), {
      positions: run.positions.map((position) => ({ ...position })),
    })
  }
}

/** Characters that have no picture of their own (joiners, marks of direction, soft hyphens): left out in print. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}]/u

type Printing = 'printed' | 'missing' | 'left out'

const printings = new Map<string, Printing>()

function printingOf(character: string): Printing {
  let printing = printings.get(character)
  if (printing === undefined) {
    const codePoint = character.codePointAt(0) ?? 0
    const isInEveryFont = Object.values(fonts()).every((font) => font.hasGlyphForCodePoint(codePoint))
    printing = invisible.test(character) ? 'left out' : isInEveryFont ? 'printed' : 'missing'
    printings.set(character, printing)
  }
  return printing
}

/**
 * The characters of a text that the fonts cannot print, each once, in order of appearance: empty for Latin,
 * Vietnamese, Greek and Cyrillic. To be asked before a document takes a number.
 */
export function missingGlyphs(text: string): string[] {
  return [...new Set(text)].filter((character) => printingOf(character) === 'missing')
}

/** The text with every character the fonts lack replaced by its code, `[U+4E2D]`: seen at once, and readable. */
export function printable(text: string): string {
  let result = ''
  for (const character of text) {
    const printing = printingOf(character)
    if (printing === 'printed') result += character
    else if (printing === 'missing') result += codeOf(character)
  }
  return result
}

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `[U+${code}]`
}
