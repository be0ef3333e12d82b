/** Invitations, forgotten passwords and signing in by mail: what the links do that are sent to people. */
import { authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { queueMail } from '../../platform/mail/outbox.ts'
import { notFound } from '../../platform/problems.ts'
import type { Account } from '../account.queries.ts'
import * as accounts from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { hasPassword, linkNotValid } from '../people.problems.ts'
import { findPerson, type Person } from '../people.queries.ts'
import { hashNewPassword, setPassword } from './new-password.ts'
import type { LinkRequest, LinkTokenAndPassword, MailedLinkKind } from './sign-in.schema.ts'
import { actingAs, signIn } from './sign-in.service.ts'
import { issueMailedLink, linkMinutes, readLink, takeLink } from './single-use-link.ts'
import { countLink, countLinkRequest, tryAgainIn } from './throttle.ts'

const templates = {
  invitation: 'invitation',
  passwordReset: 'password-reset',
  signInLink: 'sign-in-link',
} as const satisfies Record<MailedLinkKind, string>

type RequestedKind = 'passwordReset' | 'signInLink'

/**
 * Mails a link to who has an account with this address. Whether anybody has, and whether they have had enough links for
 * now, neither the answer tells nor the time that it takes: the same statements run, and a mail is queued that is
 * dropped instead of sent. Throws 429 after too many requests from one place.
 */
export async function requestLink(ctx: Ctx, kind: RequestedKind, { email }: LinkRequest): Promise<void> {
  authorise(ctx.actor, may['link.request'])
  await countLinkRequest(ctx)
  const found = await accounts.findAccountByEmail(ctx.db, email)
  const nobody = ctx.newId()
  await inTransaction(ctx, async (ctx) => {
    const wait = await countLink(ctx, kind, found?.id, email)
    const account = await accounts.lockAccount(ctx.db, found?.id ?? nobody)
    const person = await findPerson(ctx.db, account?.personId ?? nobody)
    await mailLink(ctx, kind, wait === 0 ? account : undefined, person)
    await audit(ctx, { action: `${kind}.request`, subject: { kind: 'account', id: account?.id ?? null } })
  })
}

/** To nobody, the mail is written and never sent. */
async function mailLink(
  ctx: TrxCtx,
  kind: MailedLinkKind,
  account: Account | undefined,
  person: Person | undefined,
): Promise<void> {
  await queueMail(ctx, {
    template: templates[kind],
    to: account?.email ?? '',
    personId: account?.personId ?? null,
    data: { firstName: person?.firstName ?? '', validMinutes: linkMinutes(kind) },
    linkTokenId: await issueMailedLink(ctx, kind, account?.id ?? null),
  })
}

/** Part of the verbs that make an account: a mail with a link to choose the first password. Returns it as it is then. */
export async function invite(ctx: TrxCtx, account: Account): Promise<Account> {
  await countLink(ctx, 'invitation', account.id, account.email)
  return sendInvitation(ctx, account)
}

async function sendInvitation(ctx: TrxCtx, account: Account): Promise<Account> {
  const now = ctx.now()
  await mailLink(ctx, 'invitation', account, await findPerson(ctx.db, account.personId))
  await accounts.updateAccount(ctx.db, account.id, { invitedAt: now, updatedAt: now })
  await audit(ctx, { action: 'invitation.send', subject: { kind: 'account', id: account.id } })
  return { ...account, version: account.version + 1, updatedAt: now, invitedAt: now, status: 'invited' }
}

/** Invites once more; the link before works no longer. Throws 409 when there is a password, 429 after a few. */
export async function inviteAgain(ctx: Ctx, accountId: string): Promise<Account> {
  authorise(ctx.actor, may['account.write'])
  return inTransaction(ctx, async (ctx) => {
    const wait = await countLink(ctx, 'invitation', accountId, '')
    const account = await accounts.lockAccount(ctx.db, accountId)
    if (!account) throw notFound()
    if (account.status === 'active') throw hasPassword()
    if (wait > 0) throw tryAgainIn(wait)
    return sendInvitation(ctx, account)
  })
}

/** The address of the account that the link is for, while it works; opening it uses nothing up. Throws 401. */
export async function readLinkOwner(ctx: Ctx, kind: MailedLinkKind, token: string): Promise<string> {
  return (await ownerOf(ctx, kind, token)).account.email
}

async function ownerOf(ctx: Ctx, kind: MailedLinkKind, token: string) {
  const account = await accounts.findAccount(ctx.db, (await readLink(ctx, kind, token)) ?? '')
  const person = account && (await findPerson(ctx.db, account.personId))
  if (!account || !person) throw linkNotValid()
  return { account, person }
}

/** Sets the password of who had forgotten it. Throws 401 when the link works no longer, 422 when it is too easy. */
export async function resetPassword(ctx: Ctx, input: LinkTokenAndPassword): Promise<void> {
  await useLink(ctx, 'passwordReset', input, async (ctx, account) => {
    await audit(ctx, { action: 'password.reset', subject: { kind: 'account', id: account.id } })
  })
}

/** Sets the first password, and signs in; returns the `Set-Cookie` value. Throws as `resetPassword`. */
export async function acceptInvitation(ctx: Ctx, input: LinkTokenAndPassword): Promise<string> {
  return useLink(ctx, 'invitation', input, async (ctx, account) => {
    await audit(ctx, { action: 'invitation.accept', subject: { kind: 'account', id: account.id } })
    return signIn(ctx, account, 'invitation')
  })
}

async function useLink<T>(
  ctx: Ctx,
  kind: 'passwordReset' | 'invitation',
  { token, password }: LinkTokenAndPassword,
  then: (ctx: TrxCtx, account: Account) => Promise<T>,
): Promise<T> {
  authorise(ctx.actor, may['link.use'])
  // Before any work is done for the password: nobody without a link makes us do it.
  const { account, person } = await ownerOf(ctx, kind, token)
  const passwordHash = await hashNewPassword(ctx, password, { ...person, email: account.email })
  return inTransaction(ctx, async (ctx) => {
    const locked = await lockOwner(ctx, account.id)
    await takeLink(ctx, kind, token)
    await setPassword(ctx, locked, person.firstName, passwordHash)
    return then(actingAs(ctx, locked), locked)
  })
}

/** Signs in who has opened the link and said so; returns the `Set-Cookie` value. Throws 401. */
export async function signInByLink(ctx: Ctx, token: string): Promise<string> {
  authorise(ctx.actor, may['link.use'])
  const { account } = await ownerOf(ctx, 'signInLink', token)
  return inTransaction(ctx, async (ctx) => {
    const locked = await lockOwner(ctx, account.id)
    await takeLink(ctx, 'signInLink', token)
    return signIn(ctx, locked, 'link')
  })
}

/** The account before the link, always, so that who asks for a link and who uses one never wait for one another. */
async function lockOwner(ctx: TrxCtx, accountId: string): Promise<Account> {
  const account = await accounts.lockAccount(ctx.db, accountId)
  if (!account) throw linkNotValid()
  return account
}
