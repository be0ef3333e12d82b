/** What every verb that sets a password has in common: whether it is good enough, and what ends with the old one. */
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { queueMail } from '../../platform/mail/outbox.ts'
import { invalidField } from '../../platform/problems.ts'
import { type Account, updateAccount } from '../account.queries.ts'
import { deleteCalendarFeed } from './calendar-feed.queries.ts'
import { endAllLoginSessions } from './login-session.ts'
import { findOrganisationNames } from './new-password.queries.ts'
import { hashPassword } from './password.ts'
import { isGuessable } from './password-strength.ts'
import { endAllLinks } from './single-use-link.ts'
import { deleteApiTokens } from './token.queries.ts'

/** Whose password it becomes: attackers know that much, so it must not be made of it. */
type PasswordOwner = {
  email: string
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  birthName?: string | null | undefined
}

/** The hash to store. Throws 422 with the pointer, or the variable's name, when the password is easily guessed. */
export async function hashNewPassword(
  ctx: Ctx,
  password: string,
  owner: PasswordOwner,
  pointer = '/password',
): Promise<string> {
  const about = [owner.email, owner.firstName, owner.lastName, owner.birthName, 'Préau', 'Qualiopi']
  const organisation = await findOrganisationNames(ctx.db)
  const known = [...about, ...organisation].filter((text) => text != null)
  if (await isGuessable(password, known)) {
    throw invalidField(
      pointer,
      'too-easy-to-guess',
      'is too easy to guess: it is breached, or made of common words, names or dates',
    )
  }
  return hashPassword(password)
}

/**
 * Writes the password, and ends what the old one opened: login sessions, API tokens, the calendar's address, links on
 * their way. Who had one is told by mail, at the address that stood. The caller has locked the account.
 */
export async function setPassword(
  ctx: TrxCtx,
  account: Account,
  firstName: string,
  passwordHash: string,
): Promise<void> {
  await updateAccount(ctx.db, account.id, { passwordHash, updatedAt: ctx.now() })
  await endAllLoginSessions(ctx, account.id)
  await deleteApiTokens(ctx.db, account.id)
  await deleteCalendarFeed(ctx.db, account.id)
  await endAllLinks(ctx, account.id)
  if (account.passwordHash === null) return
  await queueMail(ctx, {
    template: 'password-changed',
    to: account.email,
    personId: account.personId,
    data: { firstName },
  })
}
