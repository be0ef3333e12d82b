/** What was marked and signed without a network, sent when there is one again. */
import { assertAccount } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { type ConstraintProblems, inTransaction } from '../../platform/db/transaction.ts'
import { notFound } from '../../platform/problems.ts'
import { listMarks } from '../attendance.queries.ts'
import { type AppendedEvent, appendEvents, ledgerTime } from '../ledger/ledger.service.ts'
import { markKey, precedes, trainerKey } from '../ledger/ledger-fold.ts'
import { projectMarks } from '../mark-recording.ts'
import { signedButAbsent } from '../sheet/sheet.rules.ts'
import { listSignatures } from '../signing/signature.queries.ts'
import { projectSignatures } from '../signing/signature-recording.ts'
import { assertDrawn } from '../signing/strokes.ts'
import { clientIdReused, recordedByAnother } from './offline.problems.ts'
import * as queries from './offline.queries.ts'
import { clockOffsetSeconds, codes } from './offline.rules.ts'
import type { OfflineBatchInput, OfflineResult } from './offline.schema.ts'
import { type Decision, decide, type Placed } from './offline-decision.ts'
import { type Ground, lockGround } from './offline-ground.ts'

export type OfflineBatch = {
  serverNow: Temporal.Instant
  clockOffsetSeconds: number
  results: OfflineResult[]
}

/** Learners send at the same moment, each under the lock of their own enrolment. */
const constraints: ConstraintProblems = { attendance_event_client_id_unique: clientIdReused }

/**
 * Records events of the actor's device, in any order and as often as they are sent: the state depends on which there
 * are, not on how they came. The device's clock is put right by how far it is off now; what it said is kept. Each event
 * has its own outcome, and one that is refused keeps no other from being recorded. Throws 403 on what another person
 * recorded on the same device, 409 when another one sends by the same client ids at this moment, 422 with a pointer to
 * strokes that are no signature.
 */
export async function recordOfflineEvents(
  ctx: Ctx,
  { deviceNow, events, personId: recorder }: OfflineBatchInput,
): Promise<OfflineBatch> {
  const { personId } = assertAccount(ctx.actor)
  if (recorder != null && recorder !== personId) throw recordedByAnother()
  for (const [index, event] of events.entries())
    if ('strokes' in event) assertDrawn(event.strokes, `/events/${index}/strokes`)
  const now = ledgerTime(ctx)
  const seconds = clockOffsetSeconds(now, deviceNow)
  const placed = events.map((event) => ({ event, happenedAt: event.at.add({ seconds }) }))
  const slots = await queries.findSlots(ctx.db, [...new Set(events.map(({ slotId }) => slotId))])
  const sessionOf = new Map(slots.map((slot) => [slot.id, slot.sessionId]))
  const bySession = Map.groupBy(placed, ({ event }) => sessionOf.get(event.slotId))
  const results = new Map<Placed, OfflineResult>()
  // Each session on its own: none waits for another's locks, and what is recorded stays recorded.
  for (const [sessionId, ofSession] of bySession) {
    const outcomes =
      sessionId === undefined
        ? ofSession.map(({ event }) => nothingThere(event.clientId))
        : await inTransaction(
            ctx,
            (ctx) => recordInSession(ctx, sessionId, ofSession, { personId, now }),
            constraints,
          )
    for (const [index, one] of ofSession.entries())
      results.set(one, outcomes[index] ?? nothingThere(one.event.clientId))
  }
  return {
    serverNow: now,
    clockOffsetSeconds: seconds,
    results: placed.map((one) => results.get(one) ?? nothingThere(one.event.clientId)),
  }
}

function nothingThere(clientId: string): OfflineResult {
  return { clientId, outcome: 'refused', code: notFound.definition.code }
}

async function recordInSession(
  ctx: TrxCtx,
  sessionId: string,
  placed: readonly Placed[],
  by: { personId: string; now: Temporal.Instant },
): Promise<OfflineResult[]> {
  const ground = await lockGround(ctx, sessionId, { ...by, events: placed.map(({ event }) => event) })
  if (!ground) return placed.map(({ event }) => nothingThere(event.clientId))
  const decisions = placed.map((one) => decide(ctx, ground, one))
  await write(ctx, ground, decisions)
  const conflicts = await conflictsAmong(ctx, decisions)
  return decisions.map((decision, index) =>
    resultOf(placed[index]?.event.clientId ?? '', decision, conflicts),
  )
}

async function write(ctx: TrxCtx, ground: Ground, decisions: readonly Decision[]): Promise<void> {
  const { session, marks, signatures } = ground
  const entries = decisions.flatMap((decision) => (decision.outcome === 'recorded' ? decision.entries : []))
  const appended = await appendEvents(ctx, session.id, entries, 'attendance.recordOffline')
  await projectMarks(ctx, session, appended, marks)
  await projectSignatures(ctx, session, entries, appended, signatures)
  await projectCountersignatures(ctx, ground, appended)
}

async function projectCountersignatures(
  ctx: TrxCtx,
  { session, countersignatures }: Ground,
  appended: readonly AppendedEvent[],
): Promise<void> {
  const first = new Map(
    [...countersignatures].map(([key, row]) => [key, { ...row, signedAt: row.signedAt.toString() }]),
  )
  const rows = new Map<string, Parameters<typeof queries.upsertCountersignatures>[1][number]>()
  for (const { id, sequence, statement } of appended) {
    if (statement.kind !== 'countersignature' || statement.isLate) continue
    const { slotId, personId, signedAt, deviceAt } = statement
    const key = trainerKey(statement)
    const before = first.get(key)
    if (before && !precedes({ ...statement, sequence }, before)) continue
    const row = {
      slotId,
      personId,
      sessionId: session.id,
      signedAt: Temporal.Instant.from(signedAt),
      deviceAt: deviceAt === null ? null : Temporal.Instant.from(deviceAt),
      eventId: id,
    }
    first.set(key, { ...row, ...statement, sequence, deviceAt: row.deviceAt })
    rows.set(key, row)
  }
  await queries.upsertCountersignatures(ctx.db, [...rows.values()])
}

/** The marks that these decisions bear on and that do not go together with a signature, as all of it stands now. */
async function conflictsAmong(ctx: TrxCtx, decisions: readonly Decision[]): Promise<Set<string>> {
  const keys = decisions.flatMap((decision) =>
    decision.outcome !== 'refused' && decision.key !== undefined ? [decision.key] : [],
  )
  const slotIds = [...new Set(keys.map((key) => key.split(' ')[0] ?? ''))]
  if (slotIds.length === 0) return new Set()
  const signatures = await listSignatures(ctx.db, { slotIds })
  const bySlot = new Map(signatures.map((signature) => [markKey(signature), signature]))
  return new Set(
    signedButAbsent(await listMarks(ctx.db, { slotIds }), bySlot).flatMap(({ slotId, enrolmentId }) =>
      enrolmentId === null ? [] : [markKey({ slotId, enrolmentId })],
    ),
  )
}

function resultOf(clientId: string, decision: Decision, conflicts: ReadonlySet<string>): OfflineResult {
  if (decision.outcome === 'refused') return { clientId, ...decision }
  const isConflict = decision.key !== undefined && conflicts.has(decision.key)
  if (decision.outcome === 'repeated')
    return { clientId, outcome: 'repeated', ...(isConflict && { code: codes.signedButAbsent }) }
  if (decision.late !== undefined) return { clientId, outcome: 'conflict', code: decision.late }
  return isConflict
    ? { clientId, outcome: 'conflict', code: codes.signedButAbsent }
    : { clientId, outcome: 'recorded' }
}
