/** The keys that the ledger is signed with: the first one, and whether this installation holds the current one. */
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { Signer } from '../platform/keyring.ts'
import { ledgerTime } from './ledger.service.ts'
import { canonicalJson } from './ledger.ts'
import * as queries from './ledger-keys.queries.ts'

/** What a key says of itself, signed by it. */
export type KeyBody = {
  format: 1
  kind: 'key'
  keyId: string
  publicKey: string
  createdAt: string
  previousKeyId: string | null
}

/** What is signed of a key's body, by the key and by its predecessor. */
export function signedKeyText(body: string): string {
  return `preau ledger key\n${body}`
}

/**
 * Makes the first key where there is none, whoever else starts at the same moment. False when there is one that this
 * installation does not hold: it can read and verify, and record nothing.
 */
export async function holdLedgerKey(ctx: Ctx): Promise<boolean> {
  const current = await queries.findCurrentKey(ctx.db)
  if (current) return ctx.keyring.signer(current.id) !== undefined
  const made = ctx.keyring.given ?? ctx.keyring.create()
  const isFirst = await inTransaction(ctx, (ctx) => introduceFirstKey(ctx, made))
  if (isFirst) return true
  ctx.keyring.discard(made.keyId)
  return holdLedgerKey(ctx)
}

async function introduceFirstKey(ctx: TrxCtx, { keyId, publicKey, sign }: Signer): Promise<boolean> {
  const createdAt = ledgerTime(ctx)
  const stated: KeyBody = {
    format: 1,
    kind: 'key',
    keyId,
    publicKey,
    createdAt: createdAt.toString(),
    previousKeyId: null,
  }
  const body = canonicalJson(stated)
  return queries.insertKeyUnlessFollowed(ctx.db, {
    id: keyId,
    publicKey,
    createdAt,
    previousKeyId: null,
    body,
    signature: sign(signedKeyText(body)),
  })
}
