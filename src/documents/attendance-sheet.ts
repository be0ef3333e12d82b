/** Draws attendance sheets (feuilles d'émargement), signed or to be signed on paper. */
import { readFileSync } from 'node:fs'
import { type AttendanceSheetModel, attendanceSheetModel } from './attendance-sheet.model.ts'
import { drawClosing, drawHalfDays, drawRemarks } from './attendance-sheet-details.ts'
import { columnsOf, drawGrid } from './attendance-sheet-grid.ts'
import { openSheet } from './attendance-sheet-pages.ts'
import { frame } from './attendance-sheet-style.ts'
import { shortHash } from './attendance-sheet-wording.ts'
import { missingGlyphs } from './fonts.ts'
import { drawFooters, plainText, prepareFooter } from './page-parts.ts'
import { createDoc, finish, type Tag } from './pdf.ts'
import { fillTemplate } from './template.ts'

/**
 * Draws a sheet; resolves with the PDF's bytes. The same model gives the same bytes.
 * @throws a ZodError when the model is not one; an error naming the line when the template asks for what it has not.
 */
export async function drawAttendanceSheet(model: AttendanceSheetModel): Promise<Buffer> {
  const sheet = attendanceSheetModel.parse(model)
  const { title, header, footer: footerText, body } = fillTemplate(loadTemplate(), valuesOf(sheet))
  const [heading = '', closing = ''] = body.split(/^---$/m)
  const doc = createDoc(plainText(title), new Date(sheet.printedAt), frame)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const content: Tag = () => root
  const footer = prepareFooter(doc, frame, footerText, content)
  const flow = openSheet({
    doc,
    content,
    model: sheet,
    title: heading,
    owner: header,
    bottom: footer.contentBottom,
    slots: columnsOf(sheet.halfDays)[0]?.slots ?? [],
  })
  drawGrid(flow, sheet)
  drawHalfDays(flow, sheet)
  if (!sheet.isBlank) drawRemarks(flow, sheet)
  drawClosing(flow, closing)
  drawFooters(doc, footer)
  root.end()
  return await finish(doc)
}

let template: string | undefined

/** The wording of the organisation: what a sheet is headed and closed with. Above its rule the head, below the close. */
function loadTemplate(): string {
  template ??= readFileSync(new URL('../../templates/documents/attendance-sheet.md', import.meta.url), 'utf8')
  return template
}

/** The model, and what follows from it, for the template. */
function valuesOf(model: AttendanceSheetModel): object {
  const { halfDays, learners, ledger } = model
  const minutes = halfDays.filter(({ cancelled }) => !cancelled).reduce((sum, slot) => sum + slot.minutes, 0)
  const named = learners.map(({ firstName, lastName }) => firstName + lastName).join('')
  return {
    ...model,
    plannedMinutes: minutes,
    onlyHalfDay: halfDays.length === 1 ? halfDays[0] : null,
    hasUnprintable: missingGlyphs(named).length > 0,
    ledgerCode: ledger === null ? null : shortHash(ledger.hash),
  }
}
