/**
 * The Ed25519 keys (RFC 8032) that evidence is signed with. They stay outside of the database, so that who holds only
 * that can alter nothing unseen. A key is known by the SHA-256 of its public part.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Hex } from './files/files.ts'

export type Signer = {
  keyId: string
  /** 32 bytes in base64url. */
  publicKey: string
  /** The signature over the text's UTF-8 bytes, in base64url. */
  sign(message: string): string
}

export type Keyring = {
  /** The key given in the configuration: of a database without one it becomes the first. */
  given?: Signer | undefined
  /** Undefined for a key that is not held. */
  signer(keyId: string): Signer | undefined
  /** Makes a key and keeps it. */
  create(): Signer
  /** Gives up a key that was made and never used. */
  discard(keyId: string): void
}

/** Files `<key id>.pem` in a folder that nobody else may read, and the key given in the configuration, if any. */
export function folderKeyring(directory: string, givenPem?: string): Keyring {
  const held = new Map<string, Signer>()
  const keep = (key: KeyObject): Signer => {
    const signer = signerOf(key)
    held.set(signer.keyId, signer)
    return signer
  }
  const given = givenPem === undefined ? undefined : keep(createPrivateKey(givenPem))
  const fileOf = (keyId: string) => join(directory, `${keyId}.pem`)
  return {
    given,
    signer(keyId) {
      const pem = held.has(keyId) ? undefined : readIfThere(fileOf(keyId))
      if (pem !== undefined) keep(createPrivateKey(pem))
      return held.get(keyId)
    },
    create() {
      const { privateKey } = generateKeyPairSync('ed25519')
      const signer = keep(privateKey)
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
      writeFileSync(fileOf(signer.keyId), pem, { mode: 0o600, flag: 'wx', flush: true })
      return signer
    },
    discard(keyId) {
      held.delete(keyId)
      rmSync(fileOf(keyId), { force: true })
    },
  }
}

/** Keys that live as long as the process: for tests, and for commands that record nothing. */
export function memoryKeyring(): Keyring {
  const held = new Map<string, Signer>()
  return {
    signer: (keyId) => held.get(keyId),
    create() {
      const signer = signerOf(generateKeyPairSync('ed25519').privateKey)
      held.set(signer.keyId, signer)
      return signer
    },
    discard: (keyId) => void held.delete(keyId),
  }
}

/** Throws on a key that is not Ed25519. */
export function signerOf(privateKey: KeyObject): Signer {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (privateKey.asymmetricKeyType !== 'ed25519' || x === undefined) throw new Error('not an Ed25519 key')
  return {
    keyId: keyIdOf(x),
    publicKey: x,
    sign: (message) => sign(null, Buffer.from(message), privateKey).toString('base64url'),
  }
}

export function keyIdOf(publicKey: string): string {
  return sha256Hex(Buffer.from(publicKey, 'base64url'))
}

/** Whether the signature over this text was made by this key; false for what is none. */
export function isSignedBy(publicKey: string, message: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    return verify(null, Buffer.from(message), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
