import type { Context } from 'hono'
import { pageOf } from '../../platform/http/pagination.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { noPassword, tooManyAttempts, wrongPassword } from '../people.problems.ts'
import * as sessions from './login-session.service.ts'
import { changeOwnPassword } from './own-password.service.ts'
import { signInExamples as examples } from './sign-in.examples.ts'
import {
  endLoginSessionsQuery,
  loginSessionAnswer,
  loginSessionsQuery,
  ownPassword,
} from './sign-in.schema.ts'

const tag = 'Sign in'

export function loginSessionRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/me/login-sessions',
      tag,
      summary: 'Where one is signed in, the newest first',
      access: may['loginSession.list'],
      query: loginSessionsQuery,
      answer: pageOf(loginSessionAnswer),
      example: examples.listLoginSessions,
    },
    ({ ctx, query }) => sessions.listLoginSessions(ctx, query),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/me/login-sessions',
      tag,
      summary: 'Signs out everywhere, or with `keep=current` everywhere else; not for API tokens',
      access: may['loginSession.end'],
      query: endLoginSessionsQuery,
      signInOnly: true,
      example: examples.endLoginSessions,
    },
    async ({ ctx, query, c }) => signedOut(c, await sessions.endLoginSessions(ctx, query.keep)),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/me/login-sessions/{id}',
      tag,
      summary: 'Signs out there; not for API tokens',
      access: may['loginSession.end'],
      signInOnly: true,
      example: examples.endLoginSession,
    },
    async ({ ctx, params, c }) => signedOut(c, await sessions.endLoginSession(ctx, params.id)),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/me/password',
      tag,
      summary:
        'Changes one’s own password; ends every other login session and every API token, and begins this session anew. Not for API tokens',
      access: may['password.change'],
      body: ownPassword,
      signInOnly: true,
      problems: [noPassword, wrongPassword, tooManyAttempts],
      example: examples.changePassword,
    },
    async ({ ctx, body, c }) => {
      c.header('Set-Cookie', await changeOwnPassword(ctx, body))
      return c.body(null, 204)
    },
  )
}

function signedOut(c: Context, clearedCookie: string | undefined): Response {
  if (clearedCookie !== undefined) c.header('Set-Cookie', clearedCookie)
  return c.body(null, 204)
}
