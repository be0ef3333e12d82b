/** Builds the application: middleware in order, then every slice's routes. Nothing happens on import. */
import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { justificationRoutes } from './attendance/absence/justification.routes.ts'
import { attendanceRoutes } from './attendance/attendance.routes.ts'
import { followUpRoutes } from './attendance/follow-up/follow-up.routes.ts'
import { ledgerRoutes } from './attendance/ledger/ledger.routes.ts'
import { offlineRoutes } from './attendance/offline/offline.routes.ts'
import { remoteRoutes } from './attendance/remote/remote.routes.ts'
import { sealingRoutes } from './attendance/sealing/sealing.routes.ts'
import { sheetRoutes } from './attendance/sheet/sheet.routes.ts'
import { scanRoutes } from './attendance/signing/scan.routes.ts'
import { signingRoutes } from './attendance/signing/signing.routes.ts'
import { slotChangeRoutes } from './attendance/slot-changes.routes.ts'
import { catalogueRoutes } from './catalogue/catalogue.routes.ts'
import { certificationRoutes } from './certification/certification.routes.ts'
import { complianceRoutes } from './compliance/compliance.routes.ts'
import { ctxFor, type Deps } from './deps.ts'
import { enrolmentRoutes } from './enrolment/enrolment.routes.ts'
import { organisationRoutes } from './organisation/organisation.routes.ts'
import { accountRoutes } from './people/account.routes.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { calendarFeedRoutes } from './people/sign-in/calendar-feed.routes.ts'
import { loginSessionRoutes } from './people/sign-in/login-session.routes.ts'
import { sessionCookieName } from './people/sign-in/login-session.ts'
import { mailedLinkRoutes } from './people/sign-in/mailed-link.routes.ts'
import { signInRoutes } from './people/sign-in/sign-in.routes.ts'
import { identify } from './people/sign-in/sign-in.service.ts'
import { tokenRoutes } from './people/sign-in/token.routes.ts'
import { planningRoutes } from './planning/planning.routes.ts'
import { clientAddress, isForwardedByStranger } from './platform/http/client-address.ts'
import { handleError, handleNotFound } from './platform/http/errors.ts'
import { closeWhenStopping, healthRoutes } from './platform/http/health.ts'
import { requestLimits } from './platform/http/limits.ts'
import { createMetrics, type Metrics } from './platform/http/metrics.ts'
import { metricsRoute } from './platform/http/metrics-route.ts'
import { openApiRoutes } from './platform/http/openapi.ts'
import { requestLog } from './platform/http/request-log.ts'
import { type AppEnv, createRouter, type Router } from './platform/http/router.ts'
import { sameOriginOnly } from './platform/http/same-origin.ts'
import { securityHeaders } from './platform/http/security-headers.ts'
import { newId } from './platform/ids.ts'
import { jobsRoutes } from './platform/jobs/jobs.routes.ts'
import { mailRoutes } from './platform/mail/mail.routes.ts'
import { webRoutes } from './web/web.routes.ts'

/** What the server that runs the application knows of itself. */
export type Operations = {
  metrics: Metrics
  /** With one, `/metrics` is for who sends it. */
  metricsToken?: string | undefined
  /** The process was asked to end. */
  isStopping(): boolean
}

/** Middleware runs from the top down; routes are asked in this order, the pages last. */
export function buildApp(
  deps: Deps,
  operations: Operations = { metrics: createMetrics(deps.db), isStopping: () => false },
): Router {
  const app = createRouter()
  app.onError(handleError)
  app.notFound(handleNotFound)
  app.use(anonymousCtx(deps))
  app.use(requestLog(operations.metrics))
  app.use(securityHeaders(deps.baseUrl))
  app.use(closeWhenStopping(operations.isStopping))
  app.use(requestLimits)
  app.use(sameOriginOnly(deps.baseUrl))
  app.use('/api/*', signedInCtx)
  healthRoutes(app, operations.isStopping)
  metricsRoute(app, operations.metrics, operations.metricsToken)
  apiRoutes(app)
  openApiRoutes(app)
  webRoutes(app)
  return app
}

/** The routes of the API, in the order of the slices. */
function apiRoutes(app: Router): void {
  organisationRoutes(app)
  signInRoutes(app)
  mailedLinkRoutes(app)
  loginSessionRoutes(app)
  tokenRoutes(app)
  calendarFeedRoutes(app)
  peopleRoutes(app)
  accountRoutes(app)
  catalogueRoutes(app)
  planningRoutes(app)
  enrolmentRoutes(app)
  attendanceRoutes(app)
  sheetRoutes(app)
  signingRoutes(app)
  scanRoutes(app)
  followUpRoutes(app)
  slotChangeRoutes(app)
  offlineRoutes(app)
  justificationRoutes(app)
  sealingRoutes(app)
  ledgerRoutes(app)
  remoteRoutes(app)
  certificationRoutes(app)
  complianceRoutes(app)
  jobsRoutes(app)
  mailRoutes(app)
}

/** Everybody is nobody at first; the id of the request goes out with every answer, and into the log and the audit. */
function anonymousCtx(deps: Deps): MiddlewareHandler<AppEnv> {
  let hasWarned = false
  return async (c, next) => {
    if (!hasWarned && isForwardedByStranger(c, deps.trustedProxies)) {
      hasWarned = true
      deps.log.warn(
        'X-Forwarded-For from an address that PREAU_TRUSTED_PROXIES does not name is not believed',
      )
    }
    const client = {
      address: clientAddress(c, deps.trustedProxies),
      userAgent: c.req.header('user-agent'),
      loginSessionId: getCookie(c, sessionCookieName),
    }
    const ctx = { ...ctxFor(deps, { kind: 'anonymous' }, newId()), client }
    c.set('ctx', ctx)
    await next()
    c.header('X-Request-Id', ctx.requestId)
  }
}

/** Who asks, by token or cookie. */
const signedInCtx: MiddlewareHandler<AppEnv> = async (c, next) => {
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const { actor, renewedCookie } = await identify(c.var.ctx, {
    bearer,
    isRead: c.req.method === 'GET' || c.req.method === 'HEAD',
  })
  c.set('ctx', { ...c.var.ctx, actor })
  await next()
  // Afterwards, so that it goes out with whatever Response was made, and not against who signs in anew or out.
  if (renewedCookie !== undefined && !c.res.headers.has('Set-Cookie')) c.header('Set-Cookie', renewedCookie)
}
