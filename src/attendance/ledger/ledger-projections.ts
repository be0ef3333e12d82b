/** The tables that hold what events lead to: for each, its rows, and what they must say by the events. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import { anyOf } from '../../platform/db/filter.ts'
import { fingerprintOf } from '../signing/strokes.ts'
import { canonicalJson } from './ledger.ts'
import type { EventBody, EventPayload } from './ledger-event.ts'
import {
  activityKey,
  decisionOf,
  foldActivities,
  foldConnections,
  foldCountersignatures,
  foldMarks,
  foldSignatures,
  foldSlotChanges,
  markKey,
  ofKind,
  trainerKey,
} from './ledger-fold.ts'

const projectionNames = [
  'mark',
  'signature',
  'countersignature',
  'waiver',
  'seal',
  'scan',
  'scan-slot',
  'connection-log',
  'activity',
  'slot',
] as const
export type ProjectionName = (typeof projectionNames)[number]

type Columns = Record<string, unknown>

/** A row of a table: whose it is, how it is known, and its columns; instants as text. */
export type ProjectedRow = { key: string; sessionId: string; eventId: string; columns: Columns }

export type Projection = {
  name: ProjectionName
  /** Which one, for people: by its key. */
  describe(key: string): string
  list(db: Kysely<Database>, sessionIds: readonly string[]): Promise<ProjectedRow[]>
  /** By the key of the row: what it must say, and the sequence of the event that says so. */
  expect(bodies: readonly EventBody[]): Map<string, { sequence: number; columns: Columns }>
  /** What more it must say as long as retention has left the payload of its event. */
  ofPayload?(payload: EventPayload): Columns
}

/** The rows alone, whatever became of slots, enrolments and people. */
function rowsOf<Row extends { sessionId: string; eventId: string }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ProjectedRow[] {
  return rows.map((row) => ({
    key: keyOf(row),
    sessionId: row.sessionId,
    eventId: row.eventId,
    columns: Object.fromEntries(
      Object.entries<unknown>(row).map(([column, value]) => [
        column,
        value instanceof Temporal.Instant ? value.toString() : value,
      ]),
    ),
  }))
}

type TableOfSessions =
  | 'attendanceMark'
  | 'attendanceSignature'
  | 'trainerSignature'
  | 'signatureWaiver'
  | 'slotSeal'
  | 'attendanceScan'
  | 'activityCompletion'

/** All columns of a table, its rows in the order of their keys. */
function listed<Key>(table: TableOfSessions, keyOf: (row: Key) => string): Projection['list'] {
  return async (db, sessionIds) => {
    const { rows } = await sql<Key & { sessionId: string; eventId: string }>`
      select * from ${sql.table(table)} where session_id = ${anyOf(sessionIds)}`.execute(db)
    return rowsOf(rows, keyOf).sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}

function expectedOf<Event extends EventBody>(
  events: Iterable<[string, Event]>,
  columnsOf: (event: Event) => Columns,
): ReturnType<Projection['expect']> {
  return new Map(
    [...events].map(([key, event]) => [
      key,
      {
        sequence: event.sequence,
        columns: { ...columnsOf(event), eventId: event.id, sessionId: event.sessionId },
      },
    ]),
  )
}

const ofEnrolment = (key: string) => `of enrolment ${key.split(' ')[1]} in slot ${key.split(' ')[0]}`

const marks: Projection = {
  name: 'mark',
  describe: ofEnrolment,
  list: listed('attendanceMark', markKey),
  expect: (bodies) =>
    expectedOf(foldMarks(bodies), (event) => ({
      status: event.status,
      attendedMinutes: event.minutes,
      reasonCode: event.reasonCode,
      justified: event.justified,
      heldOn: event.heldOn,
      kind: event.attendanceKind,
      markedAt: event.recordedAt,
      source: decisionOf(event).source,
      decidedAt: decisionOf(event).decidedAt,
      arrivedAt: event.format === 1 ? null : event.arrivedAt,
      leftAt: event.format === 1 ? null : event.leftAt,
    })),
}

const signatures: Projection = {
  name: 'signature',
  describe: ofEnrolment,
  list: listed('attendanceSignature', markKey),
  expect: (bodies) =>
    expectedOf(foldSignatures(bodies), ({ way, signedAt, deviceAt, scanId }) => ({
      way,
      signedAt,
      deviceAt,
      scanId,
    })),
  ofPayload: ({ strokes }) => ({ fingerprint: strokes ? fingerprintOf(strokes) : null }),
}

const countersignatures: Projection = {
  name: 'countersignature',
  describe: (key) => `of person ${key.split(' ')[1]} in slot ${key.split(' ')[0]}`,
  list: listed('trainerSignature', trainerKey),
  expect: (bodies) =>
    expectedOf(foldCountersignatures(bodies), ({ signedAt, deviceAt }) => ({ signedAt, deviceAt })),
}

const waivers: Projection = {
  name: 'waiver',
  describe: ofEnrolment,
  list: listed('signatureWaiver', markKey),
  expect: (bodies) =>
    expectedOf(byKey(ofKind(bodies, 'waiver'), markKey), ({ reasonCode }) => ({ reasonCode })),
}

const seals: Projection = {
  name: 'seal',
  describe: (key) => `of slot ${key}`,
  list: listed('slotSeal', ({ slotId }: { slotId: string }) => slotId),
  expect: (bodies) =>
    expectedOf(
      byKey(ofKind(bodies, 'seal'), ({ slotId }) => slotId),
      ({ recordedAt, trainerPersonId }) => ({
        sealedAt: recordedAt,
        trainerPersonId,
      }),
    ),
}

const scans: Projection = {
  name: 'scan',
  describe: (key) => key,
  list: listed('attendanceScan', ({ id }: { id: string }) => id),
  expect: (bodies) =>
    expectedOf(
      byKey(ofKind(bodies, 'scan'), ({ scanId }) => scanId),
      ({ sha256, mediaType, size, recordedAt, recordedBy }) => ({
        sha256,
        mediaType,
        size,
        uploadedAt: recordedAt,
        uploadedBy: recordedBy,
      }),
    ),
  ofPayload: ({ originalKeptAt }) => ({ originalKeptAt }),
}

const scanSlots: Projection = {
  name: 'scan-slot',
  describe: (key) => `of scan ${key.split(' ')[0]} and slot ${key.split(' ')[1]}`,
  async list(db, sessionIds) {
    const rows = db
      .selectFrom('attendanceScanSlot')
      .innerJoin('attendanceScan', 'attendanceScan.id', 'attendanceScanSlot.scanId')
      .select(['scanId', 'slotId', 'sessionId', 'eventId'])
      .where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.execute(), ({ scanId, slotId }) => `${scanId} ${slotId}`)
  },
  expect: (bodies) =>
    expectedOf(
      ofKind(bodies, 'scan').flatMap((event) =>
        event.slotIds.map((slotId): [string, typeof event] => [`${event.scanId} ${slotId}`, event]),
      ),
      () => ({}),
    ),
}

