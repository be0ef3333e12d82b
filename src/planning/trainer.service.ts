/** The trainers of a session (*formateurs*): who they are, and that nobody teaches in two places at once. */
import { isAdmin } from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { invalidField } from '../platform/problems.ts'
import { withdrawTrainers } from './calendar.service.ts'
import { noSuchTrainer, trainerDoubleBooked, trainerIsLearner } from './planning.problems.ts'
import type { TrainerInput } from './planning.schema.ts'
import { listTrainers, type TrainerRow } from './session.queries.ts'
import * as queries from './trainer.queries.ts'

/**
 * The trainers of a session that is being made, which writes down who they are. Throws 422 with a pointer to each person
 * who does not exist, 409 when one is a learner of the session.
 */
export async function assignTrainers(
  ctx: TrxCtx,
  sessionId: string,
  trainers: readonly TrainerInput[],
): Promise<TrainerRow[]> {
  if (trainers.length === 0) return []
  await assertMayTeach(ctx, sessionId, trainers)
  await assign(ctx, sessionId, trainers, 0)
  return listTrainers(ctx.db, sessionId)
}

/**
 * Adds trainers after those that the session has; one who is there already keeps the engagement. Part of an import,
 * which authorises and holds the session's lock. Throws as `assignTrainers`.
 */
export async function addTrainers(
  ctx: TrxCtx,
  sessionId: string,
  trainers: readonly TrainerInput[],
): Promise<void> {
  const before = await listTrainers(ctx.db, sessionId)
  const addedTrainers = trainers.filter(
    ({ personId }) => !before.some((trainer) => trainer.personId === personId),
  )
  if (addedTrainers.length === 0) return
  await assertMayTeach(ctx, sessionId, addedTrainers)
  await assign(ctx, sessionId, addedTrainers, before.length)
  await audit(ctx, {
    action: 'session.change',
    subject: { kind: 'session', id: sessionId },
    changes: { addedTrainers },
  })
}

/**
 * Replaces the trainers; assignments that stay keep their id. Returns the persons who are new. Throws as `assignTrainers`,
 * and 422 when a slot names one who would go.
 */
export async function replaceTrainers(
  ctx: TrxCtx,
  sessionId: string,
  trainers: readonly TrainerInput[],
): Promise<string[]> {
  const before = await listTrainers(ctx.db, sessionId)
  const leaving = before.filter(({ personId }) => !trainers.some((trainer) => trainer.personId === personId))
  const gone = leaving.map((trainer) => trainer.id)
  if (await queries.anySlotNames(ctx.db, gone))
    throw invalidField('/trainers', 'still-in-slot', 'leaves out a trainer whom a slot names')
  await assertMayTeach(ctx, sessionId, trainers)
  await withdrawTrainers(
    ctx,
    sessionId,
    leaving.map((trainer) => trainer.personId),
  )
  await queries.deleteTrainers(ctx.db, gone)
  await assign(ctx, sessionId, trainers, 0)
  return trainers
    .map(({ personId }) => personId)
    .filter((personId) => !before.some((trainer) => trainer.personId === personId))
}

async function assertMayTeach(
  ctx: TrxCtx,
  sessionId: string,
  trainers: readonly TrainerInput[],
): Promise<void> {
  const personIds = trainers.map((trainer) => trainer.personId)
  const existing = await queries.lockPersons(ctx.db, personIds)
  const missing = personIds.flatMap((personId, index) => (existing.has(personId) ? [] : [index]))
  if (missing.length > 0)
    throw noSuchTrainer({
      errors: missing.map((index) => ({
        pointer: `/trainers/${index}/personId`,
        code: 'no-such-person',
        detail: 'is not a person',
      })),
    })
  const learners = await queries.findLearners(ctx.db, sessionId, personIds)
  if (learners.length > 0) throw trainerIsLearner({ extra: { personIds: learners } })
}

async function assign(
  ctx: TrxCtx,
  sessionId: string,
  trainers: readonly TrainerInput[],
  firstPosition: number,
): Promise<void> {
  await queries.upsertTrainers(
    ctx.db,
    trainers.map(({ personId, engagement }, index) => ({
      id: ctx.newId(),
      sessionId,
      personId,
      engagement,
      position: firstPosition + index,
    })),
  )
}

export type Warning = 'planning/trainer-double-booked'

/**
 * Throws 409 when one of the persons teaches in these slots and elsewhere at the same time, unless that warning is
 * accepted. Locks the persons, so that of two bookings at the same moment the second sees the first.
 */
export async function assertNotBookedElsewhere(
  ctx: TrxCtx,
  booking: { slotIds: readonly string[]; personIds: readonly string[] },
  acceptWarnings: readonly Warning[],
): Promise<void> {
  await queries.lockPersons(ctx.db, booking.personIds)
  if (acceptWarnings.includes('planning/trainer-double-booked')) return
  const bookings = await queries.findBookingsElsewhere(ctx.db, booking.slotIds, booking.personIds)
  if (bookings.length === 0) return
  throw trainerDoubleBooked({
    extra: {
      // Which session it is concerns those who may see it: an ambassador learns when the trainer is taken, not where.
      conflicts: bookings.map(({ startsAt, endsAt, personId, ...where }) => ({
        personId,
        ...(isAdmin(ctx.actor) && where),
        startsAt: startsAt.toString(),
        endsAt: endsAt.toString(),
      })),
    },
  })
}
