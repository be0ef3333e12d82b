import type { JobHandler } from '../platform/jobs/job.ts'
import { refreshNotices } from './funder-notice.service.ts'

/** Hourly for all sessions, because time alone begins and ends one; at once where a verb changed one. */
export const funderNoticesJob: JobHandler = {
  kind: 'funder-notices',
  schedule: { cron: '37 * * * *', timeZone: 'UTC' },
  atOnce: 1,
  async work(ctx, job) {
    await refreshNotices(ctx, job.id)
    return { state: 'done' }
  },
}
