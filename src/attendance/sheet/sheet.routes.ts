import { issuerNotSetUp } from '../../organisation/organisation.problems.ts'
import { answerFile } from '../../platform/http/file-answer.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { attendancePermissions as may } from '../attendance.permissions.ts'
import { sheetExamples as examples } from './sheet.examples.ts'
import { nothingToPrint } from './sheet.problems.ts'
import { printedSheetQuery, sheetAnswer } from './sheet.schema.ts'
import { readSheet } from './sheet.service.ts'
import { prepareSheet } from './sheet-document.ts'

export function sheetRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/attendance',
      tag: 'Attendance',
      summary: 'The attendance sheet of a session («feuille d’émargement»)',
      access: may['attendance.read'],
      answer: sheetAnswer,
      alternates: [{ path: '/api/sessions/{id}/attendance.pdf', type: 'application/pdf' }],
      example: examples.readSheet,
    },
    ({ ctx, params }) => readSheet(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/attendance.pdf',
      tag: 'Attendance',
      summary: 'The attendance sheet as a PDF, as of now («feuille d’émargement»); or blank, to sign by hand',
      access: may['attendance.read'],
      query: printedSheetQuery,
      produces: 'application/pdf',
      isTagged: true,
      problems: [issuerNotSetUp, nothingToPrint],
      example: examples.printSheet,
    },
    async ({ ctx, params, query, c }) => {
      const wanted = { slotId: query.slotId, isBlank: query.blank === 'true' }
      const { tag, name, draw } = await prepareSheet(ctx, params.id, wanted)
      return answerFile(c, { tag, mediaType: 'application/pdf', disposition: 'inline', name }, draw)
    },
  )
}
