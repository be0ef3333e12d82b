/** The one way into a transaction: re-entrant, retried on deadlock at the outermost, constraints named as problems. */
import type { Transaction } from 'kysely'
import type { Database } from '../../database.ts'
import type { Ctx, TrxCtx } from '../ctx.ts'
import type { ProblemFactory } from '../problem.ts'
import { asDatabaseError } from './pool.ts'

/** Constraint name → the problem that its violation means. */
export type ConstraintProblems = Record<string, ProblemFactory>

const attempts = 4

/**
 * Runs `work` in a transaction, or in the one that `ctx` is already in. A violated constraint named in `constraints`
 * is thrown as its problem. Serialization failures and deadlocks (40001, 40P01) are tried again, four times in all.
 */
export async function inTransaction<T>(
  ctx: Ctx | TrxCtx,
  work: (ctx: TrxCtx) => Promise<T>,
  constraints: ConstraintProblems = {},
): Promise<T> {
  try {
    return isInTransaction(ctx) ? await work(ctx) : await runWithRetries(ctx, work)
  } catch (error) {
    const constraint = asDatabaseError(error)?.constraint
    const problem = constraint && Object.hasOwn(constraints, constraint) ? constraints[constraint] : undefined
    throw problem ? problem() : error
  }
}

/** Runs `work` in a transaction and throws its work away: for what it would say. Throws what it throws. */
export async function rehearse(ctx: Ctx, work: (ctx: TrxCtx) => Promise<unknown>): Promise<void> {
  const rehearsed = new Error('rehearsed')
  try {
    await inTransaction(ctx, async (ctx) => {
      await work(ctx)
      throw rehearsed
    })
  } catch (error) {
    if (error !== rehearsed) throw error
  }
}

function isInTransaction(ctx: Ctx | TrxCtx): ctx is TrxCtx {
  return ctx.db.isTransaction
}

async function runWithRetries<T>(ctx: Ctx, work: (ctx: TrxCtx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Said aloud, because a server may have another default: who waited for a lock must see what was written meanwhile.
      const transaction = ctx.db.transaction().setIsolationLevel('read committed')
      return await transaction.execute((db: Transaction<Database>) => work({ ...ctx, db }))
    } catch (error) {
      const code = asDatabaseError(error)?.code
      if (attempt === attempts || (code !== '40001' && code !== '40P01')) throw error
    }
  }
}
