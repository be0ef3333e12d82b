/** Pages for who has signed in with the cookie, and the way back to them from where one signs in. */
import type { Context } from 'hono'
import { identify } from '../people/sign-in/sign-in.service.ts'
import type { AppEnv } from '../platform/http/router.ts'

type PageHandler = (c: Context<AppEnv>) => Promise<Response>

/** Leads who is not signed in to where one signs in. Only the cookie counts: programs have no use for pages. */
export function signedIn(handler: PageHandler): PageHandler {
  return async (c) => {
    const { actor, renewedCookie } = await identify(c.var.ctx, { isRead: true })
    if (actor.kind === 'anonymous') return c.redirect(signInPath(c), 303)
    c.set('ctx', { ...c.var.ctx, actor })
    if (renewedCookie !== undefined) c.header('Set-Cookie', renewedCookie)
    return handler(c)
  }
}

/** With the page that was asked for; a form that was sent is not sent again. */
function signInPath(c: Context<AppEnv>): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method !== 'GET' || pathname === '/account') return '/sign-in'
  return `/sign-in?${new URLSearchParams({ next: pathname + search })}`
}

/** Where to go after signing in: a page of ours, whatever the address says. */
export function pathAfterSignIn(next: string | undefined): string {
  return next !== undefined && /^\/[a-z][\w/?=&.-]{0,500}$/i.test(next) ? next : '/account'
}
