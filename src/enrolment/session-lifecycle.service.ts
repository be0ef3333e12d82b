/** The verbs on a session that reach its enrolments: closing, cancelling, reopening, making room. */
import { planningPermissions as may } from '../planning/planning.permissions.ts'
import { wrongStatus } from '../planning/planning.problems.ts'
import { canMove, stands } from '../planning/planning.rules.ts'
import type { SessionPatch, SessionStatus } from '../planning/planning.schema.ts'
import { listSlots, lockSession, type SessionRow, updateSession } from '../planning/session.queries.ts'
import { changeSession } from '../planning/session.service.ts'
import { lockSessionTo } from '../planning/session-access.ts'
import { readSession, type SessionView } from '../planning/session-view.ts'
import type { Relation } from '../platform/access.ts'
import { audit, auditAll } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { cannotClose, certificateStands } from './enrolment.problems.ts'
import type { EnrolmentRow } from './enrolment.queries.ts'
import * as enrolments from './enrolment.queries.ts'
import { unsettled } from './enrolment.rules.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'
import { tell } from './enrolment-mails.ts'
import { reviewNotices } from './funder-notice.service.ts'
import type { MissingMark } from './session-lifecycle.queries.ts'
import * as queries from './session-lifecycle.queries.ts'
import { fillFreeSeats } from './waiting-list.ts'

/** What keeps a session from being closed. */
type MissingForClosing = { slotsNotEnded: string[]; marks: MissingMark[] }

const mostMarksListed = 200

/** On what people see of an enrolment that the end of the session left without an answer. */
const endedUnanswered = 'La session est terminée.'

/**
 * Closes a session (*clore*): its confirmed learners have completed it, whoever still waited is refused. Throws 409
 * with what is missing unless every slot has ended and every confirmed learner is marked in each where they were
 * expected, as it is now.
 */
export async function closeSession(ctx: Ctx, id: string): Promise<SessionView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await lockForMove(ctx, id, may['session.close'], 'closed')
    const missing = await missingForClosing(ctx, session)
    if (missing) throw cannotClose(missing)
    await complete(ctx, session)
    return readSession(ctx, id)
  })
}

/**
 * Closes an open session of which nothing is missing. Part of other verbs (an import), which authorise; false where
 * something is.
 */
export async function closeIfComplete(ctx: TrxCtx, id: string): Promise<boolean> {
  const session = await lockSession(ctx.db, id)
  if (!session || !canMove(session.status, 'closed')) return false
  if (await missingForClosing(ctx, session)) return false
  await complete(ctx, session)
  return true
}

async function missingForClosing(ctx: TrxCtx, session: SessionRow) {
  const slots = (await listSlots(ctx.db, session.id)).filter(stands)
  const slotsNotEnded = slots
    .filter((slot) => Temporal.Instant.compare(slot.endsAt, ctx.now()) > 0)
    .map((slot) => slot.id)
  const marks = await queries.listMissingMarks(ctx.db, session.id, ctx.now(), mostMarksListed)
  const missing: MissingForClosing = { slotsNotEnded, marks }
  if (slots.length === 0) return { detail: 'A session without slots was not held.', extra: { missing } }
  return slotsNotEnded.length > 0 || marks.length > 0 ? { extra: { missing } } : undefined
}

async function complete(ctx: TrxCtx, session: SessionRow): Promise<void> {
  const left = await enrolments.lockEnrolments(ctx.db, session.id, unsettled)
  const confirmed = left.filter((enrolment) => enrolment.status === 'confirmed')
  const unanswered = left.filter((enrolment) => enrolment.status !== 'confirmed')
  await moveAll(ctx, confirmed, 'enrolment.complete', { status: 'completed' })
  await moveAll(ctx, unanswered, 'enrolment.refuse', { status: 'refused', endReason: endedUnanswered })
  await moveSession(ctx, session, 'session.close', 'closed', null)
}

/** Cancels a session that is a draft or open, and with it the enrolments still to come; marks already made stay. */
export async function cancelSession(ctx: Ctx, id: string, reason: string): Promise<SessionView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await lockForMove(ctx, id, may['session.cancel'], 'cancelled')
    const live = await enrolments.lockEnrolments(ctx.db, session.id, unsettled)
    await moveAll(ctx, live, 'enrolment.cancel', {
      status: 'cancelled',
      endReason: reason,
      cancelledWithSession: true,
    })
    await moveSession(ctx, session, 'session.cancel', 'cancelled', reason)
    await tell(ctx, session, live, { template: 'session-cancelled', reason })
    return readSession(ctx, id)
  })
}

/**
 * Opens a closed session again, so that something can be corrected: who completed it is confirmed again. Throws 409
 * while a valid certificate stands, which says what would change.
 */
export async function reopenSession(ctx: Ctx, id: string, reason: string): Promise<SessionView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await lockSessionTo(ctx, id, may['session.reopen'])
    // A draft may become open too, but by being opened for the first time.
    if (session.status !== 'closed') throw wrongStatus()
    if (await queries.validCertificateExists(ctx.db, session.id)) throw certificateStands()
    const completed = await enrolments.lockEnrolments(ctx.db, session.id, ['completed'])
    await moveAll(ctx, completed, 'enrolment.reopen', { status: 'confirmed' })
    await moveSession(ctx, session, 'session.reopen', 'open', reason)
    return readSession(ctx, id)
  })
}

/** Changes a session as planning does; seats that this adds go to the first in waiting in the same transaction. */
export async function changeSessionAndSeats(
  ctx: Ctx,
  id: string,
  patch: SessionPatch,
  ifMatch: number | '*',
): Promise<SessionView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await changeSession(ctx, id, patch, ifMatch)
    const seated = await fillFreeSeats(ctx, session)
    return seated === 0 ? session : readSession(ctx, id)
  })
}

async function lockForMove(
  ctx: TrxCtx,
  id: string,
  act: readonly Relation[],
  to: SessionStatus,
): Promise<SessionRow> {
  const session = await lockSessionTo(ctx, id, act)
  if (!canMove(session.status, to))
    throw wrongStatus({ detail: `A session that is ${session.status} cannot become ${to}.` })
  return session
}

async function moveSession(
  ctx: TrxCtx,
  session: SessionRow,
  action: string,
  to: SessionStatus,
  reason: string | null,
): Promise<void> {
  await updateSession(ctx.db, session.id, { status: to, statusReason: reason, updatedAt: ctx.now() })
  await audit(ctx, {
    action,
    subject: { kind: 'session', id: session.id },
    changes: { status: [session.status, to], ...(reason !== null && { reason: auditedReason(to, reason) }) },
  })
  await reviewNotices(ctx, session.id)
}

/**
 * A session that is open again forgets why when it is closed: here that stays. One that is cancelled keeps its reason,
 * which may be somebody's illness.
 */
function auditedReason(to: SessionStatus, reason: string): string {
  return to === 'cancelled' ? 'redacted' : reason
}

async function moveAll(
  ctx: TrxCtx,
  moved: readonly EnrolmentRow[],
  action: string,
  changes: { status: EnrolmentStatus; endReason?: string; cancelledWithSession?: true },
): Promise<void> {
  await enrolments.updateEnrolments(
    ctx.db,
    moved.map((enrolment) => enrolment.id),
    { ...changes, waitingPlace: null, updatedAt: ctx.now() },
  )
  await auditAll(
    ctx,
    moved.map((enrolment) => ({
      action,
      subject: { kind: 'enrolment', id: enrolment.id },
      changes: {
        status: [enrolment.status, changes.status],
        ...(changes.endReason !== undefined && { endReason: 'redacted' }),
      },
    })),
  )
}
