/** Writes one session of the file of attendance: made when new, else completed and corrected. */
import type { MarkInput } from '../../attendance/attendance.schema.ts'
import { recordMarks } from '../../attendance/attendance.service.ts'
import { markKey } from '../../attendance/ledger/ledger-fold.ts'
import type { Modality } from '../../catalogue/catalogue.schema.ts'
import type { EnrolmentRow } from '../../enrolment/enrolment.queries.ts'
import { holdsSeat } from '../../enrolment/enrolment.rules.ts'
import type { TraineeType } from '../../enrolment/enrolment.schema.ts'
import { addEnrolments } from '../../enrolment/enrolment-history.ts'
import { correctTraineeTypes } from '../../enrolment/enrolment-in-bulk.ts'
import { closeIfComplete, reopenSession } from '../../enrolment/session-lifecycle.service.ts'
import type { TrainerInput } from '../../planning/planning.schema.ts'
import { lockSession, type SessionRow, type SlotRow } from '../../planning/session.queries.ts'
import { addSession } from '../../planning/session.service.ts'
import { addSlots, nameTrainersOfSlots } from '../../planning/slot.service.ts'
import { addTrainers } from '../../planning/trainer.service.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import type { ImportedLearner, ImportedMark, ImportedSession } from './attendance-sessions.ts'
import type { StandingMark } from './import.queries.ts'
import { certain, type Run } from './import-run.ts'
import type { WantedPerson } from './people-matching.ts'
import { linePointer } from './problem-lines.ts'
import {
  beginning,
  checkLearners,
  isSaidAlready,
  type StandingSession,
  slotInputOf,
  standingSlot,
  trainerNews,
  trainersOf,
} from './session-comparison.ts'

/** What the sessions of a file share, all of it in the database by now. */
export type World = {
  personIdOf(person: WantedPerson): string
  /** The client that employs the person today. */
  employerOf(personId: string): string | null
  /** Of the cell that names the training. */
  versionOf(cell: string): { id: string; modality: Modality | null }
  clientIdOf(organisationName: string): string
}

/** Throws the problems that the services raise; counts the lines. */
export async function writeSession(
  ctx: TrxCtx,
  wanted: ImportedSession,
  standing: StandingSession | undefined,
  world: World,
  run: Run,
): Promise<void> {
  const found = run.problems.length
  const trainers = trainersOf(wanted, world.personIdOf, run.refuse)
  checkLearners(wanted, world.personIdOf, run.refuse)
  if (run.problems.length > found) return
  if (standing) await completeSession(ctx, wanted, standing, trainers, world, run)
  else await makeSession(ctx, wanted, trainers, world, run)
}

async function makeSession(
  ctx: TrxCtx,
  wanted: ImportedSession,
  trainers: TrainerInput[],
  world: World,
  run: Run,
): Promise<void> {
  const version = world.versionOf(wanted.training)
  const modality = wanted.modality ?? version.modality ?? 'onsite'
  const { direction, organisationName } = wanted.subcontracting
  const { session, slots } = await addSession(ctx, {
    trainingVersionId: version.id,
    status: 'open',
    reference: wanted.reference,
    modality,
    capacity: Math.max(wanted.learners.length, 1),
    approval: 'automatic',
    // The past is nobody's to enrol in, and none of the public's business.
    visibility: 'private',
    trainers,
    subcontracting: direction,
    subcontractClientId: organisationName === null ? null : world.clientIdOf(organisationName),
    bpfScope: 'included',
    slots: wanted.slots.map((slot) => slotInputOf(slot, { modality, trainers }, world.personIdOf)),
  })
  run.also('sessions', 1)
  run.also('slots', slots.length)
  const enrolments = await enrol(ctx, session, wanted.learners, world, run)
  await mark(ctx, wanted, session, { slots, enrolments, marks: new Map() }, world, run)
  await close(ctx, wanted, session, run)
}

