/** `Idempotency-Key` on a route (draft-ietf-httpapi-idempotency-key-header): read, answered once, answered again. */
import type { Context } from 'hono'
import { accountIdOf } from '../access.ts'
import type { Ctx } from '../ctx.ts'
import { answerNotKept, keyInUse, keyReused } from '../idempotency/idempotency.problems.ts'
import { answerOnce } from '../idempotency/idempotency.ts'
import { keyHash, readKey, requestHash, slowRequestHash } from '../idempotency/idempotency-key.ts'
import type { ProblemFactory } from '../problem.ts'
import type { AnyRoute } from './route-definition.ts'

/** The key of a request that may be sent again; undefined without one, and where the route takes none. Throws 422. */
export function readIdempotencyKey(c: Context, definition: AnyRoute): string | undefined {
  return definition.idempotent ? readKey(c.req.header('idempotency-key')) : undefined
}

type Repeatable = {
  key: string
  /** All that makes it this request and no other: path parameters, query, body. */
  request: unknown
  run(ctx: Ctx): Promise<unknown>
}

/** What the route answers, or answered to the same request before; then the header `Idempotency-Replayed` says so. */
export async function runOnce(
  c: Context,
  ctx: Ctx,
  definition: AnyRoute,
  { key, request, run }: Repeatable,
): Promise<unknown> {
  const accountId = accountIdOf(ctx.actor)
  // Strangers share no keys: one could read what another was answered.
  if (accountId === null) return run(ctx)
  const hash = definition.idempotent === 'secretBody' ? slowRequestHash : requestHash
  const { answer, isReplay } = await answerOnce(
    ctx,
    {
      accountId,
      route: `${definition.method.toUpperCase()} ${definition.path}`,
      keyHash: keyHash(key),
      requestHash: await hash(key, request),
      isSecret: definition.idempotent === 'secretAnswer',
    },
    async (ctx) => {
      const value = await run(ctx)
      return definition.answer ? definition.answer.parse(value) : null
    },
  )
  if (isReplay) c.header('Idempotency-Replayed', 'true')
  return JSON.parse(answer)
}

/** The parts of the OpenAPI document that the routes with a key share. */
export const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names this request, so that it can be sent again when its answer got lost: within 24 hours the same key with the same path and body does nothing again and is answered as at first. With another body: 422. A request that failed leaves its key free. Best a random UUID; bare, or a quoted string of RFC 8941.',
  // Without an example: the reference page would send it with every request that is tried out.
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const

export const replayedHeader = {
  description: '`true` where this was answered before, to the same `Idempotency-Key`.',
  schema: { type: 'string', enum: ['true'] },
} as const

/** What a route with a key answers besides its own problems. */
export function idempotencyProblems({ idempotent }: AnyRoute): ProblemFactory[] {
  if (!idempotent) return []
  return [keyReused, keyInUse, ...(idempotent === 'secretAnswer' ? [answerNotKept] : [])]
}
