/** Enrolments (*inscriptions*) once they exist: read, answered, ended, corrected. */
import { findSessionTo } from '../planning/session-access.ts'
import { authorise, authoriseOn, can, personIdOf, type Relation, type Subject } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import type { Page, PageQuery } from '../platform/http/pagination.ts'
import type { MailTemplate } from '../platform/mail/mail.schema.ts'
import { at } from '../platform/problem.ts'
import { invalidField } from '../platform/problems.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import { hasAttended, noSeatLeft, noSuchClient, wrongStatus } from './enrolment.problems.ts'
import type { Enrolment, EnrolmentRow, ListedEnrolment, OwnEnrolment } from './enrolment.queries.ts'
import * as queries from './enrolment.queries.ts'
import { canMove, dateOutOfOrder, holdsSeat, joinedAt } from './enrolment.rules.ts'
import type { AbandonInput, EnrolmentPatch, EnrolmentStatus, EnrolmentsQuery } from './enrolment.schema.ts'
import { findEnrolmentFor, lockEnrolmentFor } from './enrolment-access.ts'
import { tell } from './enrolment-mails.ts'
import { reviewNotices } from './funder-notice.service.ts'
import { countSeatsLeft, fillFreeSeats } from './waiting-list.ts'

/** A reason may speak of health or family: the audit knows that there is one, not what it says. */
const personalFields = ['endReason'] as const

const constraints = { enrolment_employer_exists: at(noSuchClient, '/employerClientId') }

/** For the learner, the ambassador of the chapter and admins. Throws 404 on anyone else's. */
export async function readEnrolment(ctx: Ctx, id: string): Promise<Enrolment> {
  const { enrolment, subject } = await findEnrolmentFor(ctx, id)
  authoriseOn(ctx.actor, subject, { act: may['enrolment.read'] })
  return enrolment
}

/** The accommodation need (*besoin d'aménagement*), for the learner and the disability contact; each look is audited. */
export async function readNeeds(ctx: Ctx, id: string): Promise<{ needs: string | null }> {
  return inTransaction(ctx, async (ctx) => {
    const { enrolment, subject } = await findEnrolmentFor(ctx, id)
    const disabilityContactPersonId = await queries.findDisabilityContact(ctx.db)
    authoriseOn(
      ctx.actor,
      { personIds: subject.personIds ?? [], disabilityContactPersonId },
      { act: may['enrolment.readNeeds'] },
    )
    await audit(ctx, {
      action: 'enrolment.readNeeds',
      subject: { kind: 'enrolment', id: enrolment.id },
    })
    return { needs: await queries.findNeed(ctx.db, enrolment.id) }
  })
}

/** Of a session, for its trainers, its ambassador and admins. */
export async function listEnrolments(
  ctx: Ctx,
  sessionId: string,
  query: EnrolmentsQuery,
): Promise<Page<ListedEnrolment>> {
  const session = await findSessionTo(ctx, sessionId, may['enrolment.list'])
  return queries.listEnrolments(ctx.db, session.id, query)
}

/** The actor's own, in whatever session. */
export async function listOwnEnrolments(ctx: Ctx, query: PageQuery): Promise<Page<OwnEnrolment>> {
  authorise(ctx.actor, may['enrolment.listOwn'])
  return queries.listOwnEnrolments(ctx.db, personIdOf(ctx.actor) ?? null, query)
}

/**
 * Gives the seat or the place back; until the first slot starts, the first in waiting is seated with it. Learners whose
 * attendance has been marked cannot leave by themselves: that would be an abandonment, which the funders are told of.
 */
export async function cancelEnrolment(ctx: Ctx, id: string, reason: string | null): Promise<Enrolment> {
  return move(ctx, id, 'enrolment.cancel', 'cancelled', { endReason: reason }, assertMayLeave)
}

async function assertMayLeave(ctx: TrxCtx, enrolment: EnrolmentRow, subject: Subject): Promise<void> {
  if (can(ctx.actor, ['ambassador', 'admin'], subject)) return
  if (await queries.hasMarks(ctx.db, enrolment.id)) throw hasAttended()
}

/** Refuses a request or somebody who waits; a seat that was held goes to the first in waiting. */
export async function refuseEnrolment(ctx: Ctx, id: string, reason: string): Promise<Enrolment> {
  return move(ctx, id, 'enrolment.refuse', 'refused', { endReason: reason })
}

/** Accepts a request, or seats by hand somebody who waits. Throws 409 when no seat is left. */
export async function confirmEnrolment(ctx: Ctx, id: string): Promise<Enrolment> {
  return move(ctx, id, 'enrolment.confirm', 'confirmed', {})
}

