/** Sends learners their links, shows one on the trainer's screen, and ends those that went astray. */
import { findEnrolmentFor } from '../../enrolment/enrolment-access.ts'
import type { SessionRow } from '../../planning/session.queries.ts'
import { authoriseOnSession, findSessionTo } from '../../planning/session-access.ts'
import { assertAccount } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ConstraintProblems, inTransaction } from '../../platform/db/transaction.ts'
import { type NewMail, queueMails } from '../../platform/mail/outbox.ts'
import { invalidFields, notFound } from '../../platform/problems.ts'
import { assertHeld, findSlotTo } from '../slot-access.ts'
import { qrCode } from './qr-code.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { linksEnded, notConfirmed } from './signing.problems.ts'
import * as queries from './signing.queries.ts'
import type { SendLinksInput } from './signing.schema.ts'
import { revokeLinks } from './signing-link.queries.ts'
import { issueMailedLink, issueScreenLink, linksEndAt } from './signing-link.ts'

/**
 * Mails a personal link for all half-days of the session, to all confirmed learners or to these. Throws 409 for a draft, a
 * cancelled session and one that has been over for too long, 422 for an enrolment that is not confirmed in it.
 */
export async function sendSigningLinks(
  ctx: Ctx,
  sessionId: string,
  { enrolmentIds }: SendLinksInput,
): Promise<{ sent: string[]; unreachable: string[] }> {
  return inTransaction(ctx, async (ctx) => {
    const session = await findSessionTo(ctx, sessionId, may['signingLink.send'])
    assertLinksWork(ctx, session)
    const learners = await queries.listReachable(ctx.db, sessionId, enrolmentIds ?? undefined)
    assertAllFound(enrolmentIds ?? [], new Set(learners.map(({ id }) => id)))
    const mails: NewMail[] = []
    for (const { id: enrolmentId, personId, email: to } of learners) {
      if (to === null) continue
      const linkTokenId = await issueMailedLink(ctx, enrolmentId)
      mails.push({ template: 'signing-link', to, personId, data: { enrolmentId }, linkTokenId })
    }
    await queueMails(ctx, mails)
    const sent = learners.filter(({ email }) => email !== null).map(({ id }) => id)
    await audit(ctx, {
      action: 'signingLink.send',
      subject: { kind: 'session', id: sessionId },
      changes: { enrolmentIds: sent },
    })
    return { sent, unreachable: learners.filter(({ email }) => email === null).map(({ id }) => id) }
  })
}

function assertLinksWork(ctx: Pick<Ctx, 'now'>, session: SessionRow): void {
  assertHeld(session)
  const end = linksEndAt(session)
  if (end && Temporal.Instant.compare(ctx.now(), end) >= 0) throw linksEnded()
}

function assertAllFound(wanted: readonly string[], found: ReadonlySet<string>): void {
  const errors = wanted.flatMap((id, index) =>
    found.has(id) ? [] : [notConfirmed(`/enrolmentIds/${index}`)],
  )
  if (errors.length > 0) throw invalidFields(errors)
}

/** Nothing holds a half-day that nobody has signed: somebody takes it away at this moment. */
const slotIsGone: ConstraintProblems = { signing_link_slot_id_fkey: notFound }

export type ScreenLink = { url: string; qrSvg: string; expiresAt: Temporal.Instant }

/**
 * A link for one learner to sign one half-day with, shown on the trainer's screen for ten minutes: for whom no mail
 * reaches. Throws 409 as `sendSigningLinks`, 422 for an enrolment that is not confirmed in it.
 */
export async function showSigningLink(ctx: Ctx, slotId: string, enrolmentId: string): Promise<ScreenLink> {
  const { personId: shownBy } = assertAccount(ctx.actor)
  const link = await inTransaction(
    ctx,
    async (ctx) => {
      const { session } = await findSlotTo(ctx, slotId, may['signingLink.show'])
      assertHeld(session)
      const [learner] = await queries.listReachable(ctx.db, session.id, [enrolmentId])
      if (!learner) throw invalidFields([notConfirmed('/enrolmentId')])
      const { id, ...shown } = await issueScreenLink(ctx, { enrolmentId, slotId, shownBy })
      await audit(ctx, {
        action: 'signingLink.show',
        subject: { kind: 'enrolment', id: enrolmentId },
        changes: { slotId, linkId: id },
      })
      return shown
    },
    slotIsGone,
  )
  return { ...link, qrSvg: await qrCode(link.url) }
}

/** Ends every link of a learner: one went to the wrong address, or was passed on. Throws 401, 403 and 404. */
export async function revokeSigningLinks(ctx: Ctx, enrolmentId: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const { session } = await findEnrolmentFor(ctx, enrolmentId)
    await authoriseOnSession(ctx, session, may['signingLink.revoke'])
    const revoked = await revokeLinks(ctx.db, enrolmentId, ctx.now())
    if (revoked === 0) return
    await audit(ctx, {
      action: 'signingLink.revoke',
      subject: { kind: 'enrolment', id: enrolmentId },
      changes: { links: revoked },
    })
  })
}