const connectionLogs: Projection = {
  name: 'connection-log',
  describe: (key) => key,
  async list(db, sessionIds) {
    const rows = await db
      .selectFrom('connectionLog')
      .selectAll()
      .where('sessionId', '=', anyOf(sessionIds))
      .orderBy('id')
      .execute()
    const comparable = rows.map((row) => ({
      ...row,
      matches: canonicalJson(row.matches),
      presences: canonicalJson(row.presences),
    }))
    return rowsOf(comparable, ({ id }) => id)
  },
  expect(bodies) {
    const first = new Map(
      ofKind(bodies, 'connections')
        .toSorted((a, b) => b.sequence - a.sequence)
        .map((event) => [event.logId, event]),
    )
    return expectedOf(foldConnections(bodies), (event) => ({
      slotId: event.slotId,
      provider: event.provider,
      sha256: event.sha256,
      size: event.size,
      timeZone: event.timeZone,
      uploadedAt: first.get(event.logId)?.recordedAt,
      uploadedBy: first.get(event.logId)?.recordedBy,
      matches: canonicalJson(event.matches),
      presences: canonicalJson(event.presences),
    }))
  },
}

const activities: Projection = {
  name: 'activity',
  describe: (key) => `${key.split(' ')[1]} of enrolment ${key.split(' ')[0]}`,
  list: listed('activityCompletion', activityKey),
  expect: (bodies) =>
    expectedOf(foldActivities(bodies), ({ source, isDone, doneOn, minutes, evidence, recordedAt }) => ({
      source,
      isDone,
      doneOn,
      minutes,
      evidence,
      decidedAt: recordedAt,
    })),
}

/** Slots belong to planning; here are those that were changed after something had been recorded in them. */
const slots: Projection = {
  name: 'slot',
  describe: (key) => key,
  async list(db, sessionIds) {
    const rows = db
      .selectFrom('slot')
      .innerJoin('attendanceEvent as event', 'event.slotId', 'slot.id')
      .distinctOn('slot.id')
      .select([
        'slot.id',
        'slot.sessionId',
        'event.id as eventId',
        'startsAt',
        'endsAt',
        'heldOn',
        'modality',
      ])
      .select((eb) => eb('cancelledAt', 'is not', null).as('isCancelled'))
      .where('slot.sessionId', '=', anyOf(sessionIds))
      .where('event.kind', '=', 'slotChange')
      .orderBy('slot.id')
      .orderBy('event.sequence', 'desc')
    return rowsOf(await rows.execute(), ({ id }) => id)
  },
  expect: (bodies) =>
    expectedOf(foldSlotChanges(bodies), ({ after }) => {
      const { startsAt, endsAt, heldOn, modality, isCancelled } = after
      return { startsAt, endsAt, heldOn, modality, isCancelled }
    }),
}

function byKey<Event>(events: readonly Event[], keyOf: (event: Event) => string): [string, Event][] {
  return events.map((event) => [keyOf(event), event])
}

/** In the order in which their faults are named. */
export const projections: readonly Projection[] = [
  marks,
  signatures,
  countersignatures,
  waivers,
  seals,
  scans,
  scanSlots,
  connectionLogs,
  activities,
  slots,
]
