import { type Router, route } from '../../platform/http/router.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import * as feed from './calendar-feed.service.ts'
import { signInExamples as examples } from './sign-in.examples.ts'
import { calendarFeedAnswer } from './sign-in.schema.ts'

const tag = 'Sign in'

export function calendarFeedRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/me/calendar-feed',
      tag,
      summary:
        'A secret address to subscribe to one’s own calendar («agenda») by, shown this once; it ends the one before, and ends with a new password. Not for API tokens',
      access: may['calendarFeed.open'],
      signInOnly: true,
      answer: calendarFeedAnswer,
      example: examples.openCalendarFeed,
    },
    ({ ctx }) => feed.openCalendarFeed(ctx),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/me/calendar-feed',
      tag,
      summary: 'Ends the address of one’s own calendar at once',
      access: may['calendarFeed.end'],
      example: examples.endCalendarFeed,
    },
    async ({ ctx, c }) => {
      await feed.endCalendarFeed(ctx)
      return c.body(null, 204)
    },
  )
}
