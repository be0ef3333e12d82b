/**
 * Personal links with which a learner signs without an account. Their tokens are 256 random bits: nobody guesses one, so
 * that nothing counts wrong ones. To open a link uses nothing up, since mail scanners open them all.
 */
import { takesPart } from '../../enrolment/enrolment.rules.ts'
import { isHeld } from '../../planning/planning.rules.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { randomToken } from '../../platform/ids.ts'
import { linkNotValid } from './signing.problems.ts'
import type { LinkWithSession } from './signing-link.queries.ts'
import * as queries from './signing-link.queries.ts'

/** How long a mailed link works after the last half-day: who missed signing can make it good until the seal. */
const daysAfterSession = 14
const minutesOnScreen = 10

/** The page of a link. */
function linkUrl({ baseUrl }: Pick<Ctx, 'baseUrl'>, token: string): string {
  return `${baseUrl}/signing/${token}`
}

/** When the mailed links of a session work no longer; never, while it has no half-day. */
export function linksEndAt(session: {
  lastSlotEndsAt: Temporal.Instant | null
}): Temporal.Instant | undefined {
  return session.lastSlotEndsAt?.add({ hours: 24 * daysAfterSession })
}

/**
 * A link to mail, for all half-days of the session; returns its id, the `linkTokenId` of the mail. Its token is made while
 * sending, by `renewSigningLink`. The caller has seen that the enrolment is confirmed, and audits.
 */
export async function issueMailedLink(ctx: TrxCtx, enrolmentId: string): Promise<string> {
  const id = ctx.newId()
  await queries.insertLink(ctx.db, { id, enrolmentId, slotId: null, via: 'mail', createdAt: ctx.now() })
  return id
}

/** A link to show on the trainer's screen at once, for ten minutes and one half-day; `shownBy`: the trainer. */
export async function issueScreenLink(
  ctx: TrxCtx,
  { enrolmentId, slotId, shownBy }: { enrolmentId: string; slotId: string; shownBy: string },
): Promise<{ id: string; url: string; expiresAt: Temporal.Instant }> {
  const id = ctx.newId()
  const token = randomToken()
  const now = ctx.now()
  const expiresAt = now.add({ minutes: minutesOnScreen })
  const link = { id, enrolmentId, slotId, via: 'screen' as const, shownBy, tokenHash: sha256Hex(token) }
  await queries.insertLink(ctx.db, { ...link, createdAt: now, expiresAt })
  return { id, url: linkUrl(ctx, token), expiresAt }
}

/**
 * A fresh token for a link that is being mailed; returns the address of its page, and keeps only the hash. What was
 * mailed before with the same id works no longer. Undefined when the link would not work.
 */
export async function renewSigningLink(ctx: TrxCtx, id: string): Promise<string | undefined> {
  const link = await queries.lockLink(ctx.db, id)
  if (!link || !isAlive(link, ctx.now())) return undefined
  const token = randomToken()
  await queries.setLinkToken(ctx.db, id, sha256Hex(token))
  return linkUrl(ctx, token)
}

/** The link of this token. Throws 404 when there is none, or when it does not work any more. */
export async function findWorkingLink(ctx: Ctx | TrxCtx, token: string): Promise<LinkWithSession> {
  const link = await queries.findLink(ctx.db, sha256Hex(token))
  if (!link || !isAlive(link, ctx.now())) throw linkNotValid()
  return link
}

function isAlive(link: LinkWithSession, now: Temporal.Instant): boolean {
  const endsAt = link.expiresAt ?? linksEndAt(link)
  return (
    link.revokedAt === null &&
    takesPart(link.enrolmentStatus) &&
    isHeld(link.sessionStatus) &&
    (endsAt === undefined || Temporal.Instant.compare(now, endsAt) < 0)
  )
}
