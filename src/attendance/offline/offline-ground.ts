/** All that is known of a session when events arrive that devices recorded without a network, under its locks. */
import { planningPermissions } from '../../planning/planning.permissions.ts'
import {
  findSession,
  lockSession,
  type SessionRow,
  type SlotRow,
  sessionSubject,
  shareSession,
} from '../../planning/session.queries.ts'
import { can, isAdmin } from '../../platform/access.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { forbidden, notFound } from '../../platform/problems.ts'
import { attendancePermissions as may } from '../attendance.permissions.ts'
import { listMarks } from '../attendance.queries.ts'
import { markKey, trainerKey } from '../ledger/ledger-fold.ts'
import type { CurrentMarks } from '../mark-recording.ts'
import { sealedAmong } from '../sealing/sealing.queries.ts'
import { listSignatures, type SignatureRow } from '../signing/signature.queries.ts'
import { signingPermissions } from '../signing/signing.permissions.ts'
import * as queries from './offline.queries.ts'
import type { OfflineEvent } from './offline.schema.ts'

type Sender = {
  personId: string
  isAdmin: boolean
  mayMark: boolean
  mayHandOver: boolean
  /** Why they may not do something here: what is somebody else's looks as if it did not exist. */
  refusal: string
  /** The half-days that they hold. */
  holds: ReadonlySet<string>
  /** Their own enrolment, also one that has ended. */
  own: queries.OfflineEnrolment | undefined
}

type Countersignatures = Awaited<ReturnType<typeof queries.listCountersignatures>>

export type Ground = {
  session: SessionRow
  sender: Sender
  now: Temporal.Instant
  slots: ReadonlyMap<string, SlotRow>
  sealed: ReadonlySet<string>
  enrolments: ReadonlyMap<string, queries.OfflineEnrolment>
  /** By client id. */
  known: Map<string, queries.KnownEvent>
  marks: CurrentMarks
  signatures: ReadonlyMap<string, SignatureRow>
  countersignatures: ReadonlyMap<string, Countersignatures[number]>
  /** Marks that somebody decided, also those among the events so far. */
  decided: Set<string>
}

/**
 * Locks the session, against everybody else who marks or seals in it where the sender may do so themself, else in share;
 * then the enrolments. Undefined when it is gone.
 */
export async function lockGround(
  ctx: TrxCtx,
  sessionId: string,
  { events, personId, now }: { events: readonly OfflineEvent[]; personId: string; now: Temporal.Instant },
): Promise<Ground | undefined> {
  const seen = await findSession(ctx.db, sessionId)
  if (!seen) return undefined
  const subject = await sessionSubject(ctx.db, seen, personId)
  const mayMark = can(ctx.actor, may['attendance.mark'], subject)
  const session = await (mayMark ? lockSession : shareSession)(ctx.db, sessionId)
  if (!session) return undefined
  const enrolmentIds = events.flatMap((event) =>
    'enrolmentId' in event && event.enrolmentId != null ? [event.enrolmentId] : [],
  )
  const enrolments = await queries.lockEnrolments(ctx.db, sessionId, {
    ids: mayMark ? enrolmentIds : [],
    personId,
  })
  const isVisible = can(ctx.actor, planningPermissions['session.read'], subject)
  const sender: Sender = {
    personId,
    isAdmin: isAdmin(ctx.actor),
    mayMark,
    mayHandOver: can(ctx.actor, signingPermissions['attendance.handOver'], subject),
    refusal: (isVisible ? forbidden : notFound).definition.code,
    holds: await queries.slotsHeldBy(ctx.db, sessionId, personId),
    own: ownOf(enrolments, personId),
  }
  return {
    session,
    sender,
    now,
    ...(await stateOf(ctx, sessionId, events, sender)),
    enrolments: byId(enrolments),
  }
}

/** The one that counts, else one that did until it ended. */
function ownOf(enrolments: readonly queries.OfflineEnrolment[], personId: string) {
  const own = enrolments.filter((enrolment) => enrolment.personId === personId)
  const inOrder = ['confirmed', 'completed', 'abandoned', 'cancelled'] as const
  return inOrder.flatMap((status) => own.filter((enrolment) => enrolment.status === status)).at(0)
}

async function stateOf(
  { db }: TrxCtx,
  sessionId: string,
  events: readonly OfflineEvent[],
  { personId }: Sender,
) {
  const slotIds = [...new Set(events.map(({ slotId }) => slotId))]
  const clientIds = events.map(({ clientId }) => clientId)
  const marks = await listMarks(db, { slotIds })
  const signatures = await listSignatures(db, { slotIds })
  const countersignatures = await queries.listCountersignatures(db, slotIds, personId)
  const known = await queries.findKnownEvents(db, sessionId, clientIds)
  return {
    slots: byId(await queries.findSlots(db, slotIds)),
    sealed: await sealedAmong(db, slotIds),
    known: new Map(known.map((event) => [event.clientId, event])),
    marks: new Map(marks.map((mark) => [markKey(mark), mark])),
    signatures: new Map(signatures.map((signature) => [markKey(signature), signature])),
    countersignatures: new Map(countersignatures.map((one) => [trainerKey(one), one])),
    decided: new Set(marks.filter(({ source }) => source !== 'signature').map(markKey)),
  }
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
