import type { JobHandler } from '../../platform/jobs/job.ts'
import { sendDigest } from './digest.service.ts'
import { refreshFindings } from './findings.service.ts'
import { remind } from './reminders.service.ts'

/** Hourly, because sessions have clocks of their own: what is due by theirs is done, and what was done stays done. */
export const followUpJob: JobHandler = {
  kind: 'follow-up',
  schedule: { cron: '7 * * * *', timeZone: 'UTC' },
  atOnce: 1,
  async work(ctx) {
    await remind(ctx)
    await refreshFindings(ctx)
    await sendDigest(ctx)
    return { state: 'done' }
  },
}
