/** Slows down the guessing of passwords, and floods of links, for all processes on this database together. */
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { networkOf } from '../../platform/http/client-address.ts'
import type { Problem } from '../../platform/problem.ts'
import { tooManyAttempts } from '../people.problems.ts'
import type { MailedLinkKind } from './sign-in.schema.ts'
import type { ThrottleRow } from './throttle.queries.ts'
import * as queries from './throttle.queries.ts'
import {
  type Allowance,
  afterFailure,
  allowances,
  type Buckets,
  decide,
  secondsUntilRoom,
} from './throttle.rules.ts'

/** What a guess is counted under. Its keys are hashes: who reads the table sees neither addresses nor accounts. */
type Guess = { accountId: string | null; keys: Record<keyof Buckets, string> }

const bucketNames = ['accountAndClient', 'client', 'account'] as const

/**
 * A guess at the password of an account, or of a typed address that has none: both are counted alike, so that being
 * slowed down tells nothing.
 */
export function guessAt(ctx: Ctx, accountId: string | null, typedEmail: string): Guess {
  const account = accountId ?? `address ${typedEmail.toLowerCase()}`
  const client = clientOf(ctx)
  return {
    accountId,
    keys: {
      accountAndClient: sha256Hex(`${account} from ${client}`),
      client: sha256Hex(`client ${client}`),
      account: sha256Hex(`account ${account}`),
    },
  }
}

/** The network that asks, or «nowhere» inside this process. */
export function clientOf(ctx: Ctx | TrxCtx): string {
  return ctx.client?.address === undefined ? 'nowhere' : networkOf(ctx.client.address)
}

/**
 * Decides on a guess whose password has been checked already (`isRight`), and runs `onRight` in the same transaction.
 * The buckets are locked meanwhile: of any number of guesses at once exactly as many are answered as are allowed, and
 * the others get 429 whatever their password was. A wrong one that is answered pours into the buckets, and throws
 * `wrong()`; a right one empties the pair's.
 */
export async function answerGuess<T>(
  ctx: Ctx,
  guess: Guess,
  isRight: boolean,
  wrong: () => Problem,
  onRight: (ctx: TrxCtx) => Promise<T>,
): Promise<T> {
  const outcome = await inTransaction(ctx, async (ctx): Promise<{ value: T } | { refusal: Problem }> => {
    const rows = await lockBuckets(ctx, guess, isRight)
    const refusal = await refuse(ctx, guess, rows)
    if (refusal) return { refusal }
    if (!isRight) {
      await countFailure(ctx, guess, rows)
      return { refusal: wrong() }
    }
    await queries.deleteThrottle(ctx.db, guess.keys.accountAndClient)
    return { value: await onRight(ctx) }
  })
  // Thrown only now: inside it would take back what was counted.
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.value
}

/** Throws 429 before any password is checked, where no answer is to be had anyway: floods cost next to nothing. */
export async function assertMayGuess(ctx: Ctx, guess: Guess): Promise<void> {
  const rows = await queries.findThrottles(ctx.db, Object.values(guess.keys))
  const decision = decide(bucketsOf(guess, rows), ctx.now())
  if (decision.answered) return
  if (!decision.admittedAt) throw tryAgainIn(decision.retryAfterSeconds)
  const refusal = await inTransaction(ctx, async (ctx) =>
    refuse(ctx, guess, await lockBuckets(ctx, guess, false)),
  )
  if (refusal) throw refusal
}

/** Who signs in where nobody has failed leaves nothing behind; an empty bucket needs no row. */
async function lockBuckets(ctx: TrxCtx, guess: Guess, isRight: boolean): Promise<ThrottleRow[]> {
  const keys = Object.values(guess.keys)
  if (isRight && (await queries.findThrottles(ctx.db, keys)).length === 0) return []
  return queries.claimThrottles(ctx.db, keys, ctx.now())
}

async function refuse(ctx: TrxCtx, guess: Guess, rows: readonly ThrottleRow[]): Promise<Problem | undefined> {
  const buckets = bucketsOf(guess, rows)
  const now = ctx.now()
  const decision = decide(buckets, now)
  if (decision.answered) return undefined
  if (decision.admittedAt) {
    const { drainedAt } = buckets.accountAndClient ?? { drainedAt: now }
    const keyHash = guess.keys.accountAndClient
    await queries.writeThrottles(ctx.db, [{ keyHash, drainedAt, admittedAt: decision.admittedAt }])
  }
  return tryAgainIn(decision.retryAfterSeconds)
}

/** The audit tells every answered failure, and when a bucket is full; what is refused afterwards it does not repeat. */
async function countFailure(ctx: TrxCtx, guess: Guess, rows: readonly ThrottleRow[]): Promise<void> {
  const buckets = bucketsOf(guess, rows)
  const now = ctx.now()
  const after = bucketNames.map((name) => ({
    name,
    keyHash: guess.keys[name],
    ...afterFailure(buckets[name], now, allowances[name]),
  }))
  await queries.writeThrottles(
    ctx.db,
    after
      .map(({ keyHash, drainedAt, admittedAt }) => ({ keyHash, drainedAt, admittedAt }))
      .sort((a, b) => (a.keyHash < b.keyHash ? -1 : 1)),
  )
  const subject = { kind: 'account', id: guess.accountId }
  await audit(ctx, { action: 'login.fail', subject })
  const full = after.filter((bucket) => secondsUntilRoom(bucket, now, allowances[bucket.name]) > 0)
  if (full.length > 0)
    await audit(ctx, { action: 'login.throttle', subject, changes: { per: full.map(({ name }) => name) } })
}

function bucketsOf(guess: Guess, rows: readonly ThrottleRow[]): Buckets {
  const byKey = new Map(rows.map((row) => [row.keyHash, row]))
  return Object.fromEntries(
    bucketNames.flatMap((name) => {
      const row = byKey.get(guess.keys[name])
      return row ? [[name, row]] : []
    }),
  )
}

/** Counts a request for a mailed link from this address. Throws 429 when there were too many. */
export async function countLinkRequest(ctx: Ctx): Promise<void> {
  const wait = await inTransaction(ctx, (ctx) =>
    count(ctx, `links from ${clientOf(ctx)}`, allowances.linkRequests),
  )
  if (wait > 0) throw tryAgainIn(wait)
}

/**
 * Counts a link of this kind to this account, or to an address that has none, and holds its count until the end of the transaction:
 * who asks for the same one waits, whether anybody has it or not. Returns 0, or how many seconds there is none to be had.
 */
export async function countLink(
  ctx: TrxCtx,
  kind: MailedLinkKind,
  accountId: string | undefined,
  email: string,
): Promise<number> {
  return count(ctx, `${kind} to ${accountId ?? email.toLowerCase()}`, allowances.linksToAccount)
}

/** What is refused is not counted, but written all the same, so that it takes as long. */
async function count(ctx: TrxCtx, what: string, allowance: Allowance): Promise<number> {
  const keyHash = sha256Hex(what)
  const now = ctx.now()
  const [bucket = { drainedAt: now, admittedAt: null }] = await queries.claimThrottles(ctx.db, [keyHash], now)
  const seconds = secondsUntilRoom(bucket, now, allowance)
  const after = seconds > 0 ? bucket : afterFailure(bucket, now, allowance)
  await queries.writeThrottles(ctx.db, [{ ...after, keyHash }])
  return seconds
}

/** 429 with `Retry-After`. */
export function tryAgainIn(seconds: number): Problem {
  return tooManyAttempts({ headers: { 'Retry-After': String(seconds) } })
}
