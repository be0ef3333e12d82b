/** What a slice says of a job that it does (`*.jobs.ts`); `src/jobs.ts` puts them together. */
import type { Ctx } from '../ctx.ts'
import type { JobKind } from './queue.ts'

export type Job = {
  id: string
  /** No further try comes after this one. */
  isLastTry: boolean
  /** Asks the job to come to an end soon: the process stops. */
  signal: AbortSignal
}

/**
 * What became of a try. `again`: it failed, and the queue tries again after a while (as a failure for good when it was
 * the last). `failed`: no further try can help. The code is shown to who asked for the job.
 */
export type JobResult = { state: 'done' } | { state: 'again' | 'failed'; code: string }

export type JobHandler = {
  kind: JobKind
  /** When it comes by itself, in cron's notation and an IANA time zone: once for all processes. */
  schedule?: { cron: string; timeZone: string }
  /** How many are done at once in one process: one, or an even number. */
  atOnce: number
  /** Acts as Préau itself. An error that it throws counts as `again`, and is logged. */
  work(ctx: Ctx, job: Job): Promise<JobResult>
}
