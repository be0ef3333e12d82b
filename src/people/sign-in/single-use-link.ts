/**
 * Links that work once. Their tokens are 256 random bits: nobody guesses one, so that nothing counts wrong ones. To open
 * a link uses nothing up, since mail scanners open them all; only what its page sends does.
 */
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { randomToken } from '../../platform/ids.ts'
import { linkNotValid, setupTokenInvalid } from '../people.problems.ts'
import type { LinkKind, MailedLinkKind } from './sign-in.schema.ts'
import * as queries from './single-use-link.queries.ts'

type Terms = {
  /** How long the link works: from when it is made, and again from when it is mailed. */
  lives: { hours?: number; minutes?: number }
  /** How long after it was asked for it may still be mailed. */
  waits: { hours: number }
  page: string
}

/** A sign-in link is used at once and replaces a password (OWASP ASVS 6.5.5); an invitation waits for a free evening. */
const terms: Record<LinkKind, Terms> = {
  setup: { lives: { hours: 24 }, waits: { hours: 24 }, page: '/setup' },
  invitation: { lives: { hours: 7 * 24 }, waits: { hours: 7 * 24 }, page: '/invitation' },
  passwordReset: { lives: { hours: 1 }, waits: { hours: 24 }, page: '/reset-password' },
  signInLink: { lives: { minutes: 10 }, waits: { hours: 1 }, page: '/sign-in-link' },
}

/** How long a link of this kind works, in minutes. */
export function linkMinutes(kind: LinkKind): number {
  const { hours = 0, minutes = 0 } = terms[kind].lives
  return hours * 60 + minutes
}

/** The page of a link, where its token is sent from. */
function linkUrl(ctx: Pick<Ctx, 'baseUrl'>, kind: LinkKind, token: string): string {
  return `${ctx.baseUrl}${terms[kind].page}?token=${token}`
}

/** A link to print at once, which ends those before; returns its token. The caller holds the lock of the set-up. */
export async function issueSetupLink(ctx: TrxCtx): Promise<string> {
  const token = randomToken()
  await issueLink(ctx, 'setup', null, sha256Hex(token))
  return token
}

/**
 * A link to mail, which ends those of its kind before; returns the id that `renewMailedLink` gives a token to. The
 * caller has locked the account. With nobody's account (null) the same work is done and the link is never mailed.
 */
export async function issueMailedLink(
  ctx: TrxCtx,
  kind: MailedLinkKind,
  accountId: string | null,
): Promise<string> {
  return issueLink(ctx, kind, accountId, null)
}

async function issueLink(
  ctx: TrxCtx,
  kind: LinkKind,
  accountId: string | null,
  tokenHash: string | null,
): Promise<string> {
  const now = ctx.now()
  const id = ctx.newId()
  const isForNobody = kind !== 'setup' && accountId === null
  await queries.endLinks(ctx.db, isForNobody ? id : accountId, now, kind)
  await queries.insertLink(ctx.db, {
    id,
    kind,
    accountId,
    tokenHash,
    createdAt: now,
    expiresAt: now.add(terms[kind].lives),
    endedAt: isForNobody ? now : null,
  })
  return id
}

/**
 * A fresh token for a link that is being mailed; returns the address of its page, and keeps only the hash. What was
 * mailed before with the same id works no longer. Undefined when the link was used, superseded or asked for too long ago.
 */
export async function renewMailedLink(ctx: TrxCtx, tokenId: string): Promise<string | undefined> {
  const link = await queries.lockLiveLink(ctx.db, tokenId)
  const now = ctx.now()
  if (!link || Temporal.Instant.compare(link.createdAt.add(terms[link.kind].waits), now) <= 0)
    return undefined
  const token = randomToken()
  await queries.setLinkToken(ctx.db, tokenId, sha256Hex(token), now.add(terms[link.kind].lives))
  return linkUrl(ctx, link.kind, token)
}

/** Whose link it is, while it works; it is not used up. Throws 401 when it does not, whatever the reason. */
export async function readLink(ctx: Ctx | TrxCtx, kind: LinkKind, token: string): Promise<string | null> {
  const link = await queries.findLink(ctx.db, kind, sha256Hex(token), ctx.now())
  if (!link) throw notValid(kind)
  return link.accountId
}

/** Uses the link up. Throws as `readLink`. */
export async function takeLink(ctx: TrxCtx, kind: LinkKind, token: string): Promise<void> {
  if (!(await queries.takeLink(ctx.db, kind, sha256Hex(token), ctx.now()))) throw notValid(kind)
}

function notValid(kind: LinkKind) {
  return kind === 'setup' ? setupTokenInvalid() : linkNotValid()
}

/** Ends every link of an account, for instance because its password is new. */
export async function endAllLinks(ctx: TrxCtx, accountId: string): Promise<void> {
  await queries.endLinks(ctx.db, accountId, ctx.now())
}
