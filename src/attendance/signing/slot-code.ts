/**
 * The code on the trainer's screen: six digits, new every twenty seconds, of one half-day. With it, and with their own
 * link or sign-in, learners show that they sign where the screen is.
 */
import { afterFailure, secondsUntilRoom } from '../../people/sign-in/throttle.rules.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { randomToken } from '../../platform/ids.ts'
import { at, type Problem } from '../../platform/problem.ts'
import { notFound } from '../../platform/problems.ts'
import { findSlotTo } from '../slot-access.ts'
import { qrCode } from './qr-code.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { tooManyCodes, wrongCode } from './signing.problems.ts'
import * as queries from './slot-code.queries.ts'
import { type CodeTerms, codeOf, isCodeOf, startOf, stepAt } from './totp.ts'

const terms: CodeTerms = { algorithm: 'sha256', digits: 6, stepSeconds: 20 }

/**
 * Five mistyped codes at once, then one with each new code. Who tries from a distance all through a half-day of four
 * hours, under their own name, has one chance in seven hundred, and leaves seven hundred entries in the audit.
 */
const allowance = { burst: 5, seconds: terms.stepSeconds }

export type SlotCode = {
  code: string
  /** The page on which who is signed in signs with this code. */
  url: string
  qrSvg: string
  nextCodeAt: Temporal.Instant
  validUntil: Temporal.Instant
}

/** The code of now, for the trainer's screen. Throws 401, 403 and 404. */
export async function showSlotCode(ctx: Ctx, slotId: string): Promise<SlotCode> {
  await findSlotTo(ctx, slotId, may['slotCode.show'])
  const secret = (await queries.findCodeSecret(ctx.db, slotId)) ?? (await makeSecret(ctx, slotId))
  const step = stepAt(ctx.now(), terms)
  const code = codeOf(Buffer.from(secret, 'base64url'), step, terms)
  const url = `${ctx.baseUrl}/signing/code?slot=${slotId}&code=${code}`
  return {
    code,
    url,
    qrSvg: await qrCode(url),
    nextCodeAt: startOf(step + 1, terms),
    validUntil: startOf(step + 2, terms),
  }
}

async function makeSecret(ctx: Ctx, slotId: string): Promise<string> {
  const make = async (ctx: TrxCtx) => {
    const secret = randomToken()
    const isFirst = await queries.insertCodeSecret(ctx.db, { slotId, secret, createdAt: ctx.now() })
    if (isFirst) await audit(ctx, { action: 'slotCode.show', subject: { kind: 'slot', id: slotId } })
    return isFirst ? secret : ((await queries.findCodeSecret(ctx.db, slotId)) ?? secret)
  }
  // Nothing holds a half-day that nobody has signed: somebody may take it away at this moment.
  return inTransaction(ctx, make, { slot_code_slot_id_fkey: notFound })
}

/**
 * Why a code does not count: 422 when it is wrong, 429 while too many of this learner's were; undefined when it is right.
 * The caller holds the enrolment's lock, so that guesses at once are counted one by one, and throws what this returns
 * only after its transaction, which would take back the count.
 */
export async function refuseCode(
  ctx: TrxCtx,
  whose: { slotId: string; enrolmentId: string },
  typed: string,
): Promise<Problem | undefined> {
  const now = ctx.now()
  const { secret, drainedAt } = (await queries.findSecretAndGuesses(ctx.db, whose)) ?? {}
  const bucket = drainedAt ? { drainedAt, admittedAt: null } : undefined
  const wait = secondsUntilRoom(bucket, now, allowance)
  if (wait > 0) return tooManyCodes({ headers: { 'Retry-After': String(wait) } })
  // Where none was ever shown, every code is wrong.
  if (secret && isCodeOf(Buffer.from(secret, 'base64url'), typed, now, terms)) return undefined
  if (secret) {
    const after = afterFailure(bucket, now, allowance)
    await queries.writeGuesses(ctx.db, { ...whose, drainedAt: after.drainedAt })
    await audit(ctx, {
      action: 'slotCode.mistype',
      subject: { kind: 'enrolment', id: whose.enrolmentId },
      changes: { slotId: whose.slotId },
    })
  }
  return at(wrongCode, '/code')()
}

/** Forgets wrong codes that count no longer. */
export async function tidySlotCodes(ctx: Ctx): Promise<void> {
  await queries.deleteDrainedGuesses(ctx.db, ctx.now().subtract({ hours: 1 }))
}
