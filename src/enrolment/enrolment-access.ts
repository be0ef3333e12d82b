/** Finds an enrolment or a session for a verb, with all that its permissions are asked about. */
import { findSession, lockSession, type SessionRow, sessionSubject } from '../planning/session.queries.ts'
import { nothingFor, personIdOf, type Subject } from '../platform/access.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { type Enrolment, type EnrolmentRow, findEnrolment, lockEnrolment } from './enrolment.queries.ts'

/** Throws 401 when nobody is signed in, else 404. */
function existing<Row>(ctx: Ctx | TrxCtx, row: Row | undefined): Row {
  if (row === undefined) throw nothingFor(ctx.actor)
  return row
}

/**
 * A session under its lock, for a verb whose permission hangs on more than the session. Throws 401 or 404 where there is
 * none; whether the actor may see it is asked by the verb.
 */
export async function lockSessionFor(
  ctx: TrxCtx,
  id: string,
): Promise<{ session: SessionRow; subject: Subject }> {
  const session = existing(ctx, await lockSession(ctx.db, id))
  return { session, subject: await sessionSubject(ctx.db, session, personIdOf(ctx.actor)) }
}

type Found<Row> = { enrolment: Row; session: SessionRow; subject: Subject }

/** Throws 401 or 404 where there is none; whether the actor may see it is asked by the verb. */
export async function findEnrolmentFor(ctx: Ctx | TrxCtx, id: string): Promise<Found<Enrolment>> {
  const enrolment = existing(ctx, await findEnrolment(ctx.db, id))
  const session = existing(ctx, await findSession(ctx.db, enrolment.sessionId))
  return { enrolment, session, subject: subjectOf(enrolment, session) }
}

/** The session's lock first, then the enrolment's: the one order of all verbs. */
export async function lockEnrolmentFor(ctx: TrxCtx, id: string): Promise<Found<EnrolmentRow>> {
  const { sessionId } = existing(ctx, await findEnrolment(ctx.db, id))
  const session = existing(ctx, await lockSession(ctx.db, sessionId))
  const enrolment = existing(ctx, await lockEnrolment(ctx.db, id))
  return { enrolment, session, subject: subjectOf(enrolment, session) }
}

/** An enrolment is the learner's and the chapter's; the trainers of the session see the list only. */
function subjectOf(enrolment: EnrolmentRow, session: SessionRow): Subject {
  return { personIds: [enrolment.personId], chapterId: session.chapterId }
}
