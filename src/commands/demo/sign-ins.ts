/** The people of the demonstration that one can sign in as: one of each role. */
import type { Account } from '../../people/account.queries.ts'
import { changeAccount, listAccounts } from '../../people/account.service.ts'
import { type Role, roles } from '../../people/people.schema.ts'
import type { Ctx } from '../../platform/ctx.ts'

export const demoPassword = 'demonstration-preau'

export type DemoSignIn = { role: Role; email: string }

/** Gives a password to the first account of each role that has none yet, so that a changed one stays changed. */
export async function openDoors(ctx: Ctx): Promise<DemoSignIn[]> {
  const { items } = await listAccounts(ctx, { limit: 1_000 })
  const signIns: DemoSignIn[] = []
  for (const role of roles.toReversed()) {
    const account = items.find((candidate) => highestRole(candidate) === role)
    if (!account) continue
    if (account.passwordHash === null) await changeAccount(ctx, account.id, { password: demoPassword }, '*')
    signIns.push({ role, email: account.email })
  }
  return signIns
}

/** The last of the list counts: an admin who is also a member is shown as the admin. */
function highestRole(account: Account): Role | undefined {
  return roles.findLast((role) => account.roleGrants.some((grant) => grant.role === role))
}
