/** The pages: they call the same services as the API, and work without a script, but for signing by hand. */
import type { Context } from 'hono'
import { catalogueQuery } from '../catalogue/catalogue.schema.ts'
import { listCatalogue, readCatalogueEntry } from '../catalogue/catalogue.service.ts'
import { verifyCertificate } from '../certification/certification.service.ts'
import { type AppEnv, createRouter, type Router } from '../platform/http/router.ts'
import { check } from '../platform/http/validate.ts'
import { notFound } from '../platform/problems.ts'
import { accountRoutes } from './account.routes.ts'
import { assetRoutes } from './assets.ts'
import { attendancePages } from './attendance.routes.ts'
import { cataloguePage, programmePage } from './catalogue.page.ts'
import { docsContentSecurityPolicy, docsDocument } from './docs.page.ts'
import { handlePageError, sendErrorPage } from './error.page.ts'
import { homePage } from './home.page.ts'
import { sendPage } from './layout.ts'
import { isProblem } from './page-problems.ts'
import { setupRoutes } from './setup.routes.ts'
import { signInRoutes } from './sign-in.routes.ts'
import { unknownCodePage, verificationFormPage, verificationPage } from './verification.page.ts'
import { findPublicOrganisation } from './web.queries.ts'

/** Mounted last: what no other route answers is a page that does not exist, for those who want a page. */
export function webRoutes(router: Router): void {
  const pages = createRouter()
  pages.onError(handlePageError)
  assetRoutes(pages)
  homeRoutes(pages)
  cataloguePages(pages)
  verificationRoutes(pages)
  setupRoutes(pages)
  signInRoutes(pages)
  accountRoutes(pages)
  attendancePages(pages)
  pages.get('*', async (c, next) => {
    const wantsPage = c.req.header('accept')?.includes('text/html') && !c.req.path.startsWith('/api/')
    return wantsPage ? sendErrorPage(c, 404) : next()
  })
  router.route('/', pages)
}

function homeRoutes(pages: Router): void {
  pages.get('/', (c) => sendPage(c, homePage))
  pages.get('/docs', async (c) => {
    const organisation = await findPublicOrganisation(c.var.ctx.db)
    c.header('Cache-Control', 'no-store')
    c.header('Content-Security-Policy', docsContentSecurityPolicy)
    return c.html(docsDocument(organisation))
  })
}

function cataloguePages(pages: Router): void {
  pages.get('/catalogue', async (c) => {
    const { q, cursor } = c.req.query()
    const query = check(catalogueQuery, { limit: 20, ...(q && { q }), ...(cursor && { cursor }) })
    const trainings = await listCatalogue(c.var.ctx, query)
    return sendPage(c, (organisation) => cataloguePage(trainings, query.q ?? '', organisation))
  })
  pages.get('/catalogue/:code', async (c) => {
    const training = await readCatalogueEntry(c.var.ctx, c.req.param('code'))
    return sendPage(c, (organisation) => programmePage(training, organisation))
  })
}

function verificationRoutes(pages: Router): void {
  pages.get('/verify', async (c) => {
    const code = c.req.query('code')?.trim()
    return code
      ? c.redirect(`/verify/${encodeURIComponent(code.toWellFormed())}`, 303)
      : sendPage(c, () => verificationFormPage)
  })
  pages.get('/verify/:code', async (c) => {
    const code = c.req.param('code')
    const certificate = await findCertificate(c, code)
    return certificate
      ? sendPage(c, (organisation) => verificationPage(certificate, organisation))
      : sendPage(c, () => unknownCodePage(code), 404)
  })
}

async function findCertificate(c: Context<AppEnv>, code: string) {
  try {
    return await verifyCertificate(c.var.ctx, code)
  } catch (error) {
    if (isProblem(error, notFound)) return undefined
    throw error
  }
}
