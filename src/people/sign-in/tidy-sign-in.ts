/** Forgets what signing in has left behind; a job calls it every day. */
import type { Ctx } from '../../platform/ctx.ts'
import { deleteEndedLoginSessions } from './login-session.queries.ts'
import { oldestLoginSession } from './login-session.ts'
import { deleteOldLinks } from './single-use-link.queries.ts'
import { deleteDrainedThrottles } from './throttle.queries.ts'

/** Deletes login sessions that have ended, and links and counts of failures of more than a day ago; says how many. */
export async function tidySignIn(ctx: Ctx): Promise<{ sessions: number; links: number; throttles: number }> {
  const now = ctx.now()
  const yesterday = now.subtract({ hours: 24 })
  return {
    sessions: await deleteEndedLoginSessions(ctx.db, now, oldestLoginSession(now)),
    links: await deleteOldLinks(ctx.db, yesterday),
    throttles: await deleteDrainedThrottles(ctx.db, yesterday),
  }
}
