/** One's own account by pages, for who has signed in with the cookie. */
import type { Context } from 'hono'
import { listTasks } from '../attendance/follow-up/tasks.service.ts'
import { tooManyAttempts, wrongPassword } from '../people/people.problems.ts'
import {
  endCalendarFeed,
  findOwnCalendarFeed,
  openCalendarFeed,
} from '../people/sign-in/calendar-feed.service.ts'
import * as sessions from '../people/sign-in/login-session.service.ts'
import { changeOwnPassword } from '../people/sign-in/own-password.service.ts'
import { ownPassword } from '../people/sign-in/sign-in.schema.ts'
import { readMe, signOut } from '../people/sign-in/sign-in.service.ts'
import { listTokens, revokeToken } from '../people/sign-in/token.service.ts'
import { listSessions } from '../planning/session-view.ts'
import type { AppEnv, Router } from '../platform/http/router.ts'
import { check } from '../platform/http/validate.ts'
import { isUuid } from '../platform/ids.ts'
import { invalid, notFound } from '../platform/problems.ts'
import { type AccountView, accountPage, tooManyTriesPage } from './account.page.ts'
import { calendarAddressPage } from './calendar.page.ts'
import { formLimit, readForm } from './form.ts'
import { sendPage } from './layout.ts'
import { fieldErrors, isProblem, waitSecondsOf } from './page-problems.ts'
import { signedIn } from './signed-in.ts'

export function accountRoutes(router: Router): void {
  router.get(
    '/account',
    signedIn((c) => sendAccount(c, { done: c.req.query('done') })),
  )
  router.post('/account/password', formLimit, signedIn(changePassword))
  router.post('/account/login-sessions/end', formLimit, signedIn(endSessions))
  router.post('/account/tokens/revoke', formLimit, signedIn(revoke))
  router.post('/account/calendar', formLimit, signedIn(openCalendar))
  router.post('/account/calendar/end', formLimit, signedIn(endCalendar))
  router.post('/sign-out', formLimit, signedIn(endSession))
}

async function sendAccount(
  c: Context<AppEnv>,
  more: Pick<AccountView, 'done' | 'errors'>,
  status: 200 | 422 = 200,
): Promise<Response> {
  const { ctx } = c.var
  const me = await readMe(ctx)
  const taught = { limit: 20, status: 'open' as const, trainerPersonId: me.person.id }
  const view = {
    me,
    taught: (await listSessions(ctx, taught)).items,
    sessions: (await sessions.listLoginSessions(ctx, { limit: 50 })).items,
    tasks: await listTasks(ctx),
    tokens: (await listTokens(ctx, { limit: 50 })).items,
    calendarSince: await findOwnCalendarFeed(ctx),
  }
  return sendPage(
    c,
    (organisation) => accountPage({ ...view, timeZone: organisation?.timeZone, ...more }),
    status,
  )
}

async function changePassword(c: Context<AppEnv>): Promise<Response> {
  const form = await readForm(c, ['currentPassword', 'newPassword'])
  try {
    c.header('Set-Cookie', await changeOwnPassword(c.var.ctx, check(ownPassword, form)))
  } catch (error) {
    if (isProblem(error, invalid) || isProblem(error, wrongPassword)) {
      return sendAccount(c, { errors: fieldErrors(error) }, 422)
    }
    if (!isProblem(error, tooManyAttempts)) throw error
    const waitSeconds = waitSecondsOf(c, error)
    return sendPage(c, () => tooManyTriesPage(waitSeconds), 429)
  }
  return c.redirect('/account?done=password', 303)
}

/** The one of the form, or without one all the others. */
async function endSessions(c: Context<AppEnv>): Promise<Response> {
  const { id } = await readForm(c, ['id'])
  if (id === '') {
    await sessions.endLoginSessions(c.var.ctx, 'current')
    return c.redirect('/account?done=sessions', 303)
  }
  await ignoringGone(() => sessions.endLoginSession(c.var.ctx, idOf(id)))
  return c.redirect('/account?done=session', 303)
}

async function revoke(c: Context<AppEnv>): Promise<Response> {
  const { id } = await readForm(c, ['id'])
  await ignoringGone(() => revokeToken(c.var.ctx, idOf(id)))
  return c.redirect('/account?done=token', 303)
}

/** Answered with the page itself, since the address is shown this once. */
async function openCalendar(c: Context<AppEnv>): Promise<Response> {
  const { url } = await openCalendarFeed(c.var.ctx)
  return sendPage(c, () => calendarAddressPage(url))
}

async function endCalendar(c: Context<AppEnv>): Promise<Response> {
  await endCalendarFeed(c.var.ctx)
  return c.redirect('/account?done=calendar', 303)
}

function idOf(text: string): string {
  if (!isUuid(text)) throw notFound()
  return text
}

/** What is gone already is what was asked for: a button pressed twice is no error. */
async function ignoringGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isProblem(error, notFound)) throw error
  }
}

async function endSession(c: Context<AppEnv>): Promise<Response> {
  c.header('Set-Cookie', await signOut(c.var.ctx))
  return c.redirect('/sign-in', 303)
}
