/**
 * What is handed out of the ledgers, as small pieces of signed JSON: a checkpoint, or the receipt of a seal. Who keeps one
 * can prove later that nothing before it was rewritten, whoever holds database and key by then.
 */
import { z } from 'zod'
import { sha256Hex } from '../../platform/files/files.ts'
import { isSignedBy, keyIdOf } from '../../platform/keyring.ts'
import { canonicalJson, signedText } from './ledger.ts'
import { checkpointBody, isSignedCheckpoint, rootOf, type SessionHead } from './ledger-checkpoint.ts'

const checkpointStatement = checkpointBody.extend({ signature: z.string() })
export type CheckpointStatement = z.output<typeof checkpointStatement>

/** The event of a seal, by its place in the ledger; the signature is that of the event. */
const sealStatement = z.strictObject({
  format: z.literal(1),
  kind: z.literal('seal'),
  /** Which ledger: the id of its first key. */
  ledger: z.string(),
  sessionId: z.string(),
  slotId: z.string(),
  sequence: z.int(),
  sealedAt: z.string(),
  hash: z.string(),
  keyId: z.string(),
  publicKey: z.string(),
  signature: z.string(),
})
export type SealStatement = z.output<typeof sealStatement>

const statement = z.discriminatedUnion('kind', [checkpointStatement, sealStatement])

/** As a checkpoint is written into a folder: with the heads that its root stands for. */
const checkpointFile = z.strictObject({
  statement: checkpointStatement,
  heads: z.array(z.strictObject({ sessionId: z.string(), sequence: z.int(), hash: z.string() })),
})

/** `heads` are known of a checkpoint's file, and not of its mail. */
export type HandedOut = {
  statement: CheckpointStatement | SealStatement
  heads?: readonly SessionHead[]
}

const [begin, end] = ['-----BEGIN PREAU STATEMENT-----', '-----END PREAU STATEMENT-----']

/** For a mail: lines that no mail program breaks up beyond what `readStatements` mends. */
export function statementText(stated: HandedOut['statement']): string {
  return [begin, JSON.stringify(stated, null, 1), end].join('\n')
}

/** For a folder. */
export function checkpointFileText(stated: CheckpointStatement, heads: readonly SessionHead[]): string {
  const lines = heads.map((head) => ` ${JSON.stringify(head)}`)
  return `{"statement":${JSON.stringify(stated)},\n"heads":[\n${lines.join(',\n')}\n]}\n`
}

/**
 * The statements in a file: one that Préau wrote, or the text of a mail, of several, or of a mail as it is stored
 * (`.eml`, quoted-printable). None when there is none, or what stands there is not what was signed.
 */
export function readStatements(text: string): HandedOut[] | undefined {
  const found = text.trimStart().startsWith('{') ? [readFile(text)] : [...mailed(text)].map(readOne)
  if (found.length === 0) return undefined
  const genuine = found.filter((handedOut) => handedOut !== undefined).filter(isGenuine)
  return genuine.length === found.length ? genuine : undefined
}

function* mailed(text: string): Generator<string> {
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
    const until = text.indexOf(end, at)
    if (until < 0) return
    yield text.slice(at + begin.length, until)
  }
}

/** No value of a statement holds a blank, `=` or `>`: they are of the mail, its wrapped lines and its quotation marks. */
function readOne(text: string): HandedOut | undefined {
  const plain = text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/[\s>\u00a0]/g, '')
  const read = statement.safeParse(parsed(plain))
  return read.success ? { statement: read.data } : undefined
}

function readFile(text: string): HandedOut | undefined {
  const value = parsed(text)
  const [whole, bare] = [checkpointFile.safeParse(value), statement.safeParse(value)]
  if (whole.success) return whole.data
  return bare.success ? { statement: bare.data } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The hash that is signed, chained and looked for. */
export function hashOf(stated: HandedOut['statement']): string {
  if (stated.kind === 'seal') return stated.hash
  const { signature: _, ...body } = stated
  return sha256Hex(canonicalJson(body))
}

function isGenuine({ statement, heads }: HandedOut): boolean {
  if (statement.kind === 'seal') {
    const { keyId, publicKey, hash, signature } = statement
    return keyIdOf(publicKey) === keyId && isSignedBy(publicKey, signedText(hash), signature)
  }
  if (
    heads !== undefined &&
    (rootOf(heads) !== statement.heads.root || heads.length !== statement.heads.count)
  )
    return false
  return isSignedCheckpoint(statement, hashOf(statement), statement.signature)
}
