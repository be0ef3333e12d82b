/** Jobs as those see them who asked for them, and admins. */
import { authorise, authoriseOn, nothingFor } from '../access.ts'
import type { Ctx } from '../ctx.ts'
import type { Page } from '../http/pagination.ts'
import { jobsPermissions as may } from './jobs.permissions.ts'
import type { JobRow } from './jobs.queries.ts'
import * as queries from './jobs.queries.ts'
import type { JobsQuery } from './jobs.schema.ts'

/** For who asked for it and admins; kept for 30 days after it has ended. Throws 404 on anyone else's. */
export async function readJob(ctx: Ctx, id: string): Promise<JobRow> {
  const job = await queries.findJob(ctx.db, id)
  if (!job) throw nothingFor(ctx.actor)
  authoriseOn(ctx.actor, { personIds: [job.askedBy] }, { act: may['job.read'] })
  return job
}

/** The newest first. */
export async function listJobs(ctx: Ctx, query: JobsQuery): Promise<Page<JobRow>> {
  authorise(ctx.actor, may['job.list'])
  return queries.listJobs(ctx.db, query)
}
