/** Reads the header `Idempotency-Key`, and makes the hashes by which a request and its repeats know each other. */
import { argon2, createHmac } from 'node:crypto'
import { promisify } from 'node:util'
import canonicalize from 'canonicalize'
import { sha256Hex } from '../files/files.ts'
import { invalidField } from '../problems.ts'

/** As RFC 8941 writes a string, which is how the draft writes a key: printable ASCII between quotes. */
const quoted = /^"((?:[ !#-[\]-~]|\\["\\])+)"$/
/** As most clients write it: visible ASCII without quotes around it. */
const bare = /^[!#-~][!-~]*$/
const mostCharacters = 255

/** Both ways of writing are one key. Throws 422 on a header that is neither, or longer than 255 characters. */
export function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = quoted.exec(header)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? bare.exec(header)?.[0]
  if (key === undefined || key.length > mostCharacters)
    throw invalidField(
      '/Idempotency-Key',
      'invalid-header',
      'must be 1 to 255 visible ASCII characters, bare or as a quoted string',
    )
  return key
}

/** The key as it is stored: clients choose it, and may write a name into it. */
export function keyHash(key: string): string {
  return sha256Hex(key)
}

/**
 * The fingerprint of what was asked: JSON values that are equal have one, whatever the order of their fields. Made with
 * the key, of which only a hash is stored, so that the table is no place to try bodies against.
 */
export function requestHash(key: string, request: unknown): string {
  return createHmac('sha256', key).update(textOf(request)).digest('hex')
}

const derive = promisify(argon2)

/**
 * The same for a body that may hold a password. A key can be guessed as `1` can, so each guess at the body costs what a
 * guess at the stored password costs: argon2id with the parameters of `people/sign-in/password.ts`.
 */
export async function slowRequestHash(key: string, request: unknown): Promise<string> {
  const nonce = Buffer.from(sha256Hex(`request hash\n${key}`), 'hex')
  const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
  return (await derive('argon2id', { message: textOf(request), nonce, ...cost })).toString('hex')
}

function textOf(request: unknown): string {
  return canonicalize(request) ?? ''
}
