/** The keys that the ledger is signed with: the first one, whether this installation holds the current one, the next. */
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/keyring.ts'
import { ledgerTime } from './ledger.service.ts'
import { lockAllHeads, lockCheckpoints } from './ledger-checkpoint.queries.ts'
import { openingCheckpoint } from './ledger-checkpoint.service.ts'
import { introduceKey } from './ledger-key.ts'
import * as queries from './ledger-keys.queries.ts'

/**
 * Makes the first key where there is none, whoever else starts at the same moment. False when there is one that this
 * installation does not hold: it can read and verify, and record nothing.
 */
export async function holdLedgerKey(ctx: Ctx): Promise<boolean> {
  const current = await queries.findCurrentKey(ctx.db)
  if (current) return ctx.keyring.signer(current.id) !== undefined
  const made = ctx.keyring.given ?? ctx.keyring.create()
  const isFirst = await inTransaction(ctx, (ctx) => introduceFirst(ctx, made))
  if (isFirst) return true
  if (made !== ctx.keyring.given) ctx.keyring.discard(made.keyId)
  return holdLedgerKey(ctx)
}

/** Its checkpoint covers what was recorded before there were keys. */
async function introduceFirst(ctx: TrxCtx, signer: Signer): Promise<boolean> {
  await lockLedgers(ctx)
  const row = introduceKey(signer, ledgerTime(ctx), undefined)
  if (!(await queries.insertKeyUnlessFollowed(ctx.db, row))) return false
  await openingCheckpoint(ctx, signer)
  await auditKey(ctx, row)
  return true
}

/** In this order everywhere; from here on nothing is recorded until the transaction ends. */
async function lockLedgers(ctx: TrxCtx): Promise<void> {
  await lockCheckpoints(ctx.db)
  await lockAllHeads(ctx.db)
}

export type Rotation = {
  /** A key that was made before, so that every machine could be given it first; absent: one is made. */
  to?: string | undefined
  /** The current key is not here and will not come back: the next one comes without its signature. */
  isLost: boolean
}

type RotatedKey = { from: string; to: string }

/**
 * From now on the ledger is signed with another key, introduced by the one before. Whoever is recording ends first, and
 * the new key opens with a checkpoint: no event of the old key can come after it. Throws an error for people when the
 * current key is not here and not said to be lost, or the next one cannot be it.
 */
export async function rotateKey(ctx: Ctx, rotation: Rotation): Promise<RotatedKey> {
  const made = rotation.to === undefined ? ctx.keyring.create() : undefined
  const next = made ?? ctx.keyring.signer(rotation.to ?? '')
  if (!next)
    throw new Error(`The key ${rotation.to} is not here: make it with \`preau keys create\`, or bring it.`)
  try {
    return await inTransaction(ctx, (ctx) => rotate(ctx, next, rotation.isLost))
  } catch (error) {
    if (made) ctx.keyring.discard(made.keyId)
    throw error
  }
}

async function rotate(ctx: TrxCtx, next: Signer, isLost: boolean): Promise<RotatedKey> {
  await lockLedgers(ctx)
  const current = await queries.findCurrentKey(ctx.db)
  if (!current) throw new Error('There is no key yet: the first start of `preau serve` makes it.')
  const signer = ctx.keyring.signer(current.id)
  if (!signer && !isLost)
    throw new Error(
      `The current key ${current.id} is not here: rotate where it is, or bring it. If it is lost for good: --lost.`,
    )
  if (signer && isLost) throw new Error(`The current key ${current.id} is here: rotate without --lost.`)
  const known = await queries.listKeys(ctx.db)
  if (known.some(({ id }) => id === next.keyId)) throw new Error(`The key ${next.keyId} was in use before.`)
  const row = introduceKey(next, ledgerTime(ctx), { keyId: current.id, signer })
  await queries.insertKeyUnlessFollowed(ctx.db, row)
  await openingCheckpoint(ctx, next)
  await auditKey(ctx, row)
  return { from: current.id, to: next.keyId }
}

async function auditKey(ctx: TrxCtx, { id, previousKeyId }: queries.LedgerKeyRow): Promise<void> {
  await audit(ctx, {
    action: 'ledger.introduceKey',
    subject: { kind: 'ledgerKey', id: null },
    changes: { keyId: id, previousKeyId },
  })
}
