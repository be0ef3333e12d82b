/** The thin layer over pdfkit: a document with fonts, tags and fixed dates, and helpers to mark what is drawn. */
import type { Node } from 'mdast'
import PDFDocument from 'pdfkit'
import { fonts } from './fonts.ts'
import type { PageFrame } from './style.ts'

export type Doc = PDFKit.PDFDocument
export type Element = PDFKit.PDFStructureElement

/**
 * A structure element that is made, and takes its place in reading order, when its first content is drawn; so blocks
 * can be measured and thrown away. Gives null inside an artifact, where nothing is tagged.
 */
export type Tag = () => Element | null

/** `alt`: what stands for a picture. `scope`: what a heading of a table is about. */
type TagOptions = { alt?: string; scope?: 'Column' | 'Row' }

/** A tag inside another. */
export function tagIn(doc: Doc, parent: Tag, type: string, options: TagOptions = {}): Tag {
  let element: Element | null | undefined
  return () => {
    if (element === undefined) {
      const above = parent()
      element = above && doc.struct(type, options)
      if (element) above?.add(element)
    }
    return element
  }
}

/**
 * An empty document with pages of this size, tagged, in French. Every date in it is `issuedAt`, so that the same content gives the same
 * bytes whenever it is drawn.
 */
export function createDoc(title: string, issuedAt: Date, page: PageFrame): Doc {
  const { regular, bold, italic } = fonts()
  const doc = new PDFDocument({
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: 'fr-FR',
    displayTitle: true,
    size: [page.width, page.height],
    margin: 0,
    bufferPages: true,
    // A font given here keeps pdfkit from loading Helvetica, which is never embedded. Its types know only paths and
    // bytes, but parsed fonts are what makes drawing quick.
    font: regular as unknown as string,
    info: {
      Title: safeInXmp(title),
      Producer: 'Préau',
      Creator: 'Préau',
      CreationDate: issuedAt,
      ModDate: issuedAt,
    },
  })
  for (const font of [bold, italic]) doc.registerFont(font.postscriptName, font as unknown as Uint8Array)
  // The space and the no-break space share a glyph, as do hyphens: the first one asked for names it in the text layer.
  for (const font of [regular, bold, italic]) doc.font(font.postscriptName).widthOfString(' -')
  doc.appendXML(modifyDate(issuedAt))
  return doc
}

/** pdfkit writes the title into the XMP metadata as it is, where these three characters would be markup. */
function safeInXmp(title: string): string {
  return title.replaceAll('&', 'et').replaceAll('<', '‹').replaceAll('>', '›')
}

function modifyDate(date: Date): string {
  const instant = `${date.toISOString().split('.')[0]}Z`
  return `<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:ModifyDate>${instant}</xmp:ModifyDate></rdf:Description>`
}

/**
 * Draws as content of a tag; without one, as part of the artifact that is open. `actual` is the text that it stands for,
 * where what is seen is another.
 */
export function contentOf(doc: Doc, tag: Tag, type: string, draw: () => void, actual?: string): void {
  const element = tag()
  if (element === null) {
    draw()
    return
  }
  const content =
    actual === undefined ? doc.markStructureContent(type) : doc.markStructureContent('Span', { actual })
  element.add(content)
  draw()
  doc.endMarkedContent()
}

/** Draws lines that say nothing, beside what `tag` stands for. */
export function decoration(doc: Doc, tag: Tag, draw: () => void): void {
  // Artifacts do not nest.
  if (tag() === null) draw()
  else artifact(doc, 'Layout', draw)
}

/** Draws something that screen readers pass over: rules, page numbers, repeated footers. */
export function artifact(doc: Doc, type: 'Layout' | 'Pagination', draw: () => void): void {
  doc.markContent('Artifact', { type })
  draw()
  doc.endMarkedContent()
}

/** The error for Markdown that documents have no form for, such as raw HTML. */
export function unprintable(node: Node): Error {
  return new Error(`Markdown "${node.type}" cannot be printed, line:${node.position?.start.line ?? '?'}`)
}

/** Ends the document. Resolves with its bytes. */
export async function finish(doc: Doc): Promise<Buffer> {
  doc.end()
  const chunks: Buffer[] = []
  for await (const chunk of doc) chunks.push(chunk)
  return Buffer.concat(chunks)
}
