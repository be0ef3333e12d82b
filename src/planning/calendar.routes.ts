import { type Router, route } from '../platform/http/router.ts'
import { readSessionCalendar } from './calendar.service.ts'
import { answerCalendar, calendarMediaType } from './calendar-answer.ts'
import { planningExamples as examples } from './planning.examples.ts'
import { planningPermissions as may } from './planning.permissions.ts'

export function calendarRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/calendar.ics',
      tag: 'Sessions',
      summary: 'The half-days of one session for a calendar («agenda»), those cancelled of late too',
      access: may['session.read'],
      produces: calendarMediaType,
      isTagged: true,
      example: examples.readSessionCalendar,
    },
    async ({ ctx, params, c }) => {
      const { reference, text } = await readSessionCalendar(ctx, params.id)
      return answerCalendar(c, text, fileNameOf(reference))
    },
  )
}

/** What people call the session, in letters that every system takes in the name of a file. */
function fileNameOf(reference: string): string {
  const plain = reference.normalize('NFD').replaceAll(/[^\w-]+/g, '')
  return `session-${plain || 'preau'}.ics`
}
