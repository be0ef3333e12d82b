/**
 * Enqueues jobs in the caller's transaction: there is no job without the change that asks for it, and no change without
 * its job. Starts nothing and connects to nothing; `worker.ts` does the work.
 */
import type { PgBoss } from 'pg-boss'
import { personIdOf } from '../access.ts'
import type { TrxCtx } from '../ctx.ts'

/** The schema of pg-boss's own tables; the migrations install it. */
export const jobsSchema = 'jobs'

/** One queue for each; the migrations make them. */
export const jobKinds = [
  'mail',
  'follow-up',
  'funder-notices',
  'tidy',
  'checkpoint',
  'finish-issuing',
] as const
export type JobKind = (typeof jobKinds)[number]

/** What a job's row holds: the person who asked, so that they may follow it. What it is about is found by its id. */
type JobData = { askedBy: string | null }

/**
 * Enqueues one job for each id, in one statement. Seen by workers once the transaction has committed, and within
 * milliseconds of it. An id that is taken in this queue is an error.
 */
export async function enqueueAll(ctx: TrxCtx, kind: JobKind, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { fromKysely } = await import('pg-boss')
  const data: JobData = { askedBy: personIdOf(ctx.actor) ?? null }
  const enqueued = await (await getSender()).insert(
    kind,
    ids.map((id) => ({ id, data })),
    { db: fromKysely(ctx.db.withoutPlugins()), returnId: true },
  )
  // pg-boss skips what it cannot insert.
  if (enqueued?.length !== ids.length) throw new Error(`${kind}: a job could not be enqueued`)
}

/** Enqueues a job whose id was used before: what the queue knew of it is forgotten, its tries begin anew. */
export async function enqueueAgain(ctx: TrxCtx, kind: JobKind, id: string): Promise<void> {
  const { fromKysely } = await import('pg-boss')
  await (await getSender()).deleteJob(kind, id, { db: fromKysely(ctx.db.withoutPlugins()) })
  await enqueueAll(ctx, kind, [id])
}

let sender: Promise<PgBoss> | undefined

// Loaded with the first job: most commands enqueue nothing, and should not pay 8 MB for it.
function getSender(): Promise<PgBoss> {
  sender ??= createSender()
  return sender
}

/**
 * A pg-boss that is never started. Before its first job it asks for the queue's terms; since all our queues have the
 * same, it is answered at once rather than by a second connection in the middle of a transaction.
 */
async function createSender(): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss')
  const terms = { table: 'job_common', policy: 'standard', notify: true }
  return new PgBoss({
    schema: jobsSchema,
    db: { executeSql: async () => ({ rows: [terms] }) },
    migrate: false,
    supervise: false,
    schedule: false,
  })
}
