/** The attendance ledger as pure functions: how events are chained and signed, how a chain is checked. */
import canonicalize from 'canonicalize'
import type { Insertable, Selectable } from 'kysely'
import { sha256Hex } from '../../platform/files/files.ts'
import { isSignedBy, type Signer } from '../../platform/keyring.ts'
import type { AttendanceEventTable } from '../attendance.tables.ts'
import { type EventBody, type EventKind, eventBody, type Statement } from './ledger-event.ts'
import type { ProjectionName } from './ledger-projections.ts'

export type LedgerEvent = Selectable<AttendanceEventTable>

/** Where a chain stands: the sequence and hash of its last event. */
export type Link = { sequence: number; hash: string }

/** Before the first event: a hash that belongs to this session alone, so that chains cannot be exchanged. */
export function genesis(sessionId: string): Link {
  return { sequence: 0, hash: sha256Hex(`preau attendance ledger\n${sessionId}`) }
}

/** RFC 8785: one text for one value. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** What the event keeps of its free text. The salt keeps short texts from being guessed from their hash. */
export function payloadHash(salt: string, content: unknown): string {
  return sha256Hex(salt + canonicalJson(content))
}

function eventHash(previousHash: string, body: string): string {
  return sha256Hex(`${previousHash}\n${body}`)
}

/** What is signed of an event, besides being chained: its hash, and what kind of thing it is. */
export function signedText(hash: string): string {
  return `preau attendance event\n${hash}`
}

type Recorded = {
  id: string
  sessionId: string
  recordedAt: Temporal.Instant
  /** The account; null where there is none. */
  recordedBy: string | null
  payloadHash: string | null
}

type ChainedEvent = Insertable<AttendanceEventTable> &
  Link & {
    kind: EventKind
    keyId: string
    signature: string
  }

/** Chains one event behind `last`; the row is complete, and its sequence and hash are the next link. */
export function chainEvent(
  last: Link,
  statement: Statement,
  { recordedAt, ...recorded }: Recorded,
  signer: Signer,
): ChainedEvent {
  const sequence = last.sequence + 1
  const stated = {
    format: 2 as const,
    ...statement,
    ...recorded,
    sequence,
    recordedAt: recordedAt.toString(),
  }
  const body = canonicalJson(stated)
  const hash = eventHash(last.hash, body)
  return {
    ...recorded,
    sequence,
    kind: statement.kind,
    slotId: 'slotId' in statement ? statement.slotId : null,
    enrolmentId: 'enrolmentId' in statement ? statement.enrolmentId : null,
    clientId: 'clientId' in statement ? statement.clientId : null,
    recordedAt,
    body,
    previousHash: last.hash,
    hash,
    keyId: signer.keyId,
    signature: signer.sign(signedText(hash)),
  }
}

/** What a check found wrong, and where. */
export type LedgerFault = {
  code:
    | 'sequence-gap'
    | 'broken-link'
    | 'wrong-hash'
    | 'unreadable-body'
    | 'column-differs'
    | 'wrong-head'
    | 'payload-differs'
    | 'not-signed'
    | 'wrong-signature'
    | 'wrong-key'
    | `${ProjectionName}-${'missing' | 'differs' | 'unfounded'}`
  /** The event's place in the ledger; null where the fault is in no event. */
  sequence: number | null
  detail: string
}

/** What the signatures of one session's events are checked with. */
export type Signatories = {
  /** By the key's id: those that may be believed. */
  publicKeys: ReadonlyMap<string, string>
  /** Which events each key signed; null: those from before there were keys. */
  reigns: ReadonlyMap<string | null, Reign>
}

/** The checkpoints that a key and its successor open with say where its events begin and end. */
export type Reign = { after: number; until: number }

/**
 * What is wrong with a session's events, given in the order of their sequence: every hash is computed anew, every column
 * compared with the text that was hashed, every signature checked. At most one fault an event; the next is then checked
 * against what it says. `bodyOf` spares reading the texts again.
 */
export function verifyChain(
  sessionId: string,
  events: readonly LedgerEvent[],
  signatories: Signatories,
  bodyOf: (event: LedgerEvent) => EventBody | undefined = readBody,
): LedgerFault[] {
  let last = genesis(sessionId)
  return events.flatMap((event) => {
    const fault = verifyEvent(last, event, bodyOf(event)) ?? faultOfSignature(event, signatories)
    last = { sequence: event.sequence, hash: event.hash }
    return fault ?? []
  })
}

function verifyEvent(last: Link, event: LedgerEvent, body: EventBody | undefined): LedgerFault | undefined {
  const fault = (code: LedgerFault['code'], detail: string): LedgerFault => ({
    code,
    sequence: event.sequence,
    detail,
  })
  if (event.sequence !== last.sequence + 1)
    return fault('sequence-gap', `event ${event.sequence} follows ${last.sequence}`)
  if (event.previousHash !== last.hash)
    return fault('broken-link', `event ${event.sequence} does not continue the one before`)
  if (event.hash !== eventHash(event.previousHash, event.body))
    return fault('wrong-hash', `event ${event.sequence} is not what was hashed`)
  if (!body) return fault('unreadable-body', `event ${event.sequence} states nothing that can be read`)
  const column = differingColumn(event, body)
  if (column) return fault('column-differs', `${column} of event ${event.sequence} differs from its body`)
  return undefined
}

function faultOfSignature(
  { sequence, hash, keyId, signature }: LedgerEvent,
  { publicKeys, reigns }: Signatories,
): LedgerFault | undefined {
  const reign = reigns.get(keyId) ?? { after: 0, until: 0 }
  const isOfReign = sequence > reign.after && sequence <= reign.until
  if (keyId === null && signature === null)
    return isOfReign ? undefined : { code: 'not-signed', sequence, detail: `event ${sequence} is not signed` }
  const publicKey = publicKeys.get(keyId ?? '')
  if (publicKey === undefined || !isSignedBy(publicKey, signedText(hash), signature ?? ''))
    return {
      code: 'wrong-signature',
      sequence,
      detail: `the signature of event ${sequence} is not of its key`,
    }
  if (isOfReign) return undefined
  return {
    code: 'wrong-key',
    sequence,
    detail: `event ${sequence} is signed with a key that another had followed`,
  }
}

/** What an event states, or nothing when its body is not canonical JSON of a known format. */
export function readBody(event: LedgerEvent): EventBody | undefined {
  try {
    const value: unknown = JSON.parse(event.body)
    const body = eventBody.safeParse(value)
    return body.success && canonicalJson(value) === event.body ? body.data : undefined
  } catch {
    return undefined
  }
}

/** What the columns must say, by the body: a part that a kind of event does not have is null. */
function differingColumn(event: LedgerEvent, body: EventBody): string | undefined {
  const stated: Partial<Record<keyof LedgerEvent, unknown>> = {
    id: body.id,
    sessionId: body.sessionId,
    sequence: body.sequence,
    kind: body.kind,
    recordedBy: body.recordedBy,
    payloadHash: body.payloadHash,
    slotId: 'slotId' in body ? body.slotId : null,
    enrolmentId: 'enrolmentId' in body ? body.enrolmentId : null,
    clientId: 'clientId' in body ? body.clientId : null,
  }
  const differing = (Object.keys(stated) as (keyof LedgerEvent)[]).find(
    (column) => event[column] !== stated[column],
  )
  if (differing) return differing
  return event.recordedAt.toString() === body.recordedAt ? undefined : 'recordedAt'
}
