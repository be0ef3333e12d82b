/** Connection logs (*relevés de connexion*): evidence beside the signatures of a half-day at a distance. */
import type { SessionRow, SlotRow } from '../../planning/session.queries.ts'
import { findSessionTo } from '../../planning/session-access.ts'
import { accountIdOf, nothingFor } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { readStoredFile, sha256Hex, storeFile } from '../../platform/files/files.ts'
import { invalidFields } from '../../platform/problems.ts'
import { appendEvents } from '../ledger/ledger.service.ts'
import { canonicalJson } from '../ledger/ledger.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { assertBegun, findSlotTo, lockSlotTo } from '../slot-access.ts'
import { presentMinutes } from './connected-minutes.ts'
import type { ConnectionLogRow, SheetLearner } from './connection-log.queries.ts'
import * as queries from './connection-log.queries.ts'
import {
  candidatesFor,
  decided,
  isOneOf,
  type Known,
  matchOf,
  minutesOf,
  type Participant,
  participantsOf,
  presencesOf,
  spansOf,
} from './connection-log.rules.ts'
import type { ConnectionLogQuery, ConnectionMatch, ConnectionMatchesInput } from './connection-log.schema.ts'
import { type Connection, type LogProblem, readConnectionLog } from './connection-log-reading.ts'
import { remotePermissions as may } from './remote.permissions.ts'
import { logOfAnotherTime, unreadableLog } from './remote.problems.ts'

type SlotConnections = {
  slotId: string
  presences: { enrolmentId: string; name: string; minutes: number }[]
  logs: (Pick<ConnectionLogRow, 'id' | 'provider' | 'sha256' | 'size' | 'timeZone' | 'uploadedAt'> & {
    participants: {
      line: number
      name: string
      email: string | null
      minutes: number
      enrolmentId: string | null
      matchedBy: ConnectionMatch['by'] | null
      isTrainer: boolean
      candidates: { enrolmentId: string; name: string }[]
    }[]
  })[]
}

/**
 * Keeps what a virtual room exported of a half-day, and who in it is which learner as far as address or name tell; no
 * mark changes. The same file again changes nothing. Throws 422 with the lines that cannot be read, and on a log of
 * another time; 409 before the half-day begins.
 */
export async function addConnectionLog(
  ctx: Ctx,
  slotId: string,
  query: ConnectionLogQuery,
  bytes: Uint8Array,
): Promise<SlotConnections> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['connections.add'])
    assertBegun(ctx, session, slot)
    const sha256 = sha256Hex(bytes)
    const known = await queries.listLogs(ctx.db, slotId)
    if (!known.some((log) => log.sha256 === sha256))
      await keepLog(ctx, session, slot, bytes, query.timeZone ?? session.timeZone)
    return connectionsOf(ctx, session, slot)
  })
}

async function keepLog(
  ctx: TrxCtx,
  session: SessionRow,
  slot: SlotRow,
  bytes: Uint8Array,
  timeZone: string,
): Promise<void> {
  const read = readConnectionLog(bytes, { timeZone, near: slot.startsAt })
  if ('problems' in read) throw unreadable(read.problems)
  const participants = participantsOf(read.connections)
  if (participants.every((participant) => spansOf(participant, slot).length === 0))
    throw logOfAnotherTime({ detail: whenItWas(read.connections, slot) })
  const learners = await queries.listKnownLearners(ctx.db, session.id)
  const matches = participants.flatMap((participant) => {
    const match = matchOf(participant, learners)
    return match ? [{ line: participant.line, ...match }] : []
  })
  const log = {
    id: ctx.newId(),
    provider: read.provider,
    sha256: await storeFile(ctx.db, { bytes, mediaType: 'text/csv', storedAt: ctx.now() }),
    size: bytes.byteLength,
    timeZone,
  }
  const event = await appendState(ctx, slot, log, participants, matches)
  await queries.insertLog(ctx.db, {
    ...log,
    sessionId: session.id,
    slotId: slot.id,
    uploadedAt: event.recordedAt,
    uploadedBy: event.recordedBy,
    matches: JSON.stringify(matches),
    presences: JSON.stringify(event.presences),
    eventId: event.id,
  })
}

const mostProblems = 50

function unreadable(problems: readonly LogProblem[]) {
  const errors = problems.slice(0, mostProblems).map(({ line, column, reason }) => ({
    pointer: '',
    code: 'unreadable-line',
    detail: `ligne ${line}${column === null ? '' : `, «\u202f${column}\u202f»`}\u00a0: ${reason}`,
  }))
  return unreadableLog({ errors, extra: { lines: problems.slice(0, mostProblems) } })
}

function whenItWas(connections: readonly Connection[], slot: SlotRow): string {
  const times = connections.map(({ from }) => from.toString()).sort()
  return `The half-day starts at ${slot.startsAt}; the first connection in the file is at ${times[0]}.`
}

type LogFacts = Pick<ConnectionLogRow, 'id' | 'provider' | 'sha256' | 'size' | 'timeZone'>

/** States in the ledger who is who and what follows from it. */
async function appendState(
  ctx: TrxCtx,
  slot: SlotRow,
  { id: logId, provider, sha256, size, timeZone }: LogFacts,
  participants: readonly Participant[],
  matches: ConnectionMatch[],
) {
  const presences = presencesOf(participants, matches, slot)
  const statement = {
    kind: 'connections' as const,
    slotId: slot.id,
    logId,
    provider,
    sha256,
    size,
    timeZone,
    slotStartsAt: slot.startsAt.toString(),
    slotEndsAt: slot.endsAt.toString(),
    matches,
    presences,
  }
  const [event] = await appendEvents(ctx, slot.sessionId, [{ statement }], 'attendance.connections')
  if (!event) throw new Error('an event that was appended is told')
  return { id: event.id, recordedAt: event.recordedAt, recordedBy: accountIdOf(ctx.actor), presences }
}

