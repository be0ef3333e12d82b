/** Passwords as they are stored: salted argon2id hashes, written as PHC strings. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Argon2idCost, argon2id, argon2idCost } from '../../platform/argon2id.ts'

/** `$argon2id$v=19$m=47104,t=1,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return phcString(salt, await hash(password, salt))
}

const nobody = phcString(Buffer.alloc(16, 1), Buffer.alloc(32, 1))

/**
 * At the cost at which it was stored. Without a stored hash (no such account) the same work is done, so that the time
 * tells nothing.
 */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const { cost, salt, tag } = readPhcString(stored ?? nobody)
  const derived = await hash(password, salt, cost)
  return derived.length === tag.length && timingSafeEqual(derived, tag) && stored != null
}

/** However a keyboard composes its accents. */
function hash(password: string, salt: Buffer, cost = argon2idCost): Promise<Buffer> {
  return argon2id(password.normalize('NFKC'), salt, cost)
}

function phcString(salt: Buffer, tag: Buffer): string {
  const { memory, passes } = argon2idCost
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(salt)}$${unpadded(tag)}`
}

function readPhcString(phc: string): { cost: Argon2idCost; salt: Buffer; tag: Buffer } {
  const [, , , cost = '', salt = '', tag = ''] = phc.split('$')
  const [, memory, passes] = /^m=(\d+),t=(\d+),p=1$/.exec(cost) ?? []
  return {
    cost: { memory: Number(memory), passes: Number(passes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
