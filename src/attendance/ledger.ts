/** The attendance ledger as pure functions: what an event states, how events are chained, how a chain is checked. */
import canonicalize from 'canonicalize'
import type { Insertable, Selectable } from 'kysely'
import { z } from 'zod'
import { sha256Hex } from '../platform/files/files.ts'
import { attendanceKinds, markStatuses, reasonCodes } from './attendance.schema.ts'
import type { AttendanceEventTable } from './attendance.tables.ts'

/**
 * What an event states about a mark (*émargement*): ids, codes, dates and minutes, nothing that names a person. Free
 * text stands in the payload, of which only the salted hash is here, so that it can be deleted one day while the
 * chain still holds.
 */
const eventBody = z.strictObject({
  format: z.literal(1),
  kind: z.literal('mark'),
  id: z.string(),
  sessionId: z.string(),
  sequence: z.int(),
  slotId: z.string(),
  enrolmentId: z.string(),
  status: z.enum(markStatuses),
  minutes: z.int(),
  reasonCode: z.enum(reasonCodes).nullable(),
  justified: z.boolean().nullable(),
  heldOn: z.string(),
  attendanceKind: z.enum(attendanceKinds),
  recordedAt: z.string(),
  /** The account; null where Préau itself recorded it, from a file. */
  recordedBy: z.string().nullable(),
  payloadHash: z.string().nullable(),
})
export type EventBody = z.output<typeof eventBody>

/** The free text of an event. */
export type EventPayload = { note?: string; reason?: string }

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

/** Chains one event behind `last`; the row is complete, and its sequence and hash are the next link. */
export function chainEvent(
  last: Link,
  facts: Omit<EventBody, 'format' | 'kind' | 'sequence'>,
): Insertable<AttendanceEventTable> & Link {
  const statement: EventBody = { format: 1, kind: 'mark', ...facts, sequence: last.sequence + 1 }
  const body = canonicalJson(statement)
  return {
    id: statement.id,
    sessionId: statement.sessionId,
    sequence: statement.sequence,
    kind: statement.kind,
    slotId: statement.slotId,
    enrolmentId: statement.enrolmentId,
    recordedAt: Temporal.Instant.from(statement.recordedAt),
    recordedBy: statement.recordedBy,
    body,
    payloadHash: statement.payloadHash,
    previousHash: last.hash,
    hash: eventHash(last.hash, body),
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
    | 'mark-missing'
    | 'mark-differs'
    | 'mark-unfounded'
  /** The event's place in the ledger; null where the fault is in no event. */
  sequence: number | null
  detail: string
}

/**
 * What is wrong with a session's events, given in the order of their sequence: every hash is computed anew, every column
 * compared with the text that was hashed. At most one fault an event; the next is then checked against what it says.
 * `bodyOf` spares reading the texts again.
 */
export function verifyChain(
  sessionId: string,
  events: readonly LedgerEvent[],
  bodyOf: (event: LedgerEvent) => EventBody | undefined = readBody,
): LedgerFault[] {
  let last = genesis(sessionId)
  return events.flatMap((event) => {
    const fault = verifyEvent(last, event, bodyOf(event))
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

function differingColumn(event: LedgerEvent, body: EventBody): string | undefined {
  const columns = [
    'id',
    'sessionId',
    'sequence',
    'kind',
    'slotId',
    'enrolmentId',
    'recordedBy',
    'payloadHash',
  ] as const
  const differing = columns.find((column) => event[column] !== body[column])
  if (differing) return differing
  return event.recordedAt.toString() === body.recordedAt ? undefined : 'recordedAt'
}

/** The key of a mark: one learner in one slot. */
export function markKey(mark: { slotId: string; enrolmentId: string }): string {
  return `${mark.slotId} ${mark.enrolmentId}`
}

/** The state that the events lead to: the last word on each learner in each slot. */
export function foldMarks(bodies: readonly EventBody[]): Map<string, EventBody> {
  return new Map(bodies.map((body) => [markKey(body), body]))
}
