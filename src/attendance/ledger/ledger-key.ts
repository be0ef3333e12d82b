/** The keys of the ledger as pure functions: how each introduces the next, and which of them may be believed. */
import { z } from 'zod'
import { isSignedBy, keyIdOf, type Signer } from '../../platform/keyring.ts'
import { canonicalJson } from './ledger.ts'
import type { LedgerKeyRow } from './ledger-keys.queries.ts'

/** What a key says of itself, signed by it and, unless that was lost, by its predecessor. */
const keyBody = z.strictObject({
  format: z.literal(1),
  kind: z.literal('key'),
  keyId: z.string(),
  publicKey: z.string(),
  createdAt: z.string(),
  previousKeyId: z.string().nullable(),
})
type KeyBody = z.output<typeof keyBody>

/** What is signed of a key's body, by the key and by its predecessor. */
function signedKeyText(body: string): string {
  return `preau ledger key\n${body}`
}

/** The row of a key that takes the place of another; of the first one there is none to introduce it. */
export function introduceKey(
  { keyId, publicKey, sign }: Signer,
  createdAt: Temporal.Instant,
  previous: { keyId: string; signer: Signer | undefined } | undefined,
): LedgerKeyRow {
  const previousKeyId = previous?.keyId ?? null
  const stated: KeyBody = {
    ...{ format: 1, kind: 'key', keyId, publicKey, previousKeyId },
    createdAt: createdAt.toString(),
  }
  const body = canonicalJson(stated)
  const text = signedKeyText(body)
  return {
    ...{ id: keyId, publicKey, createdAt, previousKeyId, body },
    signature: sign(text),
    previousSignature: previous?.signer?.sign(text) ?? null,
  }
}

type KeyFault = {
  keyId: string
  code: 'key-differs' | 'key-not-in-line' | 'key-not-introduced' | 'key-not-vouched-for' | 'keys-of-another'
  detail: string
}

export type VerifiedKeys = {
  /** In the order in which they followed each other. */
  line: readonly LedgerKeyRow[]
  /** Public keys of those that may be believed, by id. */
  believed: ReadonlyMap<string, string>
  faults: readonly KeyFault[]
  /** Those that took the place of one that was lost, so that it could not introduce them. */
  afterLoss: readonly string[]
}

/**
 * Which keys of the table may be believed. `held` are those known from outside of the database: the private ones that are
 * kept beside it, or those of statements that were handed out. A key that is held vouches for its predecessors, whose ids
 * are in what it signed, and for whom it introduced. Where none is held, the line can only be shown to hold together.
 */
export function verifyKeys(rows: readonly LedgerKeyRow[], held: ReadonlySet<string>): VerifiedKeys {
  const line = lineOf(rows)
  const faults: KeyFault[] = rows
    .filter((row) => !line.includes(row))
    .map(({ id }) => ({ keyId: id, code: 'key-not-in-line', detail: 'no key before it leads to this key' }))
  const sound = line.filter((row) => {
    const column = faultOfRow(row)
    if (column)
      faults.push({ keyId: row.id, code: 'key-differs', detail: `${column} is not what was signed` })
    return !column
  })
  const isIntroduced = (row: LedgerKeyRow) => isIntroducedBy(row, sound[sound.indexOf(row) - 1])
  const afterLoss = sound.filter((row) => row.previousKeyId !== null && row.previousSignature === null)
  for (const row of sound)
    if (row.previousSignature !== null && !isIntroduced(row)) {
      const detail = 'the key before did not sign that this one follows'
      faults.push({ keyId: row.id, code: 'key-not-introduced', detail })
    }
  const isKnown = (row: LedgerKeyRow) => held.has(row.id)
  if (held.size > 0 && !sound.some(isKnown)) {
    const detail =
      'none of the keys kept outside of the database is of this ledger: they are of another one, or those in it were exchanged'
    faults.push({ keyId: rows[0]?.id ?? 'ledger', code: 'keys-of-another', detail })
  }
  const believed =
    held.size === 0 ? believedAlone(sound, isIntroduced) : vouchedFor(sound, isKnown, isIntroduced)
  if (held.size > 0 && sound.some(isKnown))
    for (const row of sound.filter((row) => !believed.includes(row)))
      faults.push({
        ...{ keyId: row.id, code: 'key-not-vouched-for' },
        detail: 'no key kept outside of the database vouches for this one',
      })
  return {
    line,
    believed: new Map(believed.map(({ id, publicKey }) => [id, publicKey])),
    faults,
    afterLoss: afterLoss.map(({ id }) => id),
  }
}

/** From the one without a predecessor on, each followed by the one that names it. */
function lineOf(rows: readonly LedgerKeyRow[]): LedgerKeyRow[] {
  const line: LedgerKeyRow[] = []
  let next = rows.find(({ previousKeyId }) => previousKeyId === null)
  while (next && !line.includes(next)) {
    const last = next
    line.push(last)
    next = rows.find(({ previousKeyId }) => previousKeyId === last.id)
  }
  return line
}

/** The first column that is not what the key signed of itself. */
function faultOfRow(row: LedgerKeyRow): string | undefined {
  const stated = readKey(row.body)
  if (!stated) return 'body'
  if (keyIdOf(row.publicKey) !== row.id) return 'public_key'
  if (stated.keyId !== row.id) return 'id'
  if (stated.publicKey !== row.publicKey) return 'public_key'
  if (stated.previousKeyId !== row.previousKeyId) return 'previous_key_id'
  if (stated.createdAt !== row.createdAt.toString()) return 'created_at'
  return isSignedBy(row.publicKey, signedKeyText(row.body), row.signature) ? undefined : 'signature'
}

function readKey(body: string): KeyBody | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const read = keyBody.safeParse(value)
    return read.success && canonicalJson(value) === body ? read.data : undefined
  } catch {
    return undefined
  }
}

function isIntroducedBy(row: LedgerKeyRow, previous: LedgerKeyRow | undefined): boolean {
  if (row.previousSignature === null || previous?.id !== row.previousKeyId) return false
  return isSignedBy(previous.publicKey, signedKeyText(row.body), row.previousSignature)
}

/** Without anything to compare with: the first one, whoever it introduced, and who followed a key that was lost. */
function believedAlone(
  sound: readonly LedgerKeyRow[],
  isIntroduced: (row: LedgerKeyRow) => boolean,
): LedgerKeyRow[] {
  return sound.filter((row) => row.previousSignature === null || isIntroduced(row))
}

/** Backwards from a key that is known without end, since each names the one before; forwards as long as introduced. */
function vouchedFor(
  sound: readonly LedgerKeyRow[],
  isKnown: (row: LedgerKeyRow) => boolean,
  isIntroduced: (row: LedgerKeyRow) => boolean,
): LedgerKeyRow[] {
  let last = sound.findLastIndex(isKnown)
  if (last < 0) return []
  while (sound[last + 1] !== undefined && isIntroduced(sound[last + 1] as LedgerKeyRow)) last++
  return sound.slice(0, last + 1)
}
