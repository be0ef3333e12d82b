import { pageOf } from '../http/pagination.ts'
import { type Router, route } from '../http/router.ts'
import { jobsExamples as examples } from './jobs.examples.ts'
import { jobsPermissions as may } from './jobs.permissions.ts'
import { jobAnswer, jobsQuery } from './jobs.schema.ts'
import * as jobs from './jobs.service.ts'

export function jobsRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/jobs',
      tag: 'Operations',
      summary: 'Work in the background, the newest first; what went wrong by state=failed',
      access: may['job.list'],
      query: jobsQuery,
      answer: pageOf(jobAnswer),
      example: examples.listJobs,
    },
    ({ ctx, query }) => jobs.listJobs(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/jobs/{id}',
      tag: 'Operations',
      summary: 'One job, for who asked for it; a mail’s job has the id of the mail',
      access: may['job.read'],
      answer: jobAnswer,
      example: examples.readJob,
    },
    ({ ctx, params }) => jobs.readJob(ctx, params.id),
  )
}
