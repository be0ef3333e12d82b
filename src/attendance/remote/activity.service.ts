/** Work done alone at a distance (*activités à distance*, D6313-3-1): declared by learners, decided by trainers. */
import type { Activity } from '../../catalogue/catalogue.schema.ts'
import { findEnrolmentFor, lockEnrolmentFor } from '../../enrolment/enrolment-access.ts'
import { type SessionRow, sessionSubject } from '../../planning/session.queries.ts'
import { findSessionTo } from '../../planning/session-access.ts'
import { authoriseOn, can, isAdmin, personIdOf, type Subject } from '../../platform/access.ts'
import { civilDateOf } from '../../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { invalidField, notFound } from '../../platform/problems.ts'
import { sum } from '../../platform/sum.ts'
import { sessionClosed, sessionNotHeld } from '../attendance.problems.ts'
import { listSheetLearners } from '../attendance.queries.ts'
import { appendEvents } from '../ledger/ledger.service.ts'
import { activityKey } from '../ledger/ledger-fold.ts'
import type { CompletionRow } from './activity.queries.ts'
import * as queries from './activity.queries.ts'
import { type ActivityFacts, factsOf, isNews, isRecordable, stateOf } from './activity.rules.ts'
import type { ActivityInput, ActivityState } from './activity.schema.ts'
import { attendedLinesByEnrolment, noLines } from './attended-lines.queries.ts'
import type { AttendedLines } from './attended-lines.schema.ts'
import { remotePermissions as may } from './remote.permissions.ts'
import { activityDecided, notTakingPart } from './remote.problems.ts'

type Completion = Pick<ActivityFacts, 'doneOn' | 'minutes' | 'evidence' | 'note'> & {
  activityId: string
  state: ActivityState
  decidedAt: Temporal.Instant | null
}
type Described = Omit<Activity, 'id'> & { activityId: string }

export type LearnerActivity = Described & Completion & { enrolmentId: string }

/**
 * Records what became of an activity for a learner: as a declaration where it is the learner who says so, else as a
 * decision, which outranks it and is worth the estimated minutes. What stands already is no event. Throws 409 on a session
 * that is not held or, unless an admin gives a reason, closed, on a learner who takes no part, and where a learner
 * contradicts a decision; 422 on a day to come.
 */
export async function recordActivity(
  ctx: Ctx,
  of: { enrolmentId: string; activityId: string },
  input: ActivityInput,
): Promise<LearnerActivity> {
  return inTransaction(ctx, async (ctx) => {
    const { enrolment, session } = await lockEnrolmentFor(ctx, of.enrolmentId)
    const subject = await subjectOf(ctx, session, enrolment.personId)
    authoriseOn(ctx.actor, subject, { act: may['activity.record'], see: may['activity.read'] })
    const activity = (await queries.listActivities(ctx.db, session.id)).find(({ id }) => id === of.activityId)
    if (!activity) throw notFound()
    const completions = await queries.listCompletions(ctx.db, { enrolmentId: enrolment.id })
    const current = completions.find(({ activityId }) => activityId === activity.id)
    // Whatever else they are: nobody confirms their own work.
    const source = can(ctx.actor, ['self'], subject) ? 'declaration' : 'decision'
    const by = { isAdmin: source === 'decision' && isAdmin(ctx.actor), hasRecord: current !== undefined }
    const facts = factsOf(input, source, activity.estimatedMinutes)
    assertOpen(session, by.isAdmin, input.reason)
    if (!isRecordable(enrolment, facts.doneOn, by)) throw notTakingPart()
    assertFitting(ctx, session, facts)
    if (source === 'declaration' && current?.source === 'decision') {
      if (current.isDone !== facts.isDone) throw activityDecided()
    } else if (isNews(current, facts)) {
      await record(ctx, session, { ...of, facts, reason: input.reason ?? undefined })
    }
    const [after] = (await queries.listCompletions(ctx.db, { enrolmentId: enrolment.id })).filter(
      ({ activityId }) => activityId === activity.id,
    )
    return learnerActivity(enrolment.id, activity, after)
  })
}

/** As marks: the end of a session settles them, and from then on a change is a correction. */
function assertOpen(session: SessionRow, isCorrector: boolean, reason: string | null | undefined): void {
  if (session.status === 'open') return
  if (session.status !== 'closed') throw sessionNotHeld()
  if (!isCorrector) throw sessionClosed()
  if (!reason) throw invalidField('/reason', 'required', 'is needed on a closed session')
}