async function completeSession(
  ctx: TrxCtx,
  wanted: ImportedSession,
  standing: StandingSession,
  trainers: TrainerInput[],
  world: World,
  run: Run,
): Promise<void> {
  const newSlots = wanted.slots.filter((slot) => !standingSlot(standing, slot))
  const live = standing.enrolments.filter(
    (enrolment) => holdsSeat(enrolment.status) || enrolment.status === 'waitlisted',
  )
  const isLive = (learner: ImportedLearner) =>
    live.some((enrolment) => enrolment.personId === world.personIdOf(learner))
  const newLearners = wanted.learners.filter((learner) => !isLive(learner))
  const news = trainerNews(wanted, trainers, standing, world.personIdOf, run.notice)

  const grows = newSlots.length + newLearners.length > 0
  const session = grows ? await openAgain(ctx, standing.session, run) : standing.session
  await addTrainers(ctx, session.id, news.added)
  await nameTrainersOfSlots(ctx, session.id, news.named)
  const slots = [...standing.slots]
  if (newSlots.length > 0) {
    const inputs = newSlots.map((slot) =>
      slotInputOf(slot, { modality: session.modality, trainers }, world.personIdOf),
    )
    const pointerOf = (index: number) => linePointer(newSlots[index]?.line ?? wanted.line)
    slots.push(...(await addSlots(ctx, session, inputs, pointerOf)))
    run.also('slots', newSlots.length)
  }
  const enrolments = [...live, ...(await enrol(ctx, session, newLearners, world, run))]
  const corrected = await correctTypes(ctx, wanted, session, enrolments, world)
  const marked = await mark(ctx, wanted, session, { slots, enrolments, marks: standing.marks }, world, run)
  if (grows || (marked > 0 && session.status === 'open')) await close(ctx, wanted, session, run)
  const isTouched = marked + corrected + news.added.length + news.named.length > 0
  if (isTouched && marked === 0) run.also('correctedSessions', 1)
}

/** A closed session is opened again while it grows; for a changed mark it stays closed, which makes it a correction. */
async function openAgain(ctx: TrxCtx, session: SessionRow, run: Run): Promise<SessionRow> {
  if (session.status !== 'closed') return session
  await reopenSession(ctx, session.id, run.reason)
  return (await lockSession(ctx.db, session.id)) ?? session
}

async function enrol(
  ctx: TrxCtx,
  session: SessionRow,
  learners: readonly ImportedLearner[],
  world: World,
  run: Run,
): Promise<EnrolmentRow[]> {
  const people = learners.map((learner) => {
    const personId = world.personIdOf(learner)
    return { personId, traineeType: learner.traineeType, employerClientId: world.employerOf(personId) }
  })
  run.also('enrolments', people.length)
  return addEnrolments(ctx, session, people)
}

type LiveEnrolment = { id: string; personId: string; traineeType: TraineeType | null }

/** Where the file knows the trainee type better than the enrolment; returns how many. */
async function correctTypes(
  ctx: TrxCtx,
  wanted: ImportedSession,
  session: SessionRow,
  enrolments: readonly LiveEnrolment[],
  world: World,
): Promise<number> {
  const byPerson = new Map(enrolments.map((enrolment) => [enrolment.personId, enrolment]))
  const corrections = wanted.learners.flatMap((learner) => {
    const enrolment = byPerson.get(world.personIdOf(learner))
    const { traineeType } = learner
    const isNews = enrolment && traineeType !== null && traineeType !== enrolment.traineeType
    return isNews ? [{ enrolmentId: enrolment.id, traineeType }] : []
  })
  await correctTraineeTypes(ctx, session.id, corrections)
  return corrections.length
}

type Sheet = {
  slots: readonly SlotRow[]
  enrolments: readonly LiveEnrolment[]
  marks: ReadonlyMap<string, StandingMark>
}

/** Records the marks that are not said already; returns how many those were. */
async function mark(
  ctx: TrxCtx,
  wanted: ImportedSession,
  session: SessionRow,
  sheet: Sheet,
  world: World,
  run: Run,
): Promise<number> {
  const slotAt = new Map(sheet.slots.map((slot) => [beginning(slot, session.timeZone), slot]))
  const enrolmentOf = new Map(sheet.enrolments.map((enrolment) => [enrolment.personId, enrolment.id]))
  const news: Parameters<typeof recordMarks>[2][number][] = []
  for (const learner of wanted.learners) {
    const enrolmentId = certain(enrolmentOf.get(world.personIdOf(learner)), 'an enrolment')
    for (const said of learner.marks) {
      const { date, startTime } = certain(wanted.slots[said.slot], 'a half-day')
      const slot = certain(slotAt.get(`${date} ${startTime}`), 'a slot')
      const standing = sheet.marks.get(markKey({ slotId: slot.id, enrolmentId }))
      if (isSaidAlready(standing, said)) run.unchanged++
      else {
        news.push({ slot, marks: [markInputOf(enrolmentId, said)], pointer: linePointer(said.line) })
        if (standing) run.updated++
        else run.created++
      }
    }
  }
  if (news.length > 0) {
    const reason = session.status === 'closed' ? run.reason : undefined
    await recordMarks(ctx, session, news, { reason })
  }
  return news.length
}

function markInputOf(enrolmentId: string, { status, attendedMinutes }: ImportedMark): MarkInput {
  return { enrolmentId, status, attendedMinutes }
}

async function close(ctx: TrxCtx, wanted: ImportedSession, session: SessionRow, run: Run): Promise<void> {
  if (await closeIfComplete(ctx, session.id)) run.also('closedSessions', 1)
  else
    run.notice(
      wanted.line,
      `${wanted.reference} reste ouverte\u00a0: il y manque des présences, ou elle n’est pas finie`,
    )
}
