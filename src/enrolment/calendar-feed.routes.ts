import { answerCalendar, calendarMediaType } from '../planning/calendar-answer.ts'
import { type Router, route } from '../platform/http/router.ts'
import { readCalendarFeed } from './calendar-feed.service.ts'
import { enrolmentExamples as examples } from './enrolment.examples.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'

export function calendarFeedRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/calendar/{token}.ics',
      tag: 'Enrolments',
      summary: 'Somebody’s own half-days, for the calendar programs that they gave their secret address to',
      access: may['calendarFeed.read'],
      params: { token: 'From `POST /api/me/calendar-feed`.' },
      produces: calendarMediaType,
      isTagged: true,
      example: examples.readCalendarFeed,
    },
    async ({ ctx, params, c }) => answerCalendar(c, await readCalendarFeed(ctx, params.token), 'preau.ics'),
  )
}
