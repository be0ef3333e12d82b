/** Passwords as they are stored: salted argon2id hashes, written as PHC strings. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { argon2id, argon2idCost } from '../../platform/argon2id.ts'

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return phcString(salt, await hash(password, salt))
}

const nobody = phcString(Buffer.alloc(16, 1), Buffer.alloc(32, 1))

/** Without a stored hash (no such account) the same work is done, so that the time tells nothing. */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const [, , , , salt = '', tag = ''] = (stored ?? nobody).split('$')
  const derived = await hash(password, Buffer.from(salt, 'base64'))
  const expected = Buffer.from(tag, 'base64')
  return derived.length === expected.length && timingSafeEqual(derived, expected) && stored != null
}

/** However a keyboard composes its accents. */
function hash(password: string, salt: Buffer): Promise<Buffer> {
  return argon2id(password.normalize('NFKC'), salt)
}

function phcString(salt: Buffer, tag: Buffer): string {
  const { memory, passes, parallelism } = argon2idCost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
