/** Does the jobs: pg-boss, started with what the slices can do. Any number of workers share one database. */
import type { JobResult as BossResult, ConstructorOptions, JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Ctx } from '../ctx.ts'
import { type Connection, isDatabaseAway } from '../db/pool.ts'
import { Problem } from '../problem.ts'
import type { Job, JobHandler, JobResult } from './job.ts'
import { jobsSchema } from './queue.ts'

export type Worker = {
  /** Takes no new job and lets those under way finish; those that do not in time are handed back to the queue. */
  stop(): Promise<void>
}

/** After this long a job is asked to end, and soon after it is handed back whether or not it did. */
const drainMs = 8_000
const handBackMs = 10_000

/**
 * pg-boss reads dates as `Date`, our pool as `Temporal.Instant`, so it has a connection of its own, which does nothing
 * but ask for jobs and settle them, and one that listens for them. What nobody needs here is turned down: flows are not
 * used, and a listener that is lost is made up for by asking every half minute.
 */
const bossOptions = {
  schema: jobsSchema,
  migrate: false,
  application_name: 'preau-jobs',
  max: 1,
  useListenNotify: true,
  notifyHeartbeatIntervalMs: 30_000,
  cronMonitorIntervalSeconds: 45,
  cronWorkerIntervalSeconds: 45,
  flowIntervalSeconds: 3_600,
} as const satisfies ConstructorOptions

/** As soon as a job is there, and every so often in case its call was missed. */
const polling = { pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 30 }

/**
 * Starts to work. `ctxOf` makes the Ctx of a job, whose id is its request id. Schedules are written down anew, so that
 * they are those of the version that was started last.
 */
export async function startWorker(options: {
  connection: Connection
  handlers: readonly JobHandler[]
  ctxOf: CtxOf
  log: Logger
}): Promise<Worker> {
  const { handlers, ctxOf, log } = options
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({ ...connectionOf(options.connection), ...bossOptions })
  // Both are about the queue as a whole, and mended by trying again.
  boss.on('error', (error) => log.warn({ err: error }, 'the queue has a problem'))
  boss.on('warning', ({ message }) => log.warn({ warning: message }, 'the queue has a problem'))
  const end = new AbortController()
  const stop = async () => {
    const timer = setTimeout(() => end.abort(), drainMs)
    await boss.stop({ timeout: handBackMs })
    clearTimeout(timer)
  }
  try {
    await boss.start()
    for (const handler of handlers) await begin(boss, handler, ctxOf, end.signal)
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

type CtxOf = (kind: string, jobId: string) => Ctx

/** In two rows where there are several at once: a job that takes long holds up those of its own row only. */
async function begin(boss: PgBoss, handler: JobHandler, ctxOf: CtxOf, end: AbortSignal): Promise<void> {
  const { kind, schedule, atOnce } = handler
  if (schedule) await boss.schedule(kind, schedule.cron, { askedBy: null }, { tz: schedule.timeZone })
  const rows = atOnce > 1 ? 2 : 1
  await boss.work(
    kind,
    {
      ...polling,
      localConcurrency: rows,
      batchSize: atOnce / rows,
      burstWhenBatchFull: true,
      perJobResults: true,
      includeMetadata: true,
    },
    (jobs) => Promise.all(jobs.map((job) => settled(handler, ctxOf(kind, job.id), job, end))),
  )
}

/** pg-boss hands what it is given to `pg`, and says less of it in its types. */
function connectionOf(connection: Connection): ConstructorOptions {
  const { connectionString, host, port, user, database } = connection
  return connectionString === undefined ? { host, port, user, database } : { connectionString }
}

/** Does one job; whatever happens, the queue learns of it in a code of ours, and nothing else. */
async function settled(
  handler: JobHandler,
  ctx: Ctx,
  job: JobWithMetadata<unknown>,
  end: AbortSignal,
): Promise<BossResult> {
  const isLastTry = job.retryCount >= job.retryLimit
  const result = await attempt(handler, ctx, {
    id: job.id,
    isLastTry,
    signal: AbortSignal.any([end, job.signal]),
  })
  if (result.state === 'done') return { id: job.id, status: 'completed' }
  const isFinal = result.state === 'failed' || isLastTry
  const level = isFinal ? 'error' : 'warn'
  ctx.log[level](
    { kind: handler.kind, jobId: job.id, code: result.code, attempt: job.retryCount + 1 },
    isFinal ? 'a job has failed' : 'a job is tried again later',
  )
  return { id: job.id, status: isFinal ? 'deadletter' : 'failed', output: { code: result.code } }
}

async function attempt(handler: JobHandler, ctx: Ctx, job: Job): Promise<JobResult> {
  try {
    return await handler.work(ctx, job)
  } catch (error) {
    if (isDatabaseAway(error)) return { state: 'again', code: 'platform/database-away' }
    ctx.log.error({ err: error, kind: handler.kind, jobId: job.id }, 'a job threw')
    return { state: 'again', code: error instanceof Problem ? error.definition.code : 'platform/internal' }
  }
}
