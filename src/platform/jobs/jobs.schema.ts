import { z } from '@hono/zod-openapi'
import { idAnswer } from '../http/entity.ts'
import { pageQuery } from '../http/pagination.ts'
import { instant } from '../text.ts'
import { jobKinds } from './queue.ts'

const jobStates = ['queued', 'running', 'done', 'failed'] as const
export type JobState = (typeof jobStates)[number]

const help = {
  kind: 'What is done: `mail` sends one mail, `tidy` forgets what has served its time, `finish-issuing` draws certificates whose drawing was cut off.',
  state: '`queued` also between two tries; `failed` when no further one comes.',
  startedAt: 'Of the latest try.',
  errorCode: 'Why the latest try failed.',
}

export const jobAnswer = z
  .object({
    id: idAnswer(),
    kind: z.enum(jobKinds).describe(help.kind),
    state: z.enum(jobStates).describe(help.state),
    createdAt: instant(),
    startedAt: instant().nullable().describe(help.startedAt),
    finishedAt: instant().nullable(),
    errorCode: z.string().nullable().describe(help.errorCode),
  })
  .openapi('Job')

export const jobsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(jobStates).optional().describe(help.state),
  kind: z.enum(jobKinds).optional().describe(help.kind),
})
export type JobsQuery = z.output<typeof jobsQuery>
