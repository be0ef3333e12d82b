/** Reads a printed document as its receiver does: its text, its metadata, its picture. */
import { createCanvas } from '@napi-rs/canvas'
import jsqr from 'jsqr'
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'

export type PrintedLine = { page: number; text: string; x: number; y: number; width: number; height: number }
export type Tag = { role: string; alt?: string; children: Tag[] }
export type PdfContent = {
  pages: number
  /** All the text, with every kind of space written as a plain one. */
  text: string
  lines: PrintedLine[]
  title: string
  lang: string
  isTagged: boolean
  /** The tree of tags of the first page. */
  tags: Tag
  created: string
}

/** Opens a PDF's bytes. pdfjs takes the bytes it is given away, so it gets a copy. */
async function open(bytes: Uint8Array) {
  return await getDocument({ data: Uint8Array.from(bytes), verbosity: 0 }).promise
}

export async function readPdf(bytes: Uint8Array): Promise<PdfContent> {
  const pdf = await open(bytes)
  const lines: PrintedLine[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue
      const [, , , , x, y] = item.transform
      lines.push({ page: number, text: item.str, x, y, width: item.width, height: item.height })
    }
  }
  const { info } = await pdf.getMetadata()
  const markInfo: unknown = await pdf.getMarkInfo()
  const root = await (await pdf.getPage(1)).getStructTree()
  const content: PdfContent = {
    pages: pdf.numPages,
    text: lines
      .map((line) => line.text)
      .join(' ')
      .replace(/\s+/g, ' '),
    lines,
    title: Reflect.get(info, 'Title'),
    lang: Reflect.get(info, 'Language'),
    isTagged: markInfo instanceof Map && markInfo.get('Marked') === true,
    tags: tagOf(root),
    created: Reflect.get(info, 'CreationDate'),
  }
  await pdf.loadingTask.destroy()
  return content
}

function tagOf(node: unknown): Tag {
  const { role, alt, children } = Object(node)
  const inner = Array.isArray(children) ? children.filter((child) => 'role' in Object(child)) : []
  return { role: String(role), ...(alt ? { alt } : {}), children: inner.map(tagOf) }
}

/** How many lines are drawn on all pages, each from where the pen is put down and of one colour and width. */
export async function countDrawnLines(bytes: Uint8Array, colour: string): Promise<number> {
  const pdf = await open(bytes)
  let count = 0
  for (let number = 1; number <= pdf.numPages; number++) {
    const { fnArray, argsArray } = await (await pdf.getPage(number)).getOperatorList()
    let pen: unknown
    for (const [index, operator] of fnArray.entries()) {
      if (operator === OPS.setStrokeRGBColor) pen = argsArray[index]?.[0]
      if (operator === OPS.constructPath && argsArray[index]?.[0] === OPS.stroke && pen === colour) count++
    }
  }
  await pdf.loadingTask.destroy()
  return count
}

/** What a phone reads when it is held over a page; `scale` 1 is 72 dots to the inch. */
export async function scanQrCode(
  bytes: Uint8Array,
  { page: number = 1, scale = 2 }: { page?: number; scale?: number } = {},
): Promise<string | undefined> {
  const pdf = await open(bytes)
  const page = await pdf.getPage(number)
  const viewport = page.getViewport({ scale })
  const canvas = createCanvas(viewport.width, viewport.height)
  const context = canvas.getContext('2d')
  // pdfjs draws on the canvas of a browser; this one has the same methods.
  const target: unknown = context
  await page.render({ canvas: null, canvasContext: target as never, viewport }).promise
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height)
  await pdf.loadingTask.destroy()
  return jsqr.default(data, width, height)?.data
}
