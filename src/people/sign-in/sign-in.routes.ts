import { type Router, route } from '../../platform/http/router.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import {
  badCredentials,
  emailTaken,
  setupDone,
  setupTokenInvalid,
  tooManyAttempts,
} from '../people.problems.ts'
import { accountAnswer } from '../people.schema.ts'
import { setUpFirstAdmin } from './setup.service.ts'
import { signInExamples as examples } from './sign-in.examples.ts'
import { credentials, meAnswer, setupInput } from './sign-in.schema.ts'
import * as signIn from './sign-in.service.ts'

export function signInRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/auth/login',
      tag: 'Sign in',
      summary:
        'Signs in; the answer sets the cookie `preau_session`. Failures are slowed down, per account and per address',
      access: may.login,
      body: credentials,
      problems: [badCredentials, tooManyAttempts],
      example: examples.signInByPassword,
    },
    async ({ ctx, body, c }) => {
      c.header('Set-Cookie', await signIn.signInByPassword(ctx, body))
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/auth/logout',
      tag: 'Sign in',
      summary: 'Ends the login session of the cookie',
      access: may.logout,
    },
    async ({ ctx, c }) => {
      c.header('Set-Cookie', await signIn.signOut(ctx))
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/me',
      tag: 'Sign in',
      summary: 'Who is signed in',
      access: may['me.read'],
      answer: meAnswer,
      example: examples.readMe,
    },
    ({ ctx }) => signIn.readMe(ctx),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/setup',
      tag: 'Sign in',
      summary: 'The first admin, by the one-time link that the first start prints',
      access: may.setup,
      body: setupInput,
      status: 201,
      location: '/api/accounts/{id}',
      answer: accountAnswer,
      problems: [setupTokenInvalid, setupDone, emailTaken],
      example: examples.setUp,
    },
    ({ ctx, body }) => setUpFirstAdmin(ctx, body),
  )
}
