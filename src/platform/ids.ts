/** Ids and random codes. */
import { randomBytes, randomUUIDv7 } from 'node:crypto'

/** A UUIDv7: sorted by time only roughly, so nothing is ordered by it. */
export function newId(): string {
  return randomUUIDv7()
}

// Crockford's alphabet: no I, L, O or U, so that a printed code can be read aloud and typed.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `length` random characters of 5 bits each. */
export function randomCode(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte & 31)).join('')
}

/** 256 random bits as base64url, for tokens shown once. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Of any version, in either case. */
export function isUuid(value: string): boolean {
  return uuidShape.test(value)
}
