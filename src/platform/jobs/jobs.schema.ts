import { z } from '@hono/zod-openapi'
import { pageQuery } from '../http/pagination.ts'
import { instant } from '../text.ts'
import { jobKinds } from './queue.ts'

const jobStates = ['queued', 'running', 'done', 'failed'] as const
export type JobState = (typeof jobStates)[number]

export const jobAnswer = z
  .object({
    id: z.string(),
    kind: z.enum(jobKinds),
    /** `queued` also between two tries. */
    state: z.enum(jobStates),
    createdAt: instant(),
    /** Of the latest try. */
    startedAt: instant().nullable(),
    finishedAt: instant().nullable(),
    /** Why the latest try failed. */
    errorCode: z.string().nullable(),
  })
  .openapi('Job')

export const jobsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(jobStates).optional(),
  kind: z.enum(jobKinds).optional(),
})
export type JobsQuery = z.output<typeof jobsQuery>
