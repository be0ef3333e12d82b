/** The set-up by pages: the one-time link that the first start prints makes the first admin. */
import type { Context } from 'hono'
import { setupDone, setupTokenInvalid } from '../people/people.problems.ts'
import { checkSetupToken, setUpFirstAdmin } from '../people/sign-in/setup.service.ts'
import { setupInput } from '../people/sign-in/sign-in.schema.ts'
import type { AppEnv, Router } from '../platform/http/router.ts'
import { check } from '../platform/http/validate.ts'
import { invalid } from '../platform/problems.ts'
import { formLimit, readForm } from './form.ts'
import { sendPage } from './layout.ts'
import { fieldErrors, isProblem } from './page-problems.ts'
import {
  type SetupForm,
  setupDonePage,
  setupFields,
  setupLinkExpiredPage,
  setupPage,
  setupSucceededPage,
} from './setup.page.ts'

export function setupRoutes(pages: Router): void {
  pages.get('/setup', async (c) => {
    const token = c.req.query('token') ?? ''
    try {
      await checkSetupToken(c.var.ctx, token)
    } catch (error) {
      return sendSetupProblem(c, error, { token })
    }
    return sendPage(c, () => setupPage({ token }))
  })
  pages.get('/setup/done', (c) => sendPage(c, () => setupSucceededPage(c.var.ctx.baseUrl)))
  pages.post('/setup', formLimit, async (c) => {
    const form = await readForm(c, setupFields)
    try {
      await setUpFirstAdmin(c.var.ctx, check(setupInput, form))
    } catch (error) {
      return sendSetupProblem(c, error, form)
    }
    return c.redirect('/setup/done', 303)
  })
}

async function sendSetupProblem(c: Context<AppEnv>, error: unknown, form: SetupForm): Promise<Response> {
  if (isProblem(error, setupDone)) return sendPage(c, () => setupDonePage, 409)
  const errors = isProblem(error, invalid) ? fieldErrors(error) : []
  if (isProblem(error, setupTokenInvalid) || errors.some(({ pointer }) => pointer === '/token')) {
    return sendPage(c, () => setupLinkExpiredPage, 401)
  }
  if (errors.length === 0) throw error
  return sendPage(c, () => setupPage(form, errors), 422)
}
