/** Codes that change with time (RFC 6238). */
import { createHmac, timingSafeEqual } from 'node:crypto'

export type CodeTerms = { algorithm: 'sha1' | 'sha256' | 'sha512'; digits: number; stepSeconds: number }

/** The code of a step: the number of steps since 1970 (RFC 4226 §5.3). */
export function codeOf(secret: Uint8Array, step: number, { algorithm, digits }: CodeTerms): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac(algorithm, secret).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  const number = hash.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** Which step it is at this moment. */
export function stepAt(now: Temporal.Instant, { stepSeconds }: CodeTerms): number {
  return Math.floor(now.epochMilliseconds / 1_000 / stepSeconds)
}

/** When a step begins. */
export function startOf(step: number, { stepSeconds }: CodeTerms): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(step * stepSeconds * 1_000)
}

/** Whether it is the code of now or the one before: the time between shows nothing of how near a wrong one comes. */
export function isCodeOf(
  secret: Uint8Array,
  typed: string,
  now: Temporal.Instant,
  terms: CodeTerms,
): boolean {
  const step = stepAt(now, terms)
  const given = Buffer.from(typed)
  const matches = [step, step - 1].map((one) => {
    const code = Buffer.from(codeOf(secret, one, terms))
    return code.byteLength === given.byteLength && timingSafeEqual(code, given)
  })
  return matches.includes(true)
}
