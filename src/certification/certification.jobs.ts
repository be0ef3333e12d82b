import type { JobHandler } from '../platform/jobs/job.ts'
import { finishIssuing } from './certification.service.ts'

/** Draws what was numbered and not drawn, because the process was cut off in between. */
export const finishIssuingJob: JobHandler = {
  kind: 'finish-issuing',
  schedule: { cron: '*/10 * * * *', timeZone: 'UTC' },
  atOnce: 1,
  async work(ctx) {
    const { failed } = await finishIssuing(ctx)
    return failed.length === 0 ? { state: 'done' } : { state: 'failed', code: 'certification/not-drawn' }
  },
}
