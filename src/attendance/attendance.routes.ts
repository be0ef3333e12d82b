import { issuerNotSetUp } from '../organisation/organisation.problems.ts'
import { slotCancelled } from '../planning/planning.problems.ts'
import { isKnown } from '../platform/http/etag.ts'
import { type Router, route } from '../platform/http/router.ts'
import { attendanceExamples as examples } from './attendance.examples.ts'
import { attendancePermissions as may } from './attendance.permissions.ts'
import {
  nothingToPrint,
  sessionClosed,
  sessionNotHeld,
  sheetSealed,
  slotNotStarted,
} from './attendance.problems.ts'
import { slotAttendanceAnswer, slotAttendanceInput } from './attendance.schema.ts'
import * as attendance from './attendance.service.ts'
import { printedSheetQuery, sheetAnswer } from './sheet/sheet.schema.ts'
import { readSheet } from './sheet/sheet.service.ts'
import { prepareSheet } from './sheet/sheet-document.ts'

export function attendanceRoutes(router: Router): void {
  route(
    router,
    {
      method: 'put',
      path: '/api/slots/{id}/attendance',
      tag: 'Attendance',
      summary: 'Marks learners in a half-day («émargement»); all or nothing, and safe to repeat',
      access: may['attendance.mark'],
      body: slotAttendanceInput,
      answer: slotAttendanceAnswer,
      problems: [slotNotStarted, slotCancelled, sessionNotHeld, sessionClosed, sheetSealed],
      example: examples.markSlot,
    },
    async ({ ctx, params, body }) => ({ marks: await attendance.markSlot(ctx, params.id, body) }),
  )

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
      const sheet = await prepareSheet(ctx, params.id, wanted)
      c.header('ETag', sheet.tag)
      if (isKnown(c, sheet.tag)) return c.body(null, 304)
      return c.body(await sheet.draw(), 200, {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `inline; filename="${sheet.name}"`,
      })
    },
  )
}
