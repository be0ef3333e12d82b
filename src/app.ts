/** Builds the application: middleware in order, then every slice's routes. Nothing happens on import. */
import type { Context, Next } from 'hono'
import { getCookie } from 'hono/cookie'
import { secureHeaders } from 'hono/secure-headers'
import { attendanceRoutes } from './attendance/attendance.routes.ts'
import { catalogueRoutes } from './catalogue/catalogue.routes.ts'
import { certificationRoutes } from './certification/certification.routes.ts'
import { complianceRoutes } from './compliance/compliance.routes.ts'
import type { Deps } from './deps.ts'
import { ctxFor } from './deps.ts'
import { enrolmentRoutes } from './enrolment/enrolment.routes.ts'
import { organisationRoutes } from './organisation/organisation.routes.ts'
import { sessionCookieName } from './people/login-session.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { signInRoutes } from './people/sign-in.routes.ts'
import { identify } from './people/sign-in.service.ts'
import { planningRoutes } from './planning/planning.routes.ts'
import { handleError, handleNotFound } from './platform/http/errors.ts'
import { healthRoutes } from './platform/http/health.ts'
import { openApiDocument } from './platform/http/openapi.ts'
import { type AppEnv, createRouter, type Router } from './platform/http/router.ts'
import { sameOriginOnly } from './platform/http/same-origin.ts'
import { newId } from './platform/ids.ts'
import { webRoutes } from './web/web.routes.ts'

export function buildApp(deps: Deps): Router {
  const app = createRouter()
  app.onError(handleError)
  app.notFound(handleNotFound)
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      // A page that needs another policy, such as the API reference, keeps its own.
      overwrite: false,
    }),
  )
  app.use(async (c, next) => anonymousCtx(deps, c, next))
  app.use(sameOriginOnly(deps.baseUrl))
  app.use('/api/*', async (c, next) => signedInCtx(c, next))
  healthRoutes(app)
  apiRoutes(app)
  // Made once: the routes do not change any more.
  let document: string | undefined
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument(app))
    return c.body(document, 200, { 'Content-Type': 'application/json' })
  })
  webRoutes(app)
  return app
}

/** Every route of the API; the order is that of the slices. */
function apiRoutes(app: Router): void {
  organisationRoutes(app)
  signInRoutes(app)
  peopleRoutes(app)
  catalogueRoutes(app)
  planningRoutes(app)
  enrolmentRoutes(app)
  attendanceRoutes(app)
  certificationRoutes(app)
  complianceRoutes(app)
}

async function anonymousCtx(deps: Deps, c: Context<AppEnv>, next: Next): Promise<void> {
  const ctx = ctxFor(deps, { kind: 'anonymous' }, newId())
  c.set('ctx', ctx)
  c.header('X-Request-Id', ctx.requestId)
  await next()
}

/** Answers of the API belong to who asked: no cache keeps them. */
async function signedInCtx(c: Context<AppEnv>, next: Next): Promise<void> {
  c.header('Cache-Control', 'no-store')
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const { actor, renewedCookie } = await identify(c.var.ctx, {
    bearer,
    sessionId: getCookie(c, sessionCookieName),
  })
  c.set('ctx', { ...c.var.ctx, actor })
  if (renewedCookie !== undefined) c.header('Set-Cookie', renewedCookie)
  await next()
}
