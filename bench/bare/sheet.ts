/** The same sheet by pdfkit alone: the same words and strokes in the same fonts, without tags, rules or a layout. */
import PDFDocument from 'pdfkit'
import type { AttendanceSheetModel, SheetStrokes } from '../../src/documents/attendance-sheet.model.ts'
import { fonts } from '../../src/documents/fonts.ts'
import { finish } from '../../src/documents/pdf.ts'

type Doc = PDFKit.PDFDocument

/** Draws every learner, half-day and signature at a place of its own. Resolves with the PDF's bytes. */
export async function drawBareSheet({ halfDays, learners, training }: AttendanceSheetModel): Promise<Buffer> {
  const { regular, bold } = fonts()
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    font: regular as unknown as string,
  })
  doc.registerFont('bold', bold as unknown as Uint8Array)
  doc.font('bold').fontSize(12)
  write(doc, training.title, 34, 40)
  for (const [column, slot] of halfDays.entries()) {
    const x = 180 + column * 95
    doc.font('bold').fontSize(7)
    write(doc, slot.date, x, 90)
    doc.font(regular.postscriptName).fontSize(6)
    write(doc, `${slot.startTime} – ${slot.endTime}`, x, 100)
    for (const [row, trainer] of slot.trainers.entries())
      sign(doc, `${trainer.name}, ${trainer.signature?.at.time}`, trainer.signature?.strokes, {
        x,
        y: 490 + row * 30,
      })
  }
  for (const [row, learner] of learners.entries()) {
    const y = 120 + (row % 12) * 30
    doc.font('bold').fontSize(8)
    write(doc, `${learner.lastName} ${learner.firstName}`, 36, y)
    doc.font(regular.postscriptName).fontSize(6)
    write(doc, `${learner.company?.name}, SIRET ${learner.company?.siret}`, 36, y + 10)
    for (const [column, { signature }] of learner.cells.entries())
      sign(doc, `${signature?.way}, ${signature?.at.time}`, signature?.strokes, { x: 180 + column * 95, y })
    write(doc, `${learner.attendedMinutes} / ${learner.plannedMinutes}`, 760, y)
  }
  return await finish(doc)
}

function write(doc: Doc, text: string, x: number, y: number): void {
  doc.text(text, x, y, { lineBreak: false })
}

function sign(
  doc: Doc,
  caption: string,
  strokes: SheetStrokes | null | undefined,
  { x, y }: { x: number; y: number },
): void {
  for (const stroke of strokes ?? []) {
    for (let index = 0; index + 1 < stroke.length; index += 2) {
      const [left, top] = [x + (stroke[index] ?? 0) * 0.05, y + (stroke[index + 1] ?? 0) * 0.05]
      if (index === 0) doc.moveTo(left, top)
      else doc.lineTo(left, top)
    }
  }
  doc.lineWidth(0.75).stroke('#1c2a2e')
  write(doc, caption, x, y + 21)
}