/** The learner stopped on the way (*abandon*): the seat was used and stays taken, what was attended stays attended. */
export async function abandonEnrolment(ctx: Ctx, id: string, input: AbandonInput): Promise<Enrolment> {
  const dates = { interruptedOn: input.on, endedOn: input.on }
  return move(ctx, id, 'enrolment.abandon', 'abandoned', { ...dates, endReason: input.reason })
}

type MoveVerb = 'enrolment.cancel' | 'enrolment.refuse' | 'enrolment.confirm' | 'enrolment.abandon'
type MoveChanges = Partial<Pick<EnrolmentRow, 'endReason' | 'interruptedOn' | 'endedOn'>>

async function move(
  ctx: Ctx,
  id: string,
  verb: MoveVerb,
  to: EnrolmentStatus,
  changes: MoveChanges,
  assertMay?: (ctx: TrxCtx, enrolment: EnrolmentRow, subject: Subject) => Promise<void>,
): Promise<Enrolment> {
  return inTransaction(ctx, async (ctx) => {
    const { enrolment: before, session, subject } = await lockEnrolmentFor(ctx, id)
    const act: readonly Relation[] = may[verb]
    authoriseOn(ctx.actor, subject, { act, see: may['enrolment.read'] })
    assertCanMove(before, to)
    await assertMay?.(ctx, before, subject)
    if (dateOutOfOrder({ ...before, ...changes }))
      throw invalidField('/on', 'out-of-order', 'must not lie before the learner began')
    if (holdsSeat(to) && !holdsSeat(before.status) && (await countSeatsLeft(ctx, session)) <= 0)
      throw noSeatLeft()
    const joined = to === 'confirmed' && { joinedAt: joinedAt(session, ctx.now()) }
    const enrolment = await change(ctx, verb, before, {
      ...changes,
      ...joined,
      status: to,
      waitingPlace: null,
    })
    const template = newsOf(verb, before)
    if (template) await tell(ctx, session, [before], { template, reason: changes.endReason })
    if (holdsSeat(before.status) && !holdsSeat(to)) await fillFreeSeats(ctx, session)
    return enrolment
  })
}

/** What the learner is told; of an abandonment nothing, since it is what they said themselves. */
function newsOf(verb: MoveVerb, before: EnrolmentRow): MailTemplate | undefined {
  switch (verb) {
    case 'enrolment.cancel':
      return 'enrolment-cancelled'
    case 'enrolment.refuse':
      return 'enrolment-refused'
    case 'enrolment.confirm':
      return before.status === 'waitlisted' ? 'enrolment-seated' : 'enrolment-confirmed'
    case 'enrolment.abandon':
      return undefined
  }
}

function assertCanMove(enrolment: EnrolmentRow, to: EnrolmentStatus): void {
  if (canMove(enrolment.status, to)) return
  const detail =
    enrolment.status === to
      ? `This enrolment is ${to} already.`
      : `An enrolment that is ${enrolment.status} cannot become ${to}.`
  throw wrongStatus({ detail })
}

type Changes = MoveChanges &
  Partial<
    Pick<
      EnrolmentRow,
      'status' | 'waitingPlace' | 'joinedAt' | 'traineeType' | 'employerClientId' | 'startedOn'
    >
  >

async function change(
  ctx: TrxCtx,
  action: string,
  before: EnrolmentRow,
  changes: Changes,
): Promise<Enrolment> {
  const enrolment = await queries.updateEnrolment(ctx.db, before.id, { ...changes, updatedAt: ctx.now() })
  await audit(ctx, {
    action,
    subject: { kind: 'enrolment', id: before.id },
    changes: changedFields<Changes>(before, changes, personalFields),
  })
  await reviewNotices(ctx, before.sessionId)
  return enrolment
}

/** Corrects what reports and documents say of the learner: trainee type, employer, dates with their reason. */
export async function changeEnrolment(
  ctx: Ctx,
  id: string,
  patch: EnrolmentPatch,
  ifMatch: number | '*',
): Promise<Enrolment> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const { enrolment: before, subject } = await lockEnrolmentFor(ctx, id)
      authoriseOn(ctx.actor, subject, { act: may['enrolment.change'], see: may['enrolment.read'] })
      assertVersion(before, ifMatch)
      const field = dateOutOfOrder({ ...before, ...patch })
      if (field) throw invalidField(`/${field}`, 'out-of-order', 'must not lie before what precedes it')
      return change(ctx, 'enrolment.change', before, patch)
    },
    constraints,
  )
}
