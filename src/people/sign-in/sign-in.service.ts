/** Signing in with a password, signing out, and who sends a request. */
import { type Actor, accountIdOf, assertAccount, authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { notFound, notSignedIn, tokenIsReadOnly } from '../../platform/problems.ts'
import type { Account, SignedIn } from '../account.queries.ts'
import * as accounts from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { badCredentials } from '../people.problems.ts'
import { findPerson, type Person } from '../people.queries.ts'
import { beginLoginSession, clearedCookie, endLoginSession, readLoginSession } from './login-session.ts'
import { verifyPassword } from './password.ts'
import type { Credentials } from './sign-in.schema.ts'
import { answerGuess, assertMayGuess, clientOf, guessAt } from './throttle.ts'
import { findTokenOwner, touchApiToken } from './token.queries.ts'
import { todayInUtc } from './token.service.ts'
import { inTurn } from './turns.ts'

/**
 * Returns the `Set-Cookie` value. An unknown address costs the same argon2 work as a wrong password, and is slowed down
 * alike. Throws 401 when either is wrong, 429 after too many failures.
 */
export async function signInByPassword(ctx: Ctx, credentials: Credentials): Promise<string> {
  authorise(ctx.actor, may.login)
  return inTurn(clientOf(ctx), () => guessPassword(ctx, credentials))
}

async function guessPassword(ctx: Ctx, credentials: Credentials): Promise<string> {
  const account = await accounts.findAccountByEmail(ctx.db, credentials.email)
  const guess = guessAt(ctx, account?.id ?? null, credentials.email)
  await assertMayGuess(ctx, guess)
  const isRight = await verifyPassword(credentials.password, account?.passwordHash)
  return answerGuess(ctx, guess, isRight, badCredentials, async (ctx) => {
    if (!account || !(await accounts.passwordStands(ctx.db, account))) throw badCredentials()
    return signIn(ctx, account, 'password')
  })
}

/**
 * Begins a login session for who has just proved to be the account's holder, in place of the one that the browser had
 * (OWASP ASVS 7.2.4); returns the `Set-Cookie` value.
 */
export async function signIn(
  ctx: TrxCtx,
  account: Account,
  how: 'password' | 'link' | 'invitation',
): Promise<string> {
  if (ctx.client?.loginSessionId !== undefined) await endLoginSession(ctx, ctx.client.loginSessionId)
  const cookie = await beginLoginSession(ctx, account.id)
  await audit(actingAs(ctx, account), {
    action: 'login',
    subject: { kind: 'account', id: account.id },
    changes: { how },
  })
  return cookie
}

/** The same Ctx, for what is written down as done by the holder of the account. */
export function actingAs(ctx: TrxCtx, { id, personId, roleGrants }: Account): TrxCtx {
  return { ...ctx, actor: { kind: 'account', accountId: id, personId, roleGrants } }
}

/** Ends the session of the cookie, if there is one; returns the `Set-Cookie` value that clears it. */
export async function signOut(ctx: Ctx): Promise<string> {
  authorise(ctx.actor, may.logout)
  return inTransaction(ctx, async (ctx) => {
    await endLoginSession(ctx, ctx.client?.loginSessionId ?? '')
    await audit(ctx, { action: 'logout', subject: { kind: 'account', id: accountIdOf(ctx.actor) } })
    return clearedCookie(ctx)
  })
}

export type Me = { account: Account; person: Person; roleGrants: accounts.RoleGrant[] }

/** Who is signed in. Throws 401 when nobody is. */
export async function readMe(ctx: Ctx): Promise<Me> {
  authorise(ctx.actor, may['me.read'])
  const actor = assertAccount(ctx.actor)
  const account = await accounts.findAccount(ctx.db, actor.accountId)
  const person = await findPerson(ctx.db, actor.personId)
  if (!account || !person) throw notFound()
  return { account, person, roleGrants: account.roleGrants }
}

type Sent = { bearer?: string | undefined; isRead: boolean }

/** Who sends the request, by bearer token or by cookie; and a cookie to send back when it was prolonged. */
export async function identify(ctx: Ctx, sent: Sent): Promise<{ actor: Actor; renewedCookie?: string }> {
  if (sent.bearer !== undefined) return { actor: await actorOfToken(ctx, sent.bearer, sent.isRead) }
  const sessionId = ctx.client?.loginSessionId
  if (!sessionId) return { actor: { kind: 'anonymous' } }
  const session = await readLoginSession(ctx, sessionId)
  if (!session) return { actor: { kind: 'anonymous' } }
  return {
    actor: actorOf(session.signedIn, sha256Hex(sessionId)),
    ...(session.renewedCookie !== undefined && { renewedCookie: session.renewedCookie }),
  }
}

/** A token that is wrong is an error, not an anonymous visit: its owner must notice. Nobody guesses 256 random bits. */
async function actorOfToken(ctx: Ctx, bearer: string, isRead: boolean): Promise<Actor> {
  const hash = sha256Hex(bearer)
  const today = todayInUtc(ctx)
  const owner = await findTokenOwner(ctx.db, hash, today)
  if (!owner) throw notSignedIn()
  if (owner.lastUsedOn !== today) await touchApiToken(ctx.db, hash, today)
  if (owner.scope === 'read' && !isRead) throw tokenIsReadOnly()
  return { ...actorOf(owner, hash), token: { scope: owner.scope } }
}

function actorOf({ accountId, personId, roleGrants }: SignedIn, credential: string) {
  return { kind: 'account' as const, accountId, personId, roleGrants, credential }
}
