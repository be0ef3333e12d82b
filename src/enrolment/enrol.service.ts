/** Enrolling (*inscrire*): the way into a session, for oneself or by who runs it. */
import { noSuchChapter, noSuchEmployer } from '../people/people.problems.ts'
import { addPerson } from '../people/people.service.ts'
import type { SessionRow } from '../planning/session.queries.ts'
import { authoriseOn, can, personIdOf, type Subject } from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { at } from '../platform/problem.ts'
import { forbidden, invalidField } from '../platform/problems.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import {
  alreadyEnrolled,
  isTrainer,
  noSuchClient,
  noSuchPerson,
  sessionNotOpen,
  sessionStarted,
} from './enrolment.problems.ts'
import type { Enrolment } from './enrolment.queries.ts'
import * as queries from './enrolment.queries.ts'
import { hasStarted, joinedAt } from './enrolment.rules.ts'
import type { EnrolmentInput } from './enrolment.schema.ts'
import { lockSessionFor } from './enrolment-access.ts'
import { tellOfArrival } from './enrolment-mails.ts'
import { addFundingLines, fundingConstraints } from './funding.service.ts'
import { takeSeatOrPlace } from './waiting-list.ts'

const constraints = {
  ...fundingConstraints,
  enrolment_live_unique: alreadyEnrolled,
  enrolment_employer_exists: at(noSuchClient, '/employerClientId'),
  person_chapter_exists: at(noSuchChapter, '/person/chapterId'),
  person_employer_exists: at(noSuchEmployer, '/person/employerClientId'),
}

type Enrollee = { id: string; employerClientId: string | null }

/**
 * Enrols the actor, or whom an ambassador or admin names. The answer tells whether it is a seat, a request for one
 * (approval by hand) or a place in the waiting list. Throws 404 where the session is not visible, 403, 409 when the
 * session is not open, has started, or the person is enrolled or a trainer, 422.
 */
export async function enrol(ctx: Ctx, sessionId: string, input: EnrolmentInput): Promise<Enrolment> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const { session, subject } = await lockSessionFor(ctx, sessionId)
      const forOthers = can(ctx.actor, may['enrolment.createForOthers'], subject)
      const enrollee = forOthers ? await namedPerson(ctx, input) : await oneself(ctx, subject, input)
      if (session.status !== 'open') throw sessionNotOpen()
      if (!forOthers && hasStarted(session, ctx.now())) throw sessionStarted()
      if (subject.trainerPersonIds?.includes(enrollee.id)) throw isTrainer()
      return addEnrolment(ctx, session, enrollee, input)
    },
    constraints,
  )
}

/** Whom an ambassador or admin enrols: who is named, who is made new with it, else they themselves. */
async function namedPerson(ctx: TrxCtx, input: EnrolmentInput): Promise<Enrollee> {
  if (input.person) return addPerson(ctx, input.person)
  const personId = input.personId ?? personIdOf(ctx.actor)
  if (personId === undefined) throw invalidField('/personId', 'required', 'must name a person')
  const person = await queries.findEnrollee(ctx.db, personId)
  if (!person) throw at(noSuchPerson, '/personId')()
  return person
}

/** Whoever sees the session enrols oneself, and says nothing of other people, employers or money. */
async function oneself(ctx: TrxCtx, subject: Subject, input: EnrolmentInput): Promise<Enrollee> {
  const personId = personIdOf(ctx.actor)
  const person = personId === undefined ? undefined : await queries.findEnrollee(ctx.db, personId)
  authoriseOn(ctx.actor, subject, { act: may['enrolment.create'] })
  const namesAnother =
    input.person !== undefined || (input.personId !== undefined && input.personId !== person?.id)
  if (!person || namesAnother || input.employerClientId !== undefined || input.fundingLines !== undefined)
    throw forbidden()
  return person
}

async function addEnrolment(
  ctx: TrxCtx,
  session: SessionRow,
  enrollee: Enrollee,
  input: EnrolmentInput,
): Promise<Enrolment> {
  const now = ctx.now()
  const { traineeType } = input
  const employerClientId =
    input.employerClientId === undefined ? enrollee.employerClientId : input.employerClientId
  const seat = await takeSeatOrPlace(ctx, session)
  const enrolment = await queries.insertEnrolment(ctx.db, {
    id: ctx.newId(),
    createdAt: now,
    updatedAt: now,
    sessionId: session.id,
    personId: enrollee.id,
    ...seat,
    joinedAt: seat.status === 'confirmed' ? joinedAt(session, now) : null,
    traineeType,
    employerClientId,
    answers: input.answers ? JSON.stringify(input.answers) : null,
  })
  if (input.needs != null)
    await queries.insertNeed(ctx.db, { enrolmentId: enrolment.id, need: input.needs, createdAt: now })
  // Not a word of the need: that there is one tells as much as what it is.
  await audit(ctx, {
    action: 'enrolment.create',
    subject: { kind: 'enrolment', id: enrolment.id },
    changes: {
      sessionId: session.id,
      personId: enrollee.id,
      status: enrolment.status,
      traineeType,
      employerClientId,
      ...(input.answers && { answers: 'redacted' }),
    },
  })
  if (input.fundingLines) {
    const target = { sessionId: session.id, enrolmentId: enrolment.id }
    await addFundingLines(ctx, target, input.fundingLines)
  }
  await tellOfArrival(ctx, session, enrolment)
  return enrolment
}
