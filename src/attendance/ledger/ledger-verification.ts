/** Proves attendance: each session's chain, its head, its payloads, and that the tables are what the events lead to. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import type { OnAlteration } from '../../platform/alteration.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { sum } from '../../platform/sum.ts'
import * as queries from './ledger.queries.ts'
import {
  genesis,
  type LedgerEvent,
  type LedgerFault,
  type Link,
  payloadHash,
  readBody,
  type Signatories,
  verifyChain,
} from './ledger.ts'
import type { EventBody } from './ledger-event.ts'
import type { VerifiedKeys } from './ledger-key.ts'
import { type ProjectedRow, type Projection, projections } from './ledger-projections.ts'
import { readKeys, readSignatories } from './ledger-signatories.ts'

/**
 * The first thing wrong with a session's attendance, or nothing. One snapshot, so that it can run while people mark.
 * `heldKeys`: of those known from outside of the database.
 */
export async function verifySessionLedger(
  db: Kysely<Database>,
  sessionId: string,
  heldKeys: readonly string[] = [],
): Promise<LedgerFault | undefined> {
  return inSnapshot(db, async (db) => {
    const keys = await readKeys(db, heldKeys)
    return (await faultsOf(db, [sessionId], keys))[0]
  })
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
  keys: VerifiedKeys,
  onAlteration: OnAlteration,
  onProgress: (sessions: number) => void = () => {},
): Promise<VerifiedLedgers> {
  const verified: VerifiedLedgers = { sessions: 0, events: 0, marks: 0 }
  const verify = async (sessionIds: readonly string[]) => {
    const faults = await faultsOf(db, sessionIds, keys, verified)
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
  keys: VerifiedKeys,
  counted: Omit<VerifiedLedgers, 'sessions'> = { events: 0, marks: 0 },
): Promise<SessionFault[]> {
  const events = await queries.listEventsOf(db, sessionIds)
  const heads = await queries.findHeadsOf(db, sessionIds)
  const payloads = await queries.listPayloadsOf(db, sessionIds)
  const signatoriesOf = await readSignatories(db, sessionIds, keys)
  const rows = await rowsBySession(db, sessionIds)
  counted.events += events.length
  counted.marks += countMarks(rows)
  const eventsOf = Map.groupBy(events, (event) => event.sessionId)
  const payloadOf = new Map(payloads.map((payload) => [payload.eventId, payload]))
  return sessionIds.flatMap((sessionId) =>
    faultsOfSession({
      sessionId,
      events: eventsOf.get(sessionId) ?? [],
      head: heads.get(sessionId),
      payloadOf,
      signatories: signatoriesOf(sessionId),
      rowsOf: rows.map(({ projection, ofSession }) => ({
        projection,
        rows: ofSession.get(sessionId) ?? [],
      })),
    }).map((fault) => ({ sessionId, ...fault })),
  )
}

type RowsBySession = { projection: Projection; ofSession: Map<string, ProjectedRow[]> }

async function rowsBySession(db: Kysely<Database>, sessionIds: readonly string[]): Promise<RowsBySession[]> {
  const tables: RowsBySession[] = []
  for (const projection of projections) {
    const rows = await projection.list(db, sessionIds)
    tables.push({ projection, ofSession: Map.groupBy(rows, (row) => row.sessionId) })
  }
  return tables
}

function countMarks(tables: readonly RowsBySession[]): number {
  const marks = tables.find(({ projection }) => projection.name === 'mark')
  return sum([...(marks?.ofSession.values() ?? [])].map((rows) => rows.length))
}

type Attendance = {
  sessionId: string
  events: readonly LedgerEvent[]
  head: Link | undefined
  payloadOf: ReadonlyMap<string, queries.PayloadRow>
  signatories: Signatories
  rowsOf: readonly { projection: Projection; rows: readonly ProjectedRow[] }[]
}

function faultsOfSession({
  sessionId,
  events,
  head,
  payloadOf,
  signatories,
  rowsOf,
}: Attendance): LedgerFault[] {
  const bodyOf = new Map(events.map((event) => [event, readBody(event)]))
  const chain = verifyChain(sessionId, events, signatories, (event) => bodyOf.get(event))
  const altered = new Set(chain.filter(({ code }) => isOfContent(code)).map(({ sequence }) => sequence))
  const alteredIds = new Set(events.filter(({ sequence }) => altered.has(sequence)).map(({ id }) => id))
  const bodies = [...bodyOf.values()].filter((body) => body !== undefined)
  return [
    ...chain,
    ...faultsOfHead(sessionId, events, head),
    ...faultsOfPayloads(
      events.filter(({ id }) => !alteredIds.has(id)),
      payloadOf,
    ),
    ...rowsOf.flatMap(({ projection, rows }) =>
      faultsOfRows(projection, {
        bodies,
        altered,
        payloadOf,
        rows: rows.filter(({ eventId }) => !alteredIds.has(eventId)),
      }),
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

type Projected = Pick<Attendance, 'payloadOf'> & {
  bodies: readonly EventBody[]
  /** The sequences of events that were altered, of which nothing follows. */
  altered: ReadonlySet<number | null>
  rows: readonly ProjectedRow[]
}

/** Whether a table holds what the events lead to, and nothing else. */
function faultsOfRows(
  projection: Projection,
  { bodies, altered, payloadOf, rows }: Projected,
): LedgerFault[] {
  const expected = projection.expect(bodies)
  const found = new Map(rows.map((row) => [row.key, row]))
  const faults: LedgerFault[] = []
  for (const [key, { sequence, columns }] of expected) {
    if (altered.has(sequence)) continue
    const row = found.get(key)
    const payload = row && payloadOf.get(row.eventId)
    const stated = { ...columns, ...(payload && projection.ofPayload?.(payload.content)) }
    const column = row && Object.keys(stated).find((column) => row.columns[column] !== stated[column])
    if (!row) faults.push(fault(projection, 'missing', sequence, `${projection.describe(key)} is missing`))
    else if (column)
      faults.push(
        fault(
          projection,
          'differs',
          sequence,
          `${projection.describe(key)} differs from its event in ${column}`,
        ),
      )
  }
  for (const key of found.keys())
    if (!expected.has(key))
      faults.push(fault(projection, 'unfounded', null, `${projection.describe(key)} is founded by no event`))
  return faults
}

function fault(
  { name }: Projection,
  what: 'missing' | 'differs' | 'unfounded',
  sequence: number | null,
  detail: string,
): LedgerFault {
  return { code: `${name}-${what}`, sequence, detail: `the ${name} ${detail}` }
}
