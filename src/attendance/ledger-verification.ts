/** Proves attendance: each session's chain, its head, its payloads, and that the marks are what the events lead to. */
import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { inSnapshot } from '../platform/db/snapshot.ts'
import type { AttendanceMarkTable } from './attendance.tables.ts'
import * as queries from './ledger.queries.ts'
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

type MarkRow = Selectable<AttendanceMarkTable>

/** The first thing wrong with a session's attendance, or nothing. One snapshot, so that it can run while people mark. */
export async function verifySessionLedger(
  db: Kysely<Database>,
  sessionId: string,
): Promise<LedgerFault | undefined> {
  return inSnapshot(db, async (db) => (await faultsOf(db, [sessionId]))[0])
}

export type VerifiedLedgers = { sessions: number; events: number; marks: number }

/** So many events are held in memory at a time, or those of one session where it has more. */
const eventsAtOnce = 2_000

/**
 * Proves the attendance of every session, some at a time in a constant number of statements. Everything that is wrong is
 * named with its session. In the caller's snapshot, else what is written meanwhile would look altered.
 */
export async function verifyLedgers(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (sessions: number) => void = () => {},
): Promise<VerifiedLedgers> {
  const verified: VerifiedLedgers = { sessions: 0, events: 0, marks: 0 }
  const verify = async (sessionIds: readonly string[]) => {
    const faults = await faultsOf(db, sessionIds, verified)
    verified.sessions += sessionIds.length
    onProgress(verified.sessions)
    if (faults.length === 0) return
    const references = await queries.sessionReferences(db, sessionIds)
    for (const { sessionId, ...fault } of faults) {
      onAlteration({
        kind: 'attendance',
        id: sessionId,
        reference: references.get(sessionId) ?? null,
        ...fault,
      })
    }
  }
  for await (const sessionIds of queries.sessionsWithHeads(db, eventsAtOnce)) await verify(sessionIds)
  for await (const sessionIds of queries.sessionsWithoutHeads(db)) await verify(sessionIds)
  return verified
}

type SessionFault = LedgerFault & { sessionId: string }

/** All that is wrong with these sessions; what follows from a fault that is named already is not named again. */
async function faultsOf(
  db: Kysely<Database>,
  sessionIds: readonly string[],
  counted: Omit<VerifiedLedgers, 'sessions'> = { events: 0, marks: 0 },
): Promise<SessionFault[]> {
  const events = await queries.listEventsOf(db, sessionIds)
  const heads = await queries.findHeadsOf(db, sessionIds)
  const payloads = await queries.listPayloadsOf(db, sessionIds)
  const marks = await queries.listMarksOf(db, sessionIds)
  counted.events += events.length
  counted.marks += marks.length
  const eventsOf = Map.groupBy(events, (event) => event.sessionId)
  const marksOf = Map.groupBy(marks, (mark) => mark.sessionId)
  const payloadOf = new Map(payloads.map((payload) => [payload.eventId, payload]))
  return sessionIds.flatMap((sessionId) =>
    faultsOfSession({
      sessionId,
      events: eventsOf.get(sessionId) ?? [],
      head: heads.get(sessionId),
      payloadOf,
      marks: marksOf.get(sessionId) ?? [],
    }).map((fault) => ({ sessionId, ...fault })),
  )
}

type Attendance = {
  sessionId: string
  events: readonly LedgerEvent[]
  head: Link | undefined
  payloadOf: ReadonlyMap<string, queries.PayloadRow>
  marks: readonly MarkRow[]
}

function faultsOfSession({ sessionId, events, head, payloadOf, marks }: Attendance): LedgerFault[] {
  const bodyOf = new Map(events.map((event) => [event, readBody(event)]))
  const chain = verifyChain(sessionId, events, (event) => bodyOf.get(event))
  const altered = new Set(chain.filter(({ code }) => isOfContent(code)).map(({ sequence }) => sequence))
  const alteredIds = new Set(events.filter(({ sequence }) => altered.has(sequence)).map(({ id }) => id))
  return [
    ...chain,
    ...faultsOfHead(sessionId, events, head),
    ...faultsOfPayloads(
      events.filter(({ id }) => !alteredIds.has(id)),
      payloadOf,
    ),
    ...faultsOfMarks(
      [...bodyOf.values()].filter((body) => body !== undefined),
      altered,
      marks.filter(({ eventId }) => !alteredIds.has(eventId)),
    ),
  ]
}

/** The event itself was altered; else it stands beside a gap, and its own text may be believed. */
function isOfContent(code: LedgerFault['code']): boolean {
  return code !== 'sequence-gap' && code !== 'broken-link'
}

function faultsOfPayloads(
  events: readonly LedgerEvent[],
  payloadOf: ReadonlyMap<string, queries.PayloadRow>,
): LedgerFault[] {
  return events
    .filter((event) => isPayloadWrong(event, payloadOf))
    .map(({ sequence }) => {
      const detail = `the payload of event ${sequence} is not what was hashed`
      return { code: 'payload-differs', sequence, detail }
    })
}

/** A payload that is gone is none: retention deletes what is personal. */
function isPayloadWrong(event: LedgerEvent, payloadOf: ReadonlyMap<string, queries.PayloadRow>): boolean {
  const payload = payloadOf.get(event.id)
  return payload !== undefined && payloadHash(payload.salt, payload.content) !== event.payloadHash
}

function faultsOfHead(
  sessionId: string,
  events: readonly LedgerEvent[],
  head: Link | undefined,
): LedgerFault[] {
  const last: Link = events.at(-1) ?? genesis(sessionId)
  const stated = head ?? genesis(sessionId)
  if (stated.sequence === last.sequence && stated.hash === last.hash) return []
  const detail = `the head says ${stated.sequence}, the last event is ${last.sequence}`
  return [{ code: 'wrong-head', sequence: null, detail }]
}

function faultsOfMarks(
  bodies: readonly EventBody[],
  altered: ReadonlySet<number | null>,
  marks: readonly MarkRow[],
): LedgerFault[] {
  const expected = foldMarks(bodies)
  const found = new Map(marks.map((mark) => [markKey(mark), mark]))
  const faults: LedgerFault[] = []
  for (const [key, body] of expected) {
    if (altered.has(body.sequence)) continue
    const fault = faultOfMark(found.get(key), body)
    if (fault) faults.push(fault)
  }
  for (const [key, mark] of found) {
    if (expected.has(key)) continue
    const detail = `no event founds the mark of enrolment ${mark.enrolmentId} in slot ${mark.slotId}`
    faults.push({ code: 'mark-unfounded', sequence: null, detail })
  }
  return faults
}

function faultOfMark(mark: MarkRow | undefined, body: EventBody): LedgerFault | undefined {
  const where = `the mark of enrolment ${body.enrolmentId} in slot ${body.slotId}`
  if (!mark) return { code: 'mark-missing', sequence: body.sequence, detail: `${where} is missing` }
  const column = differingColumn(mark, body)
  if (!column) return undefined
  const detail = `${where} differs from its event in ${column}`
  return { code: 'mark-differs', sequence: body.sequence, detail }
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
