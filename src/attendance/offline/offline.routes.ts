import { type Router, route } from '../../platform/http/router.ts'
import { offlineExamples as examples } from './offline.examples.ts'
import { offlinePermissions as may } from './offline.permissions.ts'
import { clientIdReused, recordedByAnother } from './offline.problems.ts'
import { offlineBatchAnswer, offlineBatchInput } from './offline.schema.ts'
import { recordOfflineEvents } from './offline.service.ts'

export function offlineRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/attendance/events',
      tag: 'Attendance',
      summary: 'Records what a device marked and signed without a network; safe to repeat, in any order',
      access: may['attendance.recordOffline'],
      body: offlineBatchInput,
      answer: offlineBatchAnswer,
      problems: [recordedByAnother, clientIdReused],
      example: examples.recordEvents,
    },
    ({ ctx, body }) => recordOfflineEvents(ctx, body),
  )
}