/** Decides by hand who is who; what stands already is no event. Throws 422 on a line or a learner that is not there. */
export async function decideMatches(
  ctx: Ctx,
  slotId: string,
  input: ConnectionMatchesInput,
): Promise<SlotConnections> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['connections.add'])
    const log = (await queries.listLogs(ctx.db, slotId)).find(({ id }) => id === input.logId)
    if (!log)
      throw invalidFields([{ pointer: '/logId', code: 'not-of-this-slot', detail: 'is no log of it' }])
    const participants = await participantsIn(ctx, log, slot)
    const learners = await queries.listKnownLearners(ctx.db, session.id)
    assertDecidable(input, participants, learners)
    const matches = decided(log.matches, input.matches)
    if (canonicalJson(matches) !== canonicalJson(log.matches)) {
      const event = await appendState(ctx, slot, log, participants, matches)
      await queries.updateMatches(ctx.db, log.id, { matches, presences: event.presences, eventId: event.id })
    }
    return connectionsOf(ctx, session, slot)
  })
}

function assertDecidable(
  { matches }: ConnectionMatchesInput,
  participants: readonly Participant[],
  learners: readonly SheetLearner[],
): void {
  const lines = new Set(participants.map(({ line }) => line))
  const enrolmentIds = new Set(learners.map(({ enrolmentId }) => enrolmentId))
  const errors = matches.flatMap(({ line, enrolmentId }, index) => [
    ...(lines.has(line)
      ? []
      : [{ pointer: `/matches/${index}/line`, code: 'no-such-line', detail: 'begins no participant' }]),
    ...(enrolmentId === null || enrolmentIds.has(enrolmentId)
      ? []
      : [
          {
            pointer: `/matches/${index}/enrolmentId`,
            code: 'not-of-this-session',
            detail: 'is not an enrolment of this session',
          },
        ]),
  ])
  if (errors.length > 0) throw invalidFields(errors)
}

/** The logs of a half-day, with all that is in them. Throws 401, 403 and 404 as every verb on a session. */
export async function readConnectionLogs(ctx: Ctx, slotId: string): Promise<SlotConnections> {
  return inSnapshot(ctx.db, async (db) => {
    const { session, slot } = await findSlotTo({ ...ctx, db }, slotId, may['connections.read'])
    return connectionsOf({ ...ctx, db }, session, slot)
  })
}

/** A log as it was uploaded, byte by byte. */
export async function readConnectionLogFile(
  ctx: Ctx,
  logId: string,
): Promise<{ bytes: Buffer; sha256: string }> {
  const log = await queries.findLog(ctx.db, logId)
  if (!log) throw nothingFor(ctx.actor)
  await findSessionTo(ctx, log.sessionId, may['connections.read'])
  const file = await readStoredFile(ctx.db, log.sha256)
  if (!file) throw new Error(`the file of a connection log is gone: ${log.sha256}`)
  return { bytes: file.bytes, sha256: log.sha256 }
}

async function participantsIn(
  ctx: Ctx | TrxCtx,
  log: ConnectionLogRow,
  slot: SlotRow,
): Promise<Participant[]> {
  const file = await readStoredFile(ctx.db, log.sha256)
  if (!file) throw new Error(`the file of a connection log is gone: ${log.sha256}`)
  const read = readConnectionLog(file.bytes, { timeZone: log.timeZone, near: slot.startsAt })
  return 'problems' in read ? [] : participantsOf(read.connections)
}

async function connectionsOf(
  ctx: Ctx | TrxCtx,
  session: SessionRow,
  slot: SlotRow,
): Promise<SlotConnections> {
  const rows = await queries.listLogs(ctx.db, slot.id)
  const learners = await queries.listKnownLearners(ctx.db, session.id)
  const trainers = await queries.listKnownTrainers(ctx.db, session.id)
  const logs: SlotConnections['logs'] = []
  for (const log of rows) {
    const participants = await participantsIn(ctx, log, slot)
    logs.push({ ...log, participants: participants.map((one) => shown(one, log, slot, learners, trainers)) })
  }
  const minutes = presentMinutes(rows)
  return {
    slotId: slot.id,
    logs,
    presences: learners.flatMap(({ enrolmentId, name }) => {
      const present = minutes.get(markKey({ slotId: slot.id, enrolmentId }))
      return present === undefined ? [] : [{ enrolmentId, name, minutes: present }]
    }),
  }
}

function shown(
  participant: Participant,
  log: ConnectionLogRow,
  slot: SlotRow,
  learners: readonly SheetLearner[],
  trainers: readonly Known[],
): SlotConnections['logs'][number]['participants'][number] {
  const { line, name, email } = participant
  const match = log.matches.find((match) => match.line === line)
  const isTrainer = match?.enrolmentId == null && isOneOf(participant, trainers)
  const nameOf = new Map(learners.map((learner) => [learner.enrolmentId, learner.name]))
  const candidates = match || isTrainer ? [] : candidatesFor(participant, learners)
  return {
    line,
    name,
    email,
    minutes: minutesOf(spansOf(participant, slot)),
    enrolmentId: match?.enrolmentId ?? null,
    matchedBy: match?.by ?? null,
    isTrainer,
    candidates: candidates.map((enrolmentId) => ({ enrolmentId, name: nameOf.get(enrolmentId) ?? '' })),
  }
}
