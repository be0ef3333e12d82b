/** What the mail with a personal link says, read when it is sent; the link itself is made then, or the mail dropped. */
import type { MailRoom } from '../../platform/mail/sending.ts'
import { findSigning } from './signing.queries.ts'

/** For `src/jobs.ts`. */
export const signingMailFacts: MailRoom['facts'] = {
  'signing-link': async (ctx, mail) => {
    const signing = await findSigning(ctx.db, { enrolmentId: String(mail.data.enrolmentId) })
    return signing && { firstName: signing.firstName, training: signing.title, reference: signing.reference }
  },
}
