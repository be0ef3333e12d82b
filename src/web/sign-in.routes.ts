/** Signing in by pages. To open a page uses no link up and signs nobody in; only forms do. */
import type { Context } from 'hono'
import { badCredentials, linkNotValid, tooManyAttempts } from '../people/people.problems.ts'
import * as links from '../people/sign-in/mailed-link.service.ts'
import type { MailedLinkKind } from '../people/sign-in/sign-in.schema.ts'
import {
  credentials,
  linkRequest,
  linkToken,
  linkTokenAndPassword,
} from '../people/sign-in/sign-in.schema.ts'
import { signInByPassword } from '../people/sign-in/sign-in.service.ts'
import type { AppEnv, Router } from '../platform/http/router.ts'
import { check } from '../platform/http/validate.ts'
import { invalid } from '../platform/problems.ts'
import { formLimit, readForm } from './form.ts'
import { type Page, sendPage } from './layout.ts'
import { fieldErrors, isProblem, waitSecondsOf } from './page-problems.ts'
import * as pages from './sign-in.page.ts'
import { pathAfterSignIn } from './signed-in.ts'

export function signInRoutes(router: Router): void {
  router.get('/sign-in', (c) => sendPage(c, () => pages.signInPage({ next: c.req.query('next') })))
  router.post('/sign-in', formLimit, signIn)
  router.post('/sign-in-link/request', formLimit, requestSignInLink)
  router.get('/forgotten-password', (c) => sendPage(c, () => pages.forgottenPasswordPage()))
  router.post('/forgotten-password', formLimit, requestPasswordReset)
  router.get('/link-sent', (c) => sendPage(c, () => pages.linkSentPage))
  router.get('/password-changed', (c) => sendPage(c, () => pages.passwordChangedPage))
  signInLinkPages(router)
  passwordLinkPages(router)
}

async function signIn(c: Context<AppEnv>): Promise<Response> {
  const { next, ...form } = await readForm(c, ['email', 'password', 'next'])
  const typed = { email: form.email, next }
  try {
    c.header('Set-Cookie', await signInByPassword(c.var.ctx, check(credentials, form)))
  } catch (error) {
    if (isProblem(error, badCredentials)) return sendPage(c, () => pages.signInPage(typed, 'wrong'), 401)
    if (isProblem(error, invalid)) {
      return sendPage(c, () => pages.signInPage(typed, { errors: fieldErrors(error) }), 422)
    }
    if (!isProblem(error, tooManyAttempts)) throw error
    const waitSeconds = waitSecondsOf(c, error)
    return sendPage(c, () => pages.signInPage(typed, { waitSeconds }), 429)
  }
  return c.redirect(pathAfterSignIn(next), 303)
}

async function requestSignInLink(c: Context<AppEnv>): Promise<Response> {
  const form = await readForm(c, ['email'])
  return requestLink(c, 'signInLink', form, (errors) => pages.signInPage({ email: form.email }, { errors }))
}

async function requestPasswordReset(c: Context<AppEnv>): Promise<Response> {
  const form = await readForm(c, ['email'])
  return requestLink(c, 'passwordReset', form, (errors) => pages.forgottenPasswordPage(form.email, errors))
}

async function requestLink(
  c: Context<AppEnv>,
  kind: 'signInLink' | 'passwordReset',
  form: { email: string },
  formAgain: (errors: ReturnType<typeof fieldErrors>) => Page,
): Promise<Response> {
  try {
    await links.requestLink(c.var.ctx, kind, check(linkRequest, form))
  } catch (error) {
    if (isProblem(error, invalid)) return sendPage(c, () => formAgain(fieldErrors(error)), 422)
    if (!isProblem(error, tooManyAttempts)) throw error
    const waitSeconds = waitSecondsOf(c, error)
    return sendPage(c, () => pages.tooManyLinksPage(waitSeconds), 429)
  }
  return c.redirect('/link-sent', 303)
}

function signInLinkPages(router: Router): void {
  router.get('/sign-in-link', (c) => openLink(c, 'signInLink', pages.signInLinkPage))
  router.post('/sign-in-link', formLimit, async (c) => {
    const form = await readForm(c, ['token'])
    try {
      c.header('Set-Cookie', await links.signInByLink(c.var.ctx, check(linkToken, form).token))
    } catch (error) {
      return sendLinkProblem(c, error)
    }
    return c.redirect('/account', 303)
  })
}

function passwordLinkPages(router: Router): void {
  router.get('/reset-password', (c) => openLink(c, 'passwordReset', pages.resetPasswordPage))
  router.post('/reset-password', formLimit, (c) =>
    choosePassword(c, 'passwordReset', pages.resetPasswordPage, async (input) => {
      await links.resetPassword(c.var.ctx, input)
      return c.redirect('/password-changed', 303)
    }),
  )
  router.get('/invitation', (c) => openLink(c, 'invitation', pages.invitationPage))
  router.post('/invitation', formLimit, (c) =>
    choosePassword(c, 'invitation', pages.invitationPage, async (input) => {
      c.header('Set-Cookie', await links.acceptInvitation(c.var.ctx, input))
      return c.redirect('/account', 303)
    }),
  )
}

type LinkPage = (link: pages.OpenedLink, errors?: ReturnType<typeof fieldErrors>) => Page

async function openLink(c: Context<AppEnv>, kind: MailedLinkKind, page: LinkPage): Promise<Response> {
  const token = c.req.query('token') ?? ''
  try {
    const email = await links.readLinkOwner(c.var.ctx, kind, token)
    return sendPage(c, () => page({ token, email }))
  } catch (error) {
    return sendLinkProblem(c, error)
  }
}

async function choosePassword(
  c: Context<AppEnv>,
  kind: MailedLinkKind,
  page: LinkPage,
  choose: (input: { token: string; password: string }) => Promise<Response>,
): Promise<Response> {
  const form = await readForm(c, ['token', 'password'])
  try {
    return await choose(check(linkTokenAndPassword, form))
  } catch (error) {
    const errors = isProblem(error, invalid) ? fieldErrors(error) : []
    if (errors.length === 0 || errors.some(({ pointer }) => pointer === '/token')) {
      return sendLinkProblem(c, error)
    }
    const email = await links.readLinkOwner(c.var.ctx, kind, form.token).catch(() => undefined)
    if (email === undefined) return sendPage(c, () => pages.linkExpiredPage, 401)
    return sendPage(c, () => page({ token: form.token, email }, errors), 422)
  }
}

/** A link that works no longer, or a form without one. */
async function sendLinkProblem(c: Context<AppEnv>, error: unknown): Promise<Response> {
  if (!isProblem(error, linkNotValid) && !isProblem(error, invalid)) throw error
  return sendPage(c, () => pages.linkExpiredPage, 401)
}
