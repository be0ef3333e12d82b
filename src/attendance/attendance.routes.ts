import { slotCancelled } from '../planning/planning.problems.ts'
import { type Router, route } from '../platform/http/router.ts'
import { attendanceExamples as examples } from './attendance.examples.ts'
import { attendancePermissions as may } from './attendance.permissions.ts'
import { sessionClosed, sessionNotHeld, sheetSealed, slotNotStarted } from './attendance.problems.ts'
import { slotAttendanceAnswer, slotAttendanceInput } from './attendance.schema.ts'
import * as attendance from './attendance.service.ts'

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
}
