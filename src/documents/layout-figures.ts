/** Pictures by scheme: `qr:<address>` is a QR code, `signature:` an empty frame to sign and stamp in. */
import type { Image } from 'mdast'
import { create } from 'qrcode'
import { breakLines, drawLine } from './layout-text.ts'
import { contentOf, decoration, tagIn } from './pdf.ts'
import type { Setting } from './setting.ts'
import { colors, type TextStyle } from './style.ts'

export type Figure = { width: number; height: number; draw(x: number, y: number): void }

/** @throws an error naming the line when the scheme is not one of the two. */
export function figureOf(setting: Setting, image: Image): Figure {
  if (image.url.startsWith('qr:')) return qrCode(setting, image.url.slice('qr:'.length), image.alt ?? '')
  if (image.url.startsWith('signature:')) return signatureFrame(setting, image.alt ?? '')
  throw new Error(`no such picture: ${image.url}, line:${image.position?.start.line ?? '?'}`)
}

/** A QR code as vector rectangles, without its quiet zone: the paper around it serves. */
function qrCode(setting: Setting, content: string, alt: string): Figure {
  const { doc } = setting
  const { modules } = create(content, { errorCorrectionLevel: 'M' })
  const size = setting.sheet.qrSize
  const side = size / modules.size
  const tag = tagIn(doc, setting.tag, 'Figure', { alt })
  return {
    width: size,
    height: size,
    draw: (x, y) => {
      contentOf(doc, tag, 'Figure', () => {
        for (const run of darkRuns(modules)) {
          doc.rect(x + run.column * side, y + run.row * side, run.length * side, side)
        }
        doc.fill(colors.ink)
      })
    },
  }
}

type DarkRun = { row: number; column: number; length: number }

/** Dark modules that touch in a row are one rectangle: fewer bytes, and no seams on screen. */
function darkRuns(modules: { size: number; get(row: number, column: number): number }): DarkRun[] {
  const runs: DarkRun[] = []
  for (let row = 0; row < modules.size; row++) {
    let length = 0
    for (let column = 0; column <= modules.size; column++) {
      if (column < modules.size && modules.get(row, column)) {
        length++
      } else if (length > 0) {
        runs.push({ row, column: column - length, length })
        length = 0
      }
    }
  }
  return runs
}

const frame = { width: 236, height: 92, padding: 8 }
const caption: TextStyle = { size: 7.8, leading: 10.2, before: 0, color: colors.grey, face: 'regular' }

/** Room for a handwritten signature and a rubber stamp, with its caption inside, along the top. */
function signatureFrame(setting: Setting, alt: string): Figure {
  const { doc } = setting
  const tag = tagIn(doc, setting.tag, 'P')
  const run = { text: alt, face: caption.face, link: null }
  const lines = breakLines(doc, [run], caption, frame.width - 2 * frame.padding)
  return {
    width: frame.width,
    height: frame.height,
    draw: (x, y) => {
      decoration(doc, setting.tag, () => {
        doc.roundedRect(x, y, frame.width, frame.height, 3).lineWidth(0.6).stroke(colors.line)
      })
      for (const [index, line] of lines.entries()) {
        const at = { x: x + frame.padding, y: y + frame.padding - 2 + index * caption.leading }
        drawLine(doc, line, caption, at, tag)
      }
    },
  }
}
