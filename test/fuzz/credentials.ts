/** What the callers sign in with, made anew whenever a call has ended it. */
import { ctxFor } from '../../src/deps.ts'
import { beginLoginSession } from '../../src/people/sign-in/login-session.ts'
import { createToken } from '../../src/people/sign-in/token.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { TestApp } from '../support/app.ts'
import { type RoleName, roleNames } from '../support/route-world.ts'

export type Account = { accountId: string; personId: string }

/** Headers: of a program, and of a browser. */
export type Credentials = Record<'token' | 'cookie', Record<string, string>>

export type AllCredentials = Record<RoleName, Credentials>

export async function credentialsOfAll(
  app: TestApp,
  accounts: Record<RoleName, Account>,
): Promise<AllCredentials> {
  const all = {} as AllCredentials
  for (const role of roleNames) all[role] = await credentialsOf(app, accounts[role])
  return all
}

/** Without an account, none. */
export async function credentialsOf(app: TestApp, { accountId, personId }: Account): Promise<Credentials> {
  if (accountId === '') return { token: {}, cookie: {} }
  const actor = { kind: 'account', accountId, personId, roleGrants: [] } as const
  const { token } = await createToken(ctxFor(app.deps, actor), { name: 'fuzz' })
  const cookie = await inTransaction(app.system, (ctx) => beginLoginSession(ctx, accountId))
  return { token: { authorization: `Bearer ${token}` }, cookie: { cookie: cookie.split(';')[0] ?? '' } }
}
