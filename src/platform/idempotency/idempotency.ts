/** A request that may be sent again: what it did is done once, and its repeats get the first answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../ctx.ts'
import { inTransaction, rehearse } from '../db/transaction.ts'
import { Problem } from '../problem.ts'
import { answerNotKept, keyInUse, keyReused } from './idempotency.problems.ts'
import * as queries from './idempotency.queries.ts'

const keptHours = 24
/** How long a repeat waits for the request that it repeats, in milliseconds. */
const patience = 10_000

type KeyedRequest = queries.KeyName & {
  requestHash: string
  /** The answer holds a secret: that it was given is kept, the answer is not. */
  isSecret: boolean
}

type Work = (ctx: Ctx) => Promise<unknown>
type Outcome = { answer: string; isReplay: boolean }

/**
 * The JSON of what `work` returns, which it returns once for a key within 24 hours: work and answer are one transaction,
 * so that there are both or neither, and an error leaves the key free. Equal requests at the same moment wait for the
 * first, without a connection in their hands: twenty of them must not keep all others from the database.
 * Throws 422 when the key came with another request, 409 when the first takes longer than `patienceMs` or its answer
 * was secret.
 */
export async function answerOnce(
  ctx: Ctx,
  request: KeyedRequest,
  work: Work,
  patienceMs = patience,
): Promise<Outcome> {
  const giveUpAt = Date.now() + patienceMs
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, 160)) {
    const outcome = await attempt(ctx, request, work)
    if (outcome) return outcome
    if (Date.now() > giveUpAt) throw keyInUse({ headers: { 'Retry-After': '1' } })
    await sleep(pauseMs * (0.5 + Math.random()))
  }
}

/** Undefined while another transaction has the key. */
async function attempt(ctx: Ctx, request: KeyedRequest, work: Work): Promise<Outcome | undefined> {
  const earlier = await findEarlier(ctx, request)
  if (earlier) return replay(ctx, earlier, request, work)
  return inTransaction(ctx, async (ctx) => {
    if (!(await queries.tryLockKey(ctx.db, request))) return undefined
    // Whoever had the key a moment ago may have answered: the next attempt finds it.
    if (await findEarlier(ctx, request)) return undefined
    const answer = JSON.stringify(await work(ctx))
    const { isSecret, ...row } = request
    await queries.keepAnswered(ctx.db, { ...row, answer: isSecret ? null : answer, createdAt: ctx.now() })
    return { answer, isReplay: false }
  })
}

async function findEarlier(ctx: Ctx, request: KeyedRequest): Promise<queries.KeyRow | undefined> {
  return queries.findAnswered(ctx.db, request, ctx.now().subtract({ hours: keptHours }))
}

async function replay(
  ctx: Ctx,
  earlier: queries.KeyRow,
  request: KeyedRequest,
  work: Work,
): Promise<Outcome> {
  if (earlier.requestHash !== request.requestHash) throw keyReused()
  await assertStillMay(ctx, work)
  if (earlier.answer === null) throw answerNotKept()
  return { answer: earlier.answer, isReplay: true }
}

/**
 * A repeat is answered to who may still do it. The one place that knows who may is the verb itself: it is done again for
 * what it says of the right, and all that it writes is thrown away. That it would do nothing new, or would be a conflict
 * now, is just what the key is for.
 */
async function assertStillMay(ctx: Ctx, work: Work): Promise<void> {
  try {
    await rehearse(ctx, work)
  } catch (error) {
    if (!(error instanceof Problem) || [401, 403, 404].includes(error.definition.status)) throw error
  }
}

/** Deletes the answers that no repeat gets any more; returns how many. */
export async function tidyIdempotency(ctx: Ctx): Promise<number> {
  return queries.deleteAnsweredBefore(ctx.db, ctx.now().subtract({ hours: keptHours }))
}
