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
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  /** The ids of all that are held. */
  keyIds(): string[]
  /** The private key (PKCS #8), to be taken elsewhere; undefined for a key that is not held. */
  pemOf(keyId: string): string | undefined
  /** Makes a key and keeps it. */
  create(): Signer
  /** Keeps a key that was made elsewhere. Throws on what is no Ed25519 key. */
  add(pem: string): Signer
  /** Gives up a key that was made and never used. */
  discard(keyId: string): void
}

/**
 * Files `<key id>.pem` in a folder that nobody else may read, and the keys given in the configuration, if any, one after
 * the other; the first of them is `given`. Throws an error for people when one of these is no Ed25519 key.
 */
export function folderKeyring(directory: string, givenPems = ''): Keyring {
  const held = new Map<string, HeldKey>()
  const hold = (key: KeyObject) => holdIn(held, key)
  const [given] = pemsIn(givenPems).map((pem) => hold(givenKey(pem)).signer)
  const fileOf = (keyId: string) => join(directory, `${keyId}.pem`)
  const find = (keyId: string): HeldKey | undefined => {
    const pem = held.has(keyId) ? undefined : readIfThere(fileOf(keyId))
    if (pem !== undefined) hold(createPrivateKey(pem))
    return held.get(keyId)
  }
  const keep = (key: KeyObject): Signer => {
    const { signer, pem } = hold(key)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (readIfThere(fileOf(signer.keyId)) === undefined)
      writeFileSync(fileOf(signer.keyId), pem, { mode: 0o600, flag: 'wx', flush: true })
    return signer
  }
  return {
    given,
    signer: (keyId) => find(keyId)?.signer,
    keyIds() {
      const files = existsSync(directory) ? readdirSync(directory) : []
      return [...new Set([...held.keys(), ...files.flatMap((name) => keyFile.exec(name)?.[1] ?? [])])]
    },
    pemOf: (keyId) => find(keyId)?.pem,
    create: () => keep(generateKeyPairSync('ed25519').privateKey),
    add: (pem) => keep(createPrivateKey(pem)),
    discard(keyId) {
      held.delete(keyId)
      rmSync(fileOf(keyId), { force: true })
    },
  }
}

function givenKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    signerOf(key)
    return key
  } catch {
    throw new Error('The configuration is not valid: PREAU_LEDGER_KEY: is not an Ed25519 private key in PEM')
  }
}

/** The private keys in a text, one after the other. */
export function pemsIn(text: string): string[] {
  return text.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/g) ?? []
}

const keyFile = /^([0-9a-f]{64})\.pem$/

/** Keys that live as long as the process: for tests, and for commands that record nothing. */
export function memoryKeyring(givenPem?: string): Keyring {
  const held = new Map<string, HeldKey>()
  const add = (key: KeyObject) => holdIn(held, key).signer
  return {
    given: givenPem === undefined ? undefined : add(createPrivateKey(givenPem)),
    signer: (keyId) => held.get(keyId)?.signer,
    keyIds: () => [...held.keys()],
    pemOf: (keyId) => held.get(keyId)?.pem,
    create: () => add(generateKeyPairSync('ed25519').privateKey),
    add: (pem) => add(createPrivateKey(pem)),
    discard: (keyId) => void held.delete(keyId),
  }
}

type HeldKey = { signer: Signer; pem: string }

function holdIn(held: Map<string, HeldKey>, key: KeyObject): HeldKey {
  const signer = signerOf(key)
  const one = { signer, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
  held.set(signer.keyId, one)
  return one
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
