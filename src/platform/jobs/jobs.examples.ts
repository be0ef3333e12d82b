/** Examples of the routes on jobs: one that has failed. */
import type { z } from '@hono/zod-openapi'
import type { jobAnswer } from './jobs.schema.ts'

export const exampleJobId = '0197f3a7-2a10-7c44-9d20-1b7c5e0f9a32'

const job: z.output<typeof jobAnswer> = {
  id: exampleJobId,
  kind: 'mail',
  state: 'queued',
  createdAt: '2026-04-01T08:10:00Z',
  startedAt: null,
  finishedAt: null,
  errorCode: null,
}

export const jobsExamples = {
  listJobs: { query: { kind: 'mail' as const }, answer: { items: [job], nextCursor: null } },
  readJob: { params: { id: exampleJobId }, answer: job },
}
