/**
 * Checkpoints of the ledgers as pure functions. A checkpoint states where the chain of every session stood that had moved
 * since the one before, and where that of the documents stood; it is chained, signed and handed out.
 */
import { z } from 'zod'
import { sha256Hex } from '../../platform/files/files.ts'
import { isSignedBy, keyIdOf, type Signer } from '../../platform/keyring.ts'
import { canonicalJson } from './ledger.ts'

/** Where the chain of a session stood. */
export type SessionHead = { sessionId: string; sequence: number; hash: string }

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const link = z.strictObject({ sequence: z.int(), hash })

export const checkpointBody = z.strictObject({
  format: z.literal(1),
  kind: z.literal('checkpoint'),
  /** Which ledger: the id of its first key. */
  ledger: hash,
  sequence: z.int().min(1),
  createdAt: z.string(),
  keyId: hash,
  publicKey: z.string(),
  previousHash: hash,
  /** How many sessions had moved, and the root of the hash tree over their heads; null over none. */
  heads: z.strictObject({ count: z.int().min(0), root: hash.nullable() }),
  /** The head of the ledger of documents; null before the first document. */
  documents: link.nullable(),
})
type CheckpointBody = z.output<typeof checkpointBody>

/** Before the first checkpoint. */
export const noCheckpoint = { sequence: 0, hash: sha256Hex('preau ledger checkpoints') }

/** What is signed of a checkpoint: the hash of its body, and what kind of thing it is. */
function signedCheckpointText(hash: string): string {
  return `preau ledger checkpoint\n${hash}`
}

type NewCheckpoint = Pick<CheckpointBody, 'ledger' | 'createdAt' | 'documents'> & {
  last: { sequence: number; hash: string }
  heads: readonly SessionHead[]
}

/** Chains a checkpoint behind `last` and signs it; the parts of its row. */
export function chainCheckpoint(
  { last, heads, ...facts }: NewCheckpoint,
  { keyId, publicKey, sign }: Signer,
): { sequence: number; keyId: string; previousHash: string; body: string; hash: string; signature: string } {
  const previousHash = last.hash
  const sequence = last.sequence + 1
  const stated: CheckpointBody = {
    format: 1,
    kind: 'checkpoint',
    ...facts,
    sequence,
    keyId,
    publicKey,
    previousHash,
    heads: { count: heads.length, root: rootOf(heads) },
  }
  const body = canonicalJson(stated)
  const hash = sha256Hex(body)
  return { sequence, keyId, previousHash, body, hash, signature: sign(signedCheckpointText(hash)) }
}

/** What a checkpoint states, or nothing when its body is not canonical JSON of a known format. */
export function readCheckpoint(body: string): CheckpointBody | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const read = checkpointBody.safeParse(value)
    return read.success && canonicalJson(value) === body ? read.data : undefined
  } catch {
    return undefined
  }
}

/** Whether the key that a checkpoint names signed it, and is the one that its id says. */
export function isSignedCheckpoint(
  { keyId, publicKey }: Pick<CheckpointBody, 'keyId' | 'publicKey'>,
  hash: string,
  signature: string,
): boolean {
  return keyIdOf(publicKey) === keyId && isSignedBy(publicKey, signedCheckpointText(hash), signature)
}

/** In the order of the sessions' ids, whatever order they are given in. Null over none. */
export function rootOf(heads: readonly SessionHead[]): string | null {
  let level = leavesOf(heads)
  while (level.length > 1) level = nextLevel(level)
  return level[0] ?? null
}

/** One step up the tree: the other hash, and on which side of ours it stands. */
type ProofStep = { side: 'left' | 'right'; hash: string }

/** The way from a session's head up to the root: whoever follows it knows that the checkpoint has this head. */
export function proofOf(heads: readonly SessionHead[], sessionId: string): ProofStep[] {
  let index = inOrder(heads).findIndex((head) => head.sessionId === sessionId)
  let level = leavesOf(heads)
  const steps: ProofStep[] = []
  while (level.length > 1) {
    const isLeft = index % 2 === 0
    const sibling = level[isLeft ? index + 1 : index - 1]
    if (sibling !== undefined) steps.push({ side: isLeft ? 'right' : 'left', hash: sibling })
    index = Math.floor(index / 2)
    level = nextLevel(level)
  }
  return steps
}

function leavesOf(heads: readonly SessionHead[]): string[] {
  return inOrder(heads).map((head) => sha256Hex(`head\n${head.sessionId}\n${head.sequence}\n${head.hash}`))
}

function inOrder(heads: readonly SessionHead[]): SessionHead[] {
  return heads.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
}

/** Two by two; one that is left over goes up as it is. */
function nextLevel(level: readonly string[]): string[] {
  const above: string[] = []
  for (let index = 0; index < level.length; index += 2) {
    const [left = '', right] = level.slice(index, index + 2)
    above.push(right === undefined ? left : sha256Hex(`node\n${left}\n${right}`))
  }
  return above
}
