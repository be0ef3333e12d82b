/** Changing one's own password. */
import { assertSignedIn, authorise } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { at } from '../../platform/problem.ts'
import { notFound, notSignedIn } from '../../platform/problems.ts'
import * as accounts from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { noPassword, wrongPassword } from '../people.problems.ts'
import { findPerson } from '../people.queries.ts'
import { beginLoginSession } from './login-session.ts'
import { hashNewPassword, setPassword } from './new-password.ts'
import { verifyPassword } from './password.ts'
import type { OwnPassword } from './sign-in.schema.ts'
import { answerGuess, assertMayGuess, clientOf, guessAt } from './throttle.ts'
import { inTurn } from './turns.ts'

/**
 * Ends every login session and API token, and begins the present session anew; returns its `Set-Cookie` value. Guesses
 * at the present password count as failed sign-ins. Throws 403 for an API token, 422 when the present password is wrong
 * or the new one too easy, 409 when there is none yet, 429 after too many failures.
 */
export async function changeOwnPassword(ctx: Ctx, input: OwnPassword): Promise<string> {
  authorise(ctx.actor, may['password.change'])
  const actor = assertSignedIn(ctx.actor)
  return inTurn(clientOf(ctx), () => guessAndChange(ctx, actor, input))
}

async function guessAndChange(
  ctx: Ctx,
  actor: ReturnType<typeof assertSignedIn>,
  input: OwnPassword,
): Promise<string> {
  const account = await accounts.findAccount(ctx.db, actor.accountId)
  const person = await findPerson(ctx.db, actor.personId)
  if (!account || !person) throw notFound()
  if (account.status !== 'active') throw noPassword()
  const guess = guessAt(ctx, account.id, account.email)
  await assertMayGuess(ctx, guess)
  // Judged and hashed whether the present one is right or not: neither an answer nor its time may tell before it counts.
  const owner = { ...person, email: account.email }
  const passwordHash = await hashNewPassword(ctx, input.newPassword, owner, '/newPassword')
  const isRight = await verifyPassword(input.currentPassword, account.passwordHash)
  return answerGuess(ctx, guess, isRight, at(wrongPassword, '/currentPassword'), async (ctx) => {
    // Whoever changed the password in the meantime has ended this session: it changes nothing any more.
    const locked = await accounts.lockAccount(ctx.db, account.id)
    const stands =
      locked?.passwordHash === account.passwordHash &&
      (await accounts.credentialStands(ctx.db, account.id, actor.credential ?? ''))
    if (!locked || !stands) throw notSignedIn()
    await setPassword(ctx, locked, person.firstName, passwordHash)
    await audit(ctx, { action: 'password.change', subject: { kind: 'account', id: account.id } })
    return beginLoginSession(ctx, account.id)
  })
}
