/** API tokens, for programs that act as the person who made them. */
import { assertAccount, authorise, authoriseOn, nothingFor } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import { civilDateOf } from '../../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import type { Page, PageQuery } from '../../platform/http/pagination.ts'
import { randomToken } from '../../platform/ids.ts'
import { invalidField, notSignedIn } from '../../platform/problems.ts'
import { credentialStands } from '../account.queries.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import type { TokenInput } from './sign-in.schema.ts'
import type { ApiToken } from './token.queries.ts'
import * as queries from './token.queries.ts'

/** A token lives by the civil date in UTC, wherever its owner is. */
export function todayInUtc(ctx: Ctx): string {
  return civilDateOf(ctx.now(), 'UTC')
}

type NewToken = Pick<ApiToken, 'id' | 'name' | 'scope' | 'expiresOn' | 'createdAt'> & { token: string }

/**
 * A token that acts as its owner by `Authorization: Bearer`; only its hash is kept. Made by a token, it reaches no
 * further than that one: a `read` token makes none, and a token that expires makes none that outlives it. Throws 422.
 */
export async function createToken(ctx: Ctx, input: TokenInput): Promise<NewToken> {
  authorise(ctx.actor, may['token.create'])
  const actor = assertAccount(ctx.actor)
  const expiresOn = input.expiresOn ?? null
  if (expiresOn !== null && expiresOn < todayInUtc(ctx))
    throw invalidField('/expiresOn', 'past', 'must not lie in the past')
  const token = `preau_${randomToken()}`
  const row = {
    id: ctx.newId(),
    name: input.name,
    scope: input.scope ?? 'full',
    expiresOn,
    createdAt: ctx.now(),
  }
  const { credential } = actor
  await inTransaction(ctx, async (ctx) => {
    if (credential) await assertMayMake(ctx, actor.accountId, credential, expiresOn)
    await queries.insertApiToken(ctx.db, { ...row, accountId: actor.accountId, tokenHash: sha256Hex(token) })
    await audit(ctx, {
      action: 'token.create',
      subject: { kind: 'apiToken', id: row.id },
      changes: { scope: row.scope, expiresOn },
    })
  })
  return { ...row, token }
}

/** A cookie or token that a new password has ended in the meantime makes no other one. */
async function assertMayMake(
  ctx: TrxCtx,
  accountId: string,
  credential: string,
  expiresOn: string | null,
): Promise<void> {
  if (!(await credentialStands(ctx.db, accountId, credential))) throw notSignedIn()
  const last = await queries.findTokenExpiry(ctx.db, credential)
  if (last !== null && (expiresOn === null || expiresOn > last))
    throw invalidField(
      '/expiresOn',
      'outlives-token',
      `must not lie after ${last}, when the token that asks ends`,
    )
}

/** Without what it is: only its hash is kept. */
export type ShownToken = Omit<ApiToken, 'tokenHash'>

/** One's own tokens, the newest first. */
export async function listTokens(ctx: Ctx, query: PageQuery): Promise<Page<ShownToken>> {
  authorise(ctx.actor, may['token.list'])
  return queries.listApiTokens(ctx.db, assertAccount(ctx.actor).accountId, query)
}

/** Ends a token at once. Its owner may, and admins, who find its id in the audit. Throws 404 on any other. */
export async function revokeToken(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const token = await queries.lockApiToken(ctx.db, id)
    if (!token) throw nothingFor(ctx.actor)
    authoriseOn(ctx.actor, { personIds: [token.personId] }, { act: may['token.revoke'] })
    await queries.deleteApiToken(ctx.db, id)
    await audit(ctx, { action: 'token.revoke', subject: { kind: 'apiToken', id } })
  })
}
