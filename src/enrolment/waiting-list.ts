/** The waiting list (*liste d'attente*): places taken, free seats filled; always under the session's row lock. */
import { type SessionRow, takeWaitingPlace } from '../planning/session.queries.ts'
import { auditAll } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import * as queries from './enrolment.queries.ts'
import { hasStarted, seatedStatus, statusOnArrival } from './enrolment.rules.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'
import { tell } from './enrolment-mails.ts'

/** Can be negative, where more were seated than the capacity is now. */
export async function countSeatsLeft(ctx: TrxCtx, session: SessionRow): Promise<number> {
  return session.capacity - (await queries.countSeats(ctx.db, session.id)).taken
}

/** A seat, or else the next place in the waiting list. */
export async function takeSeatOrPlace(
  ctx: TrxCtx,
  session: SessionRow,
): Promise<{ status: EnrolmentStatus; waitingPlace: number | null }> {
  const { taken, waiting } = await queries.countSeats(ctx.db, session.id)
  const status = statusOnArrival({
    approval: session.approval,
    seatsLeft: session.capacity - taken,
    waiting,
  })
  return {
    status,
    waitingPlace: status === 'waitlisted' ? await takeWaitingPlace(ctx.db, session.id) : null,
  }
}

/**
 * Seats the first in waiting as far as seats are free, until the first slot starts; afterwards somebody who knows
 * whether they can still come does it by hand. Under manual approval they become requests. Returns how many.
 */
export async function fillFreeSeats(ctx: TrxCtx, session: SessionRow): Promise<number> {
  if (session.status !== 'open' || hasStarted(session, ctx.now())) return 0
  const { taken, waiting } = await queries.countSeats(ctx.db, session.id)
  const free = Math.min(session.capacity - taken, waiting)
  if (free <= 0) return 0
  const status = seatedStatus(session.approval)
  const seated = await queries.findFirstWaiting(ctx.db, session.id, free)
  const ids = seated.map((enrolment) => enrolment.id)
  await queries.updateEnrolments(ctx.db, ids, { status, waitingPlace: null, updatedAt: ctx.now() })
  await auditAll(
    ctx,
    ids.map((id) => ({
      action: 'enrolment.promote',
      subject: { kind: 'enrolment', id },
      changes: { status: ['waitlisted', status] },
    })),
  )
  await tell(ctx, session, seated, {
    template: status === 'confirmed' ? 'enrolment-seated' : 'enrolment-requested',
  })
  return ids.length
}
