/** The tables that hold what events lead to: for each, its rows, and what they must say by the events. */
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { EventBody } from './ledger-event.ts'
import {
  decisionOf,
  foldCountersignatures,
  foldMarks,
  foldSignatures,
  markKey,
  ofKind,
  trainerKey,
} from './ledger-fold.ts'

export const projectionNames = [
  'mark',
  'signature',
  'countersignature',
  'waiver',
  'seal',
  'scan',
  'scan-slot',
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
  async list(db, sessionIds) {
    const rows = db.selectFrom('attendanceMark').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('slotId').orderBy('enrolmentId').execute(), markKey)
  },
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
  async list(db, sessionIds) {
    const rows = db.selectFrom('attendanceSignature').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('slotId').orderBy('enrolmentId').execute(), markKey)
  },
  expect: (bodies) =>
    expectedOf(foldSignatures(bodies), ({ way, signedAt, deviceAt, scanId }) => ({
      way,
      signedAt,
      deviceAt,
      scanId,
    })),
}

const countersignatures: Projection = {
  name: 'countersignature',
  describe: (key) => `of person ${key.split(' ')[1]} in slot ${key.split(' ')[0]}`,
  async list(db, sessionIds) {
    const rows = db.selectFrom('trainerSignature').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('slotId').orderBy('personId').execute(), trainerKey)
  },
  expect: (bodies) =>
    expectedOf(foldCountersignatures(bodies), ({ signedAt, deviceAt }) => ({ signedAt, deviceAt })),
}

const waivers: Projection = {
  name: 'waiver',
  describe: ofEnrolment,
  async list(db, sessionIds) {
    const rows = db.selectFrom('signatureWaiver').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('slotId').orderBy('enrolmentId').execute(), markKey)
  },
  expect: (bodies) =>
    expectedOf(byKey(ofKind(bodies, 'waiver'), markKey), ({ reasonCode }) => ({ reasonCode })),
}

const seals: Projection = {
  name: 'seal',
  describe: (key) => `of slot ${key}`,
  async list(db, sessionIds) {
    const rows = db.selectFrom('slotSeal').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('slotId').execute(), ({ slotId }) => slotId)
  },
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
  async list(db, sessionIds) {
    const rows = db.selectFrom('attendanceScan').selectAll().where('sessionId', '=', anyOf(sessionIds))
    return rowsOf(await rows.orderBy('id').execute(), ({ id }) => id)
  },
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
]
