/** `/health`: the process answers; `/ready`: the database does. */
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { type Router, route } from './router.ts'

export function healthRoutes(router: Router): void {
  const answer = z.object({ status: z.literal('ok') })
  route(
    router,
    {
      method: 'get',
      path: '/health',
      tag: 'Operations',
      summary: 'The process answers',
      access: ['anyone'],
      answer,
    },
    async () => ({ status: 'ok' as const }),
  )
  route(
    router,
    {
      method: 'get',
      path: '/ready',
      tag: 'Operations',
      summary: 'The database answers',
      access: ['anyone'],
      answer,
    },
    async ({ ctx }) => {
      await sql`select 1`.execute(ctx.db)
      return { status: 'ok' as const }
    },
  )
}
