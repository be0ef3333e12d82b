/** Signing in and out, API tokens, and the very first admin. */
import { type Actor, accountIdOf, authorise } from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import { civilDateOf } from '../platform/civil-time.ts'
import type { Ctx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { sha256Hex } from '../platform/files/files.ts'
import { randomToken } from '../platform/ids.ts'
import { invalidField, notFound, notSignedIn } from '../platform/problems.ts'
import type { Account, SignedIn } from './account.queries.ts'
import * as accounts from './account.queries.ts'
import { addAccount } from './account.service.ts'
import { beginLoginSession, endLoginSession, readLoginSession } from './login-session.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { peoplePermissions as may } from './people.permissions.ts'
import { badCredentials, emailTaken, setupDone, setupTokenInvalid } from './people.problems.ts'
import { findPerson, type Person } from './people.queries.ts'
import type { Credentials, SetupInput, TokenInput } from './people.schema.ts'

/** The cookie is `Secure` where people come by https. */
function isSecure(ctx: Ctx): boolean {
  return ctx.baseUrl.startsWith('https:')
}

/** Returns the `Set-Cookie` value. An unknown address costs the same argon2 work as a wrong password. */
export async function logIn(ctx: Ctx, credentials: Credentials): Promise<string> {
  authorise(ctx.actor, may.login)
  const account = await accounts.findAccountByEmail(ctx.db, credentials.email)
  const isRight = await verifyPassword(credentials.password, account?.passwordHash)
  if (!account || !isRight) throw badCredentials()
  return inTransaction(ctx, async (ctx) => {
    if (!(await accounts.passwordStands(ctx.db, account))) throw badCredentials()
    const cookie = await beginLoginSession(ctx.db, account.id, isSecure(ctx))
    await audit(
      {
        ...ctx,
        actor: { kind: 'account', accountId: account.id, personId: account.personId, roleGrants: [] },
      },
      { action: 'login', subject: { kind: 'account', id: account.id } },
    )
    return cookie
  })
}

/** Ends the session of the cookie, if there is one; returns the `Set-Cookie` value that clears it. */
export async function logOut(ctx: Ctx, sessionId: string | undefined): Promise<string> {
  authorise(ctx.actor, may.logout)
  return inTransaction(ctx, async (ctx) => {
    const cookie = await endLoginSession(ctx.db, sessionId ?? '', isSecure(ctx))
    await audit(ctx, { action: 'logout', subject: { kind: 'account', id: accountIdOf(ctx.actor) } })
    return cookie
  })
}

export type Me = { account: Account; person: Person; roleGrants: accounts.RoleGrant[] }

/** Who is signed in. Throws 401 when nobody is. */
export async function readMe(ctx: Ctx): Promise<Me> {
  authorise(ctx.actor, may['me.read'])
  if (ctx.actor.kind !== 'account') throw notSignedIn()
  const account = await accounts.findAccount(ctx.db, ctx.actor.accountId)
  const person = await findPerson(ctx.db, ctx.actor.personId)
  if (!account || !person) throw notFound()
  return { account, person, roleGrants: account.roleGrants }
}

type NewToken = {
  id: string
  name: string
  expiresOn: string | null
  createdAt: Temporal.Instant
  token: string
}

/** A token that acts as its owner by `Authorization: Bearer`; only its hash is kept. */
export async function createToken(ctx: Ctx, input: TokenInput): Promise<NewToken> {
  authorise(ctx.actor, may['token.create'])
  const { actor } = ctx
  if (actor.kind !== 'account') throw notSignedIn()
  if (input.expiresOn && input.expiresOn < todayInUtc(ctx))
    throw invalidField('/expiresOn', 'past', 'must not lie in the past')
  const token = `preau_${randomToken()}`
  const row = { id: ctx.newId(), name: input.name, expiresOn: input.expiresOn ?? null, createdAt: ctx.now() }
  const { credential } = actor
  await inTransaction(ctx, async (ctx) => {
    // A cookie or token that a new password has ended in the meantime makes no other one.
    if (credential && !(await accounts.credentialStands(ctx.db, actor.accountId, credential)))
      throw notSignedIn()
    await accounts.insertApiToken(ctx.db, { ...row, accountId: actor.accountId, tokenHash: sha256Hex(token) })
    await audit(ctx, { action: 'token.create', subject: { kind: 'apiToken', id: row.id } })
  })
  return { ...row, token }
}

/** Who sends the request, by bearer token or by cookie; and a cookie to send back when it was prolonged. */
export async function identify(
  ctx: Ctx,
  sent: { bearer?: string | undefined; sessionId?: string | undefined },
): Promise<{ actor: Actor; renewedCookie?: string }> {
  if (sent.bearer !== undefined) {
    const owner = await accounts.findTokenOwner(ctx.db, sha256Hex(sent.bearer), todayInUtc(ctx))
    // A token that is wrong is an error, not an anonymous visit: its owner must notice.
    if (!owner) throw notSignedIn()
    return { actor: actorOf(owner, sha256Hex(sent.bearer)) }
  }
  if (!sent.sessionId) return { actor: { kind: 'anonymous' } }
  const session = await readLoginSession(ctx.db, sent.sessionId, isSecure(ctx))
  if (!session) return { actor: { kind: 'anonymous' } }
  return {
    actor: actorOf(session.signedIn, sha256Hex(sent.sessionId)),
    ...(session.renewedCookie !== undefined && { renewedCookie: session.renewedCookie }),
  }
}

/** A token lives by the civil date in UTC, wherever its owner is. */
function todayInUtc(ctx: Ctx): string {
  return civilDateOf(ctx.now(), 'UTC')
}

function actorOf({ accountId, personId, roleGrants }: SignedIn, credential: string): Actor {
  return { kind: 'account', accountId, personId, roleGrants, credential }
}

const setupHours = 24

/** A one-time link's token for the first admin, or nothing when there is an admin; a new one ends those before. */
export async function offerSetup(ctx: Ctx): Promise<string | undefined> {
  return inTransaction(ctx, async (ctx) => {
    if (await accounts.anyAdminExists(ctx.db)) return undefined
    const token = randomToken()
    const now = ctx.now()
    await accounts.replaceSetupToken(ctx.db, {
      tokenHash: sha256Hex(token),
      createdAt: now,
      expiresAt: now.add({ hours: setupHours }),
    })
    return token
  })
}

/** Whether the one-time link would work, before anybody fills in a form. Throws as `setUpFirstAdmin` does. */
export async function checkSetupToken(ctx: Ctx, token: string): Promise<void> {
  if (await accounts.anyAdminExists(ctx.db)) throw setupDone()
  if (!(await accounts.setupTokenIsValid(ctx.db, sha256Hex(token), ctx.now()))) throw setupTokenInvalid()
}

/** The first admin, by the one-time link. Throws 401 on a used or expired link, 409 when an admin exists. */
export async function setUpFirstAdmin(ctx: Ctx, input: SetupInput): Promise<Account> {
  const passwordHash = await hashPassword(input.password)
  return inTransaction(
    ctx,
    async (ctx) => {
      await accounts.lockSetup(ctx.db)
      if (await accounts.anyAdminExists(ctx.db)) throw setupDone()
      if (!(await accounts.takeSetupToken(ctx.db, sha256Hex(input.token), ctx.now())))
        throw setupTokenInvalid()
      const { token: _, password: __, ...person } = input
      return addAccount(ctx, { ...person, roleGrants: [{ role: 'admin' }] }, passwordHash)
    },
    { account_email_unique: emailTaken },
  )
}

/** The first admin from the environment; returns false when there is one. */
export async function createFirstAdmin(
  ctx: Ctx,
  input: { email: string; password: string; firstName: string; lastName: string },
): Promise<boolean> {
  const passwordHash = await hashPassword(input.password)
  return inTransaction(
    ctx,
    async (ctx) => {
      await accounts.lockSetup(ctx.db)
      if (await accounts.anyAdminExists(ctx.db)) return false
      await addAccount(ctx, { ...input, roleGrants: [{ role: 'admin' }] }, passwordHash)
      return true
    },
    { account_email_unique: emailTaken },
  )
}