function assertFitting(
  ctx: TrxCtx,
  session: SessionRow,
  { source, isDone, doneOn, evidence }: ActivityFacts,
) {
  if (doneOn !== null && doneOn > civilDateOf(ctx.now(), session.timeZone))
    throw invalidField('/doneOn', 'in-the-future', 'must not lie in the future')
  if (source === 'decision' && isDone && evidence === null)
    throw invalidField('/evidence', 'required', 'is needed: a tick alone proves nothing')
  if (source === 'declaration' && evidence !== null)
    throw invalidField('/evidence', 'not-yours', 'is for who decides, not for the learner')
}

async function record(
  ctx: TrxCtx,
  session: SessionRow,
  {
    facts,
    reason,
    ...of
  }: { enrolmentId: string; activityId: string; facts: ActivityFacts; reason: string | undefined },
): Promise<void> {
  const { note, ...stated } = facts
  const [event] = await appendEvents(
    ctx,
    session.id,
    [{ statement: { kind: 'activity', ...of, ...stated }, payload: { note: note ?? undefined, reason } }],
    'activity.record',
  )
  if (!event) throw new Error('an event that was appended is told')
  await queries.upsertCompletion(ctx.db, {
    ...of,
    ...stated,
    sessionId: session.id,
    decidedAt: event.recordedAt,
    eventId: event.id,
  })
}

async function subjectOf(ctx: Ctx | TrxCtx, session: SessionRow, learnerPersonId: string): Promise<Subject> {
  const subject = await sessionSubject(ctx.db, session, personIdOf(ctx.actor))
  return { ...subject, personIds: [learnerPersonId] }
}

/** All activities of a learner, in the order of the training. Throws 401 and 404. */
export async function listLearnerActivities(ctx: Ctx, enrolmentId: string): Promise<LearnerActivity[]> {
  const { session } = await findOwn(ctx, enrolmentId)
  return inSnapshot(ctx.db, async (db) => {
    const completions = await queries.listCompletions(db, { enrolmentId })
    const byActivity = new Map(completions.map((row) => [row.activityId, row]))
    const activities = await queries.listActivities(db, session.id)
    return activities.map((activity) => learnerActivity(enrolmentId, activity, byActivity.get(activity.id)))
  })
}

async function findOwn(ctx: Ctx, enrolmentId: string): Promise<{ session: SessionRow }> {
  const { enrolment, session } = await findEnrolmentFor(ctx, enrolmentId)
  authoriseOn(ctx.actor, await subjectOf(ctx, session, enrolment.personId), { act: may['activity.read'] })
  return { session }
}

export type SessionActivities = {
  activities: Described[]
  learners: { enrolmentId: string; name: string; activities: Completion[] }[]
}

/** The activities of a session and how every learner stands. Throws 401, 403 and 404 as every verb on a session. */
export async function listSessionActivities(ctx: Ctx, sessionId: string): Promise<SessionActivities> {
  await findSessionTo(ctx, sessionId, may['activity.readAll'])
  return inSnapshot(ctx.db, async (db) => {
    const activities = await queries.listActivities(db, sessionId)
    const completions = await queries.listCompletions(db, { sessionId })
    const byKey = new Map(completions.map((row) => [activityKey(row), row]))
    const learners = await listSheetLearners(db, sessionId)
    return {
      activities: activities.map(described),
      learners: learners.map(({ enrolmentId, firstName, lastName }) => ({
        enrolmentId,
        name: `${firstName} ${lastName}`,
        activities: activities.map(({ id: activityId }) =>
          completionOf(activityId, byKey.get(activityKey({ enrolmentId, activityId }))),
        ),
      })),
    }
  })
}

function learnerActivity(
  enrolmentId: string,
  activity: Activity,
  row: CompletionRow | undefined,
): LearnerActivity {
  return { enrolmentId, ...described(activity), ...completionOf(activity.id, row) }
}

function described({ id: activityId, ...activity }: Activity): Described {
  return { activityId, ...activity }
}

function completionOf(activityId: string, row: CompletionRow | undefined): Completion {
  return {
    activityId,
    state: stateOf(row),
    doneOn: row?.doneOn ?? null,
    minutes: row?.minutes ?? 0,
    evidence: row?.evidence ?? null,
    note: row?.note ?? null,
    decidedAt: row?.decidedAt ?? null,
  }
}

export type AttendedTime = AttendedLines & { enrolmentId: string; attendedMinutes: number }

/** What a learner attended, by the four lines of AGEFICE, and together. Throws 401 and 404. */
export async function readAttendedTime(ctx: Ctx, enrolmentId: string): Promise<AttendedTime> {
  await findOwn(ctx, enrolmentId)
  const lines = (await attendedLinesByEnrolment(ctx.db, { enrolmentId })).get(enrolmentId) ?? noLines
  return { enrolmentId, ...lines, attendedMinutes: sum(Object.values(lines)) }
}
