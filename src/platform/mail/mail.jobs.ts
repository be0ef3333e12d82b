import type { JobHandler } from '../jobs/job.ts'
import { type MailRoom, sendMail } from './sending.ts'

/** Sends the mail whose id the job has. Four at once: as many connections as small mail servers like to see. */
export function mailJob(room: MailRoom): JobHandler {
  return { kind: 'mail', atOnce: 4, work: (ctx, job) => sendMail(ctx, room, job) }
}
