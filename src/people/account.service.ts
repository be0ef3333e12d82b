/** Accounts: the people who sign in, and what they may do. */
import { assertNoOwnToken, authorise } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import type { Page } from '../platform/http/pagination.ts'
import { at } from '../platform/problem.ts'
import { notFound } from '../platform/problems.ts'
import type { Account, RoleGrant } from './account.queries.ts'
import * as queries from './account.queries.ts'
import { peoplePermissions as may } from './people.permissions.ts'
import { emailTaken, lastAdmin, noSuchChapter, noSuchPerson, personHasAccount } from './people.problems.ts'
import { findPerson } from './people.queries.ts'
import type { AccountInput, AccountPatch, AccountsQuery } from './people.schema.ts'
import { addPerson, personConstraints } from './people.service.ts'
import { invite } from './sign-in/mailed-link.service.ts'
import { hashNewPassword, setPassword } from './sign-in/new-password.ts'
import { endAllLinks } from './sign-in/single-use-link.ts'

const constraints = {
  ...personConstraints,
  account_email_unique: emailTaken,
  account_person_unique: personHasAccount,
  account_person_exists: at(noSuchPerson, '/personId'),
  role_grant_chapter_exists: at(noSuchChapter, '/roleGrants'),
}

/**
 * An account, with a person of its own unless it names one. Without a password its holder is invited by mail to choose
 * one, unless `invite` is false. Throws 422 when the password is too easy.
 */
export async function createAccount(ctx: Ctx, input: AccountInput): Promise<Account> {
  authorise(ctx.actor, may['account.write'])
  const { password, personId, email } = input
  const person = personId === undefined ? input : await findPerson(ctx.db, personId)
  const passwordHash =
    password === undefined ? null : await hashNewPassword(ctx, password, { ...person, email })
  return inTransaction(
    ctx,
    async (ctx) => {
      const account = await addAccount(ctx, input, passwordHash)
      return passwordHash === null && input.invite !== false ? invite(ctx, account) : account
    },
    constraints,
  )
}

/** Part of other verbs (set-up), which authorise. Nobody is invited. */
export async function addAccount(
  ctx: TrxCtx,
  input: AccountInput,
  passwordHash: string | null,
): Promise<Account> {
  const personId = input.personId ?? (await addPerson(ctx, personOf(input))).id
  const now = ctx.now()
  const row = await queries.insertAccount(ctx.db, {
    id: ctx.newId(),
    createdAt: now,
    updatedAt: now,
    personId,
    email: input.email,
    passwordHash,
  })
  const roleGrants = input.roleGrants.map(complete)
  await queries.replaceRoleGrants(ctx.db, row.id, roleGrants, ctx.newId)
  await audit(ctx, {
    action: 'account.create',
    subject: { kind: 'account', id: row.id },
    changes: { email: 'redacted', personId, roleGrants },
  })
  return { ...row, roleGrants, status: passwordHash === null ? 'new' : 'active' }
}

function personOf(input: AccountInput) {
  const { personId: _, roleGrants: __, password: ___, invite: ____, ...rest } = input
  const { firstName = '', lastName = '', ...person } = rest
  return { ...person, firstName, lastName }
}

function complete(grant: { role: RoleGrant['role']; chapterId?: string | null | undefined }): RoleGrant {
  return { role: grant.role, chapterId: grant.chapterId ?? null }
}

/** An account with its roles. Throws 404 where there is none. */
export async function readAccount(ctx: Ctx, id: string): Promise<Account> {
  authorise(ctx.actor, may['account.read'])
  const account = await queries.findAccount(ctx.db, id)
  if (!account) throw notFound()
  return account
}

/** Accounts by address; `q` is a part of it. */
export async function listAccounts(ctx: Ctx, query: AccountsQuery): Promise<Page<Account>> {
  authorise(ctx.actor, may['account.read'])
  return queries.listAccounts(ctx.db, query)
}

/** Whether anybody has an account here. Throws as `listAccounts`. */
export async function anyAccountExists(ctx: Ctx): Promise<boolean> {
  return (await queries.listAccounts(ctx.db, { limit: 1 })).items.length > 0
}

/**
 * A new password ends the account's login sessions, API tokens and links, a new address its links. The last admin stays
 * one, so that somebody can mend the rest. Throws 403 when an API token would change what its own owner signs in with.
 */
export async function changeAccount(
  ctx: Ctx,
  id: string,
  patch: AccountPatch,
  ifMatch: number | '*',
): Promise<Account> {
  authorise(ctx.actor, may['account.write'])
  // Links to a new address would let in whoever has got hold of the token.
  if (patch.password !== undefined || patch.email !== undefined) assertNoOwnToken(ctx.actor, id)
  const password = await preparePassword(ctx, id, patch)
  return inTransaction(
    ctx,
    async (ctx) => {
      const before = await queries.lockAccount(ctx.db, id)
      if (!before) throw notFound()
      assertVersion(before, ifMatch)
      if (patch.roleGrants) {
        await assertAnAdminRemains(ctx, before, patch.roleGrants.map(complete))
        await queries.replaceRoleGrants(ctx.db, id, patch.roleGrants.map(complete), ctx.newId)
      }
      if (password) await setPassword(ctx, before, password.firstName, password.hash)
      if (patch.email !== undefined) await endAllLinks(ctx, id)
      await queries.updateAccount(ctx.db, id, {
        ...(patch.email !== undefined && { email: patch.email }),
        updatedAt: ctx.now(),
      })
      await audit(ctx, {
        action: 'account.change',
        subject: { kind: 'account', id },
        changes: changedFields<Record<string, unknown>>({ ...before }, patch, ['email', 'password']),
      })
      const account = await queries.findAccount(ctx.db, id)
      if (!account) throw notFound()
      return account
    },
    constraints,
  )
}

/** Hashed before the transaction, since it takes long. */
async function preparePassword(ctx: Ctx, id: string, patch: AccountPatch) {
  if (patch.password === undefined) return undefined
  const account = await queries.findAccount(ctx.db, id)
  const person = account && (await findPerson(ctx.db, account.personId))
  if (!person) throw notFound()
  const owner = { ...person, email: patch.email ?? account.email }
  return { hash: await hashNewPassword(ctx, patch.password, owner), firstName: person.firstName }
}

async function assertAnAdminRemains(ctx: TrxCtx, before: Account, after: RoleGrant[]): Promise<void> {
  const isAdmin = (grants: RoleGrant[]) => grants.some((grant) => grant.role === 'admin')
  if (!isAdmin(before.roleGrants) || isAdmin(after)) return
  const admins = await queries.lockAdmins(ctx.db)
  if (!admins.some((accountId) => accountId !== before.id)) throw lastAdmin()
}
