/** The very first admin: by the one-time link that the first start prints, or from the environment. */
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { Account } from '../account.queries.ts'
import { addAccount } from '../account.service.ts'
import { emailTaken, setupDone } from '../people.problems.ts'
import { hashNewPassword } from './new-password.ts'
import * as queries from './setup.queries.ts'
import type { SetupInput } from './sign-in.schema.ts'
import { issueSetupLink, readLink, takeLink } from './single-use-link.ts'

const roleGrants = [{ role: 'admin' as const }]

/** A one-time link's token for the first admin, or nothing when there is an admin; a new one ends those before. */
export async function offerSetup(ctx: Ctx): Promise<string | undefined> {
  return inTransaction(ctx, async (ctx) => {
    await queries.lockSetup(ctx.db)
    if (await queries.anyAdminExists(ctx.db)) return undefined
    const token = await issueSetupLink(ctx)
    await audit(ctx, { action: 'setup.offer', subject: { kind: 'setup', id: null } })
    return token
  })
}

/** Whether the one-time link would work, before anybody fills in a form. Throws as `setUpFirstAdmin` does. */
export async function checkSetupToken(ctx: Ctx, token: string): Promise<void> {
  // The link first: who uses it makes the admin in the same transaction, so that a used one is told from a wrong one.
  const [link] = await Promise.allSettled([readLink(ctx, 'setup', token)])
  if (await queries.anyAdminExists(ctx.db)) throw setupDone()
  if (link.status === 'rejected') throw link.reason
}

/** The first admin, by the one-time link. Throws 401 on a used or expired link, 409 when an admin exists. */
export async function setUpFirstAdmin(ctx: Ctx, input: SetupInput): Promise<Account> {
  await checkSetupToken(ctx, input.token)
  const passwordHash = await hashNewPassword(ctx, input.password, input)
  return inTransaction(
    ctx,
    async (ctx) => {
      await queries.lockSetup(ctx.db)
      if (await queries.anyAdminExists(ctx.db)) throw setupDone()
      await takeLink(ctx, 'setup', input.token)
      const { token: _, password: __, ...person } = input
      return addAccount(ctx, { ...person, roleGrants }, passwordHash)
    },
    { account_email_unique: emailTaken },
  )
}

/** The first admin from the environment; returns false when there is one, whatever the password is by now. */
export async function createFirstAdmin(
  ctx: Ctx,
  input: { email: string; password: string; firstName: string; lastName: string },
): Promise<boolean> {
  if (await queries.anyAdminExists(ctx.db)) return false
  const passwordHash = await hashNewPassword(ctx, input.password, input, 'PREAU_ADMIN_PASSWORD')
  return inTransaction(
    ctx,
    async (ctx) => {
      await queries.lockSetup(ctx.db)
      if (await queries.anyAdminExists(ctx.db)) return false
      await addAccount(ctx, { ...input, roleGrants }, passwordHash)
      return true
    },
    { account_email_unique: emailTaken },
  )
}
