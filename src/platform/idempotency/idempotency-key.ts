/** Reads the header `Idempotency-Key`, and makes the hashes by which a request and its repeats know each other. */
import { createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'
import { argon2id } from '../argon2id.ts'
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

/** The same for a body that may hold a password: a key can be guessed as `1` can, so each guess at the body costs. */
export async function slowRequestHash(key: string, request: unknown): Promise<string> {
  const salt = Buffer.from(sha256Hex(`request hash\n${key}`), 'hex')
  return (await argon2id(textOf(request), salt)).toString('hex')
}

function textOf(request: unknown): string {
  return canonicalize(request) ?? ''
}
