/** Proves a session's attendance: the chain, its head, the payloads, and that the marks are what the events lead to. */
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { inSnapshot } from '../platform/db/snapshot.ts'
import { listMarks, type MarkRow } from './attendance.queries.ts'
import { findLedgerHead, listEvents, listPayloads, type PayloadRow } from './ledger.queries.ts'
import {
  type EventBody,
  foldMarks,
  genesis,
  type LedgerEvent,
  type LedgerFault,
  type Link,
  markKey,
  payloadHash,
  readBody,
  verifyChain,
} from './ledger.ts'

/** The first thing wrong with a session's attendance, or nothing. One snapshot, so that it can run while people mark. */
export async function verifySessionLedger(
  db: Kysely<Database>,
  sessionId: string,
): Promise<LedgerFault | undefined> {
  return inSnapshot(db, (db) => verifyInSnapshot(db, sessionId))
}

async function verifyInSnapshot(db: Kysely<Database>, sessionId: string): Promise<LedgerFault | undefined> {
  const events = await listEvents(db, sessionId)
  const head = await findLedgerHead(db, sessionId)
  const payloads = await listPayloads(db, sessionId)
  const marks = await listMarks(db, { sessionId })
  const bodies = events.flatMap((event) => readBody(event) ?? [])
  return (
    verifyChain(events) ??
    verifyHead(sessionId, events, head) ??
    verifyPayloads(events, payloads) ??
    verifyMarks(foldMarks(bodies), marks)
  )
}

function verifyHead(
  sessionId: string,
  events: readonly LedgerEvent[],
  head: Link | undefined,
): LedgerFault | undefined {
  const last: Link = events.at(-1) ?? genesis(sessionId)
  const stated = head ?? genesis(sessionId)
  if (stated.sequence === last.sequence && stated.hash === last.hash) return undefined
  const detail = `the head says ${stated.sequence}, the last event is ${last.sequence}`
  return { code: 'wrong-head', sequence: null, detail }
}

/** A payload that is gone is none: retention deletes what is personal. */
function verifyPayloads(
  events: readonly LedgerEvent[],
  payloads: readonly PayloadRow[],
): LedgerFault | undefined {
  const byEvent = new Map(payloads.map((payload) => [payload.eventId, payload]))
  for (const event of events) {
    const payload = byEvent.get(event.id)
    if (payload && payloadHash(payload.salt, payload.content) !== event.payloadHash) {
      const detail = `the payload of event ${event.sequence} is not what was hashed`
      return { code: 'payload-differs', sequence: event.sequence, detail }
    }
  }
  return undefined
}

function verifyMarks(
  expected: ReadonlyMap<string, EventBody>,
  marks: readonly MarkRow[],
): LedgerFault | undefined {
  const found = new Map(marks.map((mark) => [markKey(mark), mark]))
  for (const [key, body] of expected) {
    const mark = found.get(key)
    const where = `the mark of enrolment ${body.enrolmentId} in slot ${body.slotId}`
    if (!mark) return { code: 'mark-missing', sequence: body.sequence, detail: `${where} is missing` }
    const column = differingColumn(mark, body)
    if (column)
      return {
        code: 'mark-differs',
        sequence: body.sequence,
        detail: `${where} differs from its event in ${column}`,
      }
  }
  for (const [key, mark] of found) {
    if (expected.has(key)) continue
    const detail = `no event founds the mark of enrolment ${mark.enrolmentId} in slot ${mark.slotId}`
    return { code: 'mark-unfounded', sequence: null, detail }
  }
  return undefined
}

function differingColumn(mark: MarkRow, body: EventBody): string | undefined {
  const stated: Partial<Record<keyof MarkRow, unknown>> = {
    status: body.status,
    attendedMinutes: body.minutes,
    reasonCode: body.reasonCode,
    justified: body.justified,
    heldOn: body.heldOn,
    kind: body.attendanceKind,
    eventId: body.id,
  }
  const differing = (Object.keys(stated) as (keyof MarkRow)[]).find(
    (column) => mark[column] !== stated[column],
  )
  if (differing) return differing
  return mark.markedAt.toString() === body.recordedAt ? undefined : 'markedAt'
}
