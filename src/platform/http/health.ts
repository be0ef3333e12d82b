/** `/health`: the process answers; `/ready`: it can work, and goes on doing so. */
import { z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { schemaDifference } from '../db/migrate.ts'
import { inTime } from '../in-time.ts'
import { databaseAway, schemaUnknown, stopping } from '../problems.ts'
import { type Router, route } from './router.ts'

const answer = z.object({ status: z.literal('ok') })
const example = { answer: { status: 'ok' as const } }
/** Whoever asks gives up after a few seconds, and then knows less than a 503 says. */
const databasePatienceMs = 3_000

/** `isStopping`: the process was asked to end, and takes no new work. */
export function healthRoutes(router: Router, isStopping: () => boolean): void {
  route(
    router,
    {
      method: 'get',
      path: '/health',
      tag: 'Operations',
      summary: 'The process answers',
      access: ['anyone'],
      answer,
      example,
    },
    async () => ({ status: 'ok' as const }),
  )
  route(
    router,
    {
      method: 'get',
      path: '/ready',
      tag: 'Operations',
      summary: 'The database answers, has the schema of this version, and the process is not stopping',
      access: ['anyone'],
      answer,
      example,
      problems: [schemaUnknown, stopping],
    },
    async ({ ctx }) => {
      if (isStopping()) throw stopping({ headers: retryLater })
      if (!(await hasOurSchema(ctx.db))) throw schemaUnknown({ headers: retryLater })
      return { status: 'ok' as const }
    },
  )
}

/** While the process is stopping, every answer is the last of its connection. */
export function closeWhenStopping(isStopping: () => boolean): MiddlewareHandler {
  return async (c, next) => {
    await next()
    if (isStopping()) c.header('Connection', 'close')
  }
}

const retryLater = { 'Retry-After': '5' }

async function hasOurSchema(db: Kysely<Database>): Promise<boolean> {
  const asked = schemaDifference(db)
  const { missing, unknown } = await inTime(asked, databasePatienceMs, () =>
    databaseAway({ headers: retryLater }),
  )
  return missing.length === 0 && unknown.length === 0
}
