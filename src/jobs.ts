/** Builds the jobs: what Préau does in the background, and what mails need of the slices. Nothing happens on import. */
import { followUpJob } from './attendance/follow-up/follow-up.jobs.ts'
import { reminderMailFacts } from './attendance/follow-up/reminder-mails.ts'
import { checkpointJob } from './attendance/ledger/ledger-checkpoint.jobs.ts'
import { renewSigningLink } from './attendance/signing/signing-link.ts'
import { signingMailFacts } from './attendance/signing/signing-mail-facts.ts'
import { tidySlotCodes } from './attendance/signing/slot-code.ts'
import { finishIssuingJob } from './certification/certification.jobs.ts'
import { enrolmentMailFacts } from './enrolment/enrolment-mail-facts.ts'
import { funderNoticesJob } from './enrolment/funder-notice.jobs.ts'
import { letterhead } from './organisation/letterhead.ts'
import { renewMailedLink } from './people/sign-in/single-use-link.ts'
import { tidySignIn } from './people/sign-in/tidy-sign-in.ts'
import { tidyCalendars } from './planning/calendar.service.ts'
import { tidyIdempotency } from './platform/idempotency/idempotency.ts'
import type { JobHandler } from './platform/jobs/job.ts'
import { mailJob } from './platform/mail/mail.jobs.ts'
import { tidyMails } from './platform/mail/mail.service.ts'
import type { MailRoom } from './platform/mail/sending.ts'
import type { Transport } from './platform/mail/transport.ts'

type Surroundings = {
  transport: Transport
  from: string | undefined
  /** Where checkpoints of the ledgers are written; absent: they are only mailed. */
  checkpointFolder?: string | undefined
}

/** Each kind of job with who does it, and when it comes by itself. */
export function buildJobs({ checkpointFolder, ...mail }: Surroundings): JobHandler[] {
  return [
    mailJob({
      ...mail,
      letterhead,
      facts: { ...enrolmentMailFacts, ...reminderMailFacts, ...signingMailFacts },
      renewLink,
      fill,
    }),
    followUpJob,
    funderNoticesJob,
    finishIssuingJob,
    checkpointJob(checkpointFolder),
    tidyJob,
  ]
}

/** A mail carries a link of an account or one of a learner who signs. */
const renewLink: MailRoom['renewLink'] = async (ctx, id) =>
  (await renewMailedLink(ctx, id)) ?? renewSigningLink(ctx, id)

/** Loaded with the first mail: a process that sends none starts without Liquid. */
const fill: MailRoom['fill'] = async (template, values) => {
  const { fillMail } = await import('./documents/mail-template.ts')
  return fillMail(template, values)
}

/** Forgets what has served its time. */
const tidyJob: JobHandler = {
  kind: 'tidy',
  schedule: { cron: '17 * * * *', timeZone: 'UTC' },
  atOnce: 1,
  async work(ctx) {
    await tidySignIn(ctx)
    await tidyIdempotency(ctx)
    await tidyMails(ctx)
    await tidyCalendars(ctx)
    await tidySlotCodes(ctx)
    return { state: 'done' }
  },
}
