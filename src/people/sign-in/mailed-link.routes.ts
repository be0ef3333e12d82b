import { type Router, route } from '../../platform/http/router.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { linkNotValid, tooManyAttempts } from '../people.problems.ts'
import * as links from './mailed-link.service.ts'
import { signInExamples as examples } from './sign-in.examples.ts'
import { linkRequest, linkToken, linkTokenAndPassword } from './sign-in.schema.ts'

const tag = 'Sign in'

/** Nothing here is done by GET: mail scanners open links, and must not use them up. */
export function mailedLinkRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/auth/password-reset',
      tag,
      summary: 'Mails a link to set a new password, if there is an account with this address',
      access: may['link.request'],
      body: linkRequest,
      problems: [tooManyAttempts],
      example: examples.requestLink,
    },
    async ({ ctx, body, c }) => {
      await links.requestLink(ctx, 'passwordReset', body)
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/auth/password-reset/confirm',
      tag,
      summary: 'Sets a new password by the mailed link; ends login sessions, API tokens and other links',
      access: may['link.use'],
      body: linkTokenAndPassword,
      problems: [linkNotValid],
      example: examples.useLinkAndChoosePassword,
    },
    async ({ ctx, body, c }) => {
      await links.resetPassword(ctx, body)
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/auth/sign-in-link',
      tag,
      summary: 'Mails a link to sign in without a password, if there is an account with this address',
      access: may['link.request'],
      body: linkRequest,
      problems: [tooManyAttempts],
      example: examples.requestLink,
    },
    async ({ ctx, body, c }) => {
      await links.requestLink(ctx, 'signInLink', body)
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/auth/sign-in-link/confirm',
      tag,
      summary: 'Signs in by the mailed link; the answer sets the cookie `preau_session`',
      access: may['link.use'],
      body: linkToken,
      problems: [linkNotValid],
      example: examples.useLink,
    },
    async ({ ctx, body, c }) => {
      c.header('Set-Cookie', await links.signInByLink(ctx, body.token))
      return c.body(null, 204)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/auth/invitation/confirm',
      tag,
      summary: 'Chooses the first password by the mailed invitation, and signs in with it',
      access: may['link.use'],
      body: linkTokenAndPassword,
      problems: [linkNotValid],
      example: examples.useLinkAndChoosePassword,
    },
    async ({ ctx, body, c }) => {
      c.header('Set-Cookie', await links.acceptInvitation(ctx, body))
      return c.body(null, 204)
    },
  )
}
