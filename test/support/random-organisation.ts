/** Random organisations: what they did as plain data, and the rows that say so. */
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import type { CertificationLevel, Objective } from '../../src/catalogue/catalogue.schema.ts'
import { certificationLevels, objectives } from '../../src/catalogue/catalogue.schema.ts'
import type { Database } from '../../src/database.ts'
import type { EnrolmentStatus, FundingSource, TraineeType } from '../../src/enrolment/enrolment.schema.ts'
import { fundingSources, traineeTypes } from '../../src/enrolment/enrolment.schema.ts'
import type {
  BpfScope,
  Engagement,
  SessionStatus,
  Subcontracting,
} from '../../src/planning/planning.schema.ts'
import { newId } from '../../src/platform/ids.ts'

export type Organisation = { personIds: string[]; sessions: Session[] }

export type Session = {
  id: string
  reference: string
  status: SessionStatus
  bpfScope: BpfScope
  subcontracting: Subcontracting
  objective: Objective | null
  certificationLevel: CertificationLevel | null
  nsfCode: string | null
  slots: Slot[]
  trainers: { id: string; personId: string; engagement: Engagement }[]
  learners: Learner[]
  funding: Funding[]
}

export type Slot = {
  id: string
  heldOn: string
  startHour: number
  minutes: number
  /** Indexes into the session's trainers; empty: all of them. */
  trainers: number[]
}

export type Learner = {
  id: string
  personId: string
  status: EnrolmentStatus
  traineeType: TraineeType | null
  /** At most one per slot; a mark keeps its own date and minutes when its slot has been moved. */
  marks: { slotId: string; heldOn: string; minutes: number }[]
  funding: Funding[]
}

export type Funding = { id: string; source: FundingSource; cents: number; invoicedOn: string | null }

const day = (earliest: string, days: number) =>
  fc
    .integer({ min: 0, max: days - 1 })
    .map((offset) => Temporal.PlainDate.from(earliest).add({ days: offset }).toString())

/** Two calendar years, so that sessions straddle exercises of all kinds. */
export const anyDay = day('2024-01-01', 731)

const anyFunding: fc.Arbitrary<Funding> = fc.record({
  id: fc.constant(null).map(newId),
  source: fc.oneof(fc.constantFrom(...fundingSources), fc.constant('trainingOrganisation' as const)),
  cents: fc.integer({ min: -80_000, max: 400_000 }),
  invoicedOn: fc.option(anyDay),
})

const anySlot = fc.record({
  id: fc.constant(null).map(newId),
  heldOn: anyDay,
  startHour: fc.constantFrom(7, 12),
  minutes: fc.integer({ min: 30, max: 300 }),
  trainers: fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(fc.nat(2), { maxLength: 2 })),
})

/** Per slot: not marked, absent, or attended in part or whole; perhaps the slot was moved after the marking. */
const anyAttendance = fc.oneof(
  fc.constant(null),
  fc.constant({ share: 0, movedFrom: null }),
  fc.record({ share: fc.integer({ min: 1, max: 100 }), movedFrom: fc.option(anyDay, { freq: 6 }) }),
)

const anyLearner = fc.record({
  id: fc.constant(null).map(newId),
  status: fc.constantFrom<EnrolmentStatus>(
    'confirmed',
    'completed',
    'completed',
    'abandoned',
    'cancelled',
    'requested',
    'refused',
  ),
  traineeType: fc.constantFrom(...traineeTypes, null),
  attendance: fc.array(anyAttendance, { minLength: 4, maxLength: 4 }),
  funding: fc.array(anyFunding, { maxLength: 2 }),
})

type PlannedLearner = typeof anyLearner extends fc.Arbitrary<infer Value> ? Value : never

/** With and without the function letter of RNCP and RS; 340 is not in the notice, 999 not in the nomenclature. */
const nsfCodes = ['326', '326t', '313', '310m', '314', '415', '333', '321', '128', '411', '340', '999']

const anySession = fc
  .record({
    status: fc.constantFrom<SessionStatus>('open', 'closed', 'closed', 'cancelled', 'draft'),
    bpfScope: fc.constantFrom<BpfScope>('included', 'included', 'included', 'excluded'),
    subcontracting: fc.constantFrom<Subcontracting>('none', 'none', 'givenOut', 'received'),
    objective: fc.constantFrom(...objectives, 'rncp', 'rncp', null),
    certificationLevel: fc.constantFrom(...certificationLevels, null),
    nsfCode: fc.constantFrom(...nsfCodes, null),
    slots: fc.uniqueArray(anySlot, {
      maxLength: 4,
      selector: (slot) => `${slot.heldOn} ${slot.startHour}`,
    }),
    trainers: fc.uniqueArray(
      fc.record({ person: fc.nat(2), engagement: fc.constantFrom<Engagement>('internal', 'external') }),
      { maxLength: 3, selector: (trainer) => trainer.person },
    ),
    learners: fc.oneof(fc.constant<PlannedLearner[]>([]), fc.array(anyLearner, { maxLength: 4 })),
    funding: fc.array(anyFunding, { maxLength: 2 }),
  })
  .map((plan) => ({ ...plan, id: newId() }))

/** Persons 0 to 2 teach, 3 to 6 learn. */
export const anyOrganisation: fc.Arbitrary<Organisation> = fc
  .array(anySession, { maxLength: 14, size: 'max' })
  .map((sessions) => {
    const personIds = Array.from({ length: 7 }, () => newId())
    return {
      personIds,
      sessions: sessions.map(({ learners, trainers, ...session }, number) => ({
        ...session,
        reference: `S-${number}-${session.id}`,
        trainers: trainers.map(({ person, engagement }) => ({
          id: newId(),
          personId: personIds[person]!,
          engagement,
        })),
        slots: session.slots.map((slot) => ({
          ...slot,
          trainers: slot.trainers.filter((index) => index < trainers.length),
        })),
        learners: learners.map(({ attendance, ...learner }, index) => ({
          ...learner,
          personId: personIds[3 + index]!,
          marks: session.slots.flatMap((slot, slotNumber) => {
            const attended = attendance[slotNumber]
            if (!attended) return []
            const minutes =
              attended.share === 0 ? 0 : Math.max(1, Math.round((slot.minutes * attended.share) / 100))
            return [{ slotId: slot.id, heldOn: attended.movedFrom ?? slot.heldOn, minutes }]
          }),
        })),
      })),
    }
  })

/** Writes the rows straight into the tables, since history like this has no door of its own. */
export async function insertOrganisation(db: Kysely<Database>, organisation: Organisation): Promise<void> {
  const at = Temporal.Instant.from('2026-01-01T00:00:00Z')
  const entity = { createdAt: at, updatedAt: at }
  const { sessions, personIds } = organisation
  const versionId = await insertTraining(db, entity)
  const otherOrganisationId = newId()
  await db
    .insertInto('client')
    .values({ id: otherOrganisationId, ...entity, kind: 'trainingOrganisation', name: 'Autre OF' })
    .execute()
  await db
    .insertInto('person')
    .values(
      personIds.map((id, number) => ({ id, ...entity, firstName: 'Camille', lastName: `Petit-${number}` })),
    )
    .execute()
  if (sessions.length === 0) return
  await db
    .insertInto('trainingSession')
    .values(
      sessions.map((session) => ({
        id: session.id,
        ...entity,
        reference: session.reference,
        trainingVersionId: versionId,
        status: session.status,
        openedAt: session.status === 'draft' ? null : entity.createdAt,
        timeZone: 'Europe/Paris',
        modality: 'onsite' as const,
        capacity: 20,
        approval: 'automatic' as const,
        visibility: 'public' as const,
        subcontracting: session.subcontracting,
        subcontractClientId: session.subcontracting === 'none' ? null : otherOrganisationId,
        bpfScope: session.bpfScope,
        bpfScopeReason: session.bpfScope === 'excluded' ? 'atelier bénévole' : null,
        nsfCode: session.nsfCode,
        objective: session.objective,
        certificationLevel: session.certificationLevel,
      })),
    )
    .execute()
  await insertSlots(db, sessions, entity)
  await insertLearners(db, sessions, entity)
}

type EntityDates = { createdAt: Temporal.Instant; updatedAt: Temporal.Instant }

async function insertTraining(db: Kysely<Database>, entity: EntityDates): Promise<string> {
  const trainingId = newId()
  const versionId = newId()
  await db
    .insertInto('training')
    .values({ id: trainingId, ...entity, code: `T-${trainingId}`, status: 'archived' })
    .execute()
  await db
    .insertInto('trainingVersion')
    .values({
      id: versionId,
      trainingId,
      number: 1,
      publishedAt: entity.createdAt,
      title: 'Numérique responsable',
      objectives: ['Mesurer'],
      actionKind: 'training',
    })
    .execute()
  return versionId
}

async function insertSlots(db: Kysely<Database>, sessions: Session[], entity: EntityDates): Promise<void> {
  const slots = sessions.flatMap((session) =>
    session.slots.map((slot) => {
      const startsAt = Temporal.Instant.from(
        `${slot.heldOn}T${String(slot.startHour).padStart(2, '0')}:00:00Z`,
      )
      return {
        id: slot.id,
        ...entity,
        sessionId: session.id,
        startsAt,
        endsAt: startsAt.add({ minutes: slot.minutes }),
        heldOn: slot.heldOn,
        halfDay: slot.startHour === 7 ? ('morning' as const) : ('afternoon' as const),
      }
    }),
  )
  const trainers = sessions.flatMap((session) =>
    session.trainers.map((trainer, position) => ({ ...trainer, sessionId: session.id, position })),
  )
  const slotTrainers = sessions.flatMap((session) =>
    session.slots.flatMap((slot) =>
      slot.trainers.map((index) => ({ slotId: slot.id, assignmentId: session.trainers[index]!.id })),
    ),
  )
  if (slots.length > 0) await db.insertInto('slot').values(slots).execute()
  if (trainers.length > 0) await db.insertInto('trainerAssignment').values(trainers).execute()
  if (slotTrainers.length > 0) await db.insertInto('slotTrainer').values(slotTrainers).execute()
}

async function insertLearners(db: Kysely<Database>, sessions: Session[], entity: EntityDates): Promise<void> {
  const enrolments = sessions.flatMap((session) =>
    session.learners.map(({ id, personId, status, traineeType }) => ({
      id,
      ...entity,
      sessionId: session.id,
      personId,
      status,
      traineeType,
    })),
  )
  if (enrolments.length > 0) await db.insertInto('enrolment').values(enrolments).execute()
  await insertFunding(db, sessions, entity)
  await insertMarks(db, sessions, entity)
}

async function insertFunding(db: Kysely<Database>, sessions: Session[], entity: EntityDates): Promise<void> {
  const row = (line: Funding, sessionId: string, enrolmentId: string | null) => ({
    id: line.id,
    createdAt: entity.createdAt,
    sessionId,
    enrolmentId,
    position: 0,
    source: line.source,
    amountCents: line.cents,
    invoicedOn: line.invoicedOn,
  })
  const lines = sessions.flatMap((session) => [
    ...session.funding.map((line) => row(line, session.id, null)),
    ...session.learners.flatMap((learner) =>
      learner.funding.map((line) => row(line, session.id, learner.id)),
    ),
  ])
  if (lines.length > 0) await db.insertInto('fundingLine').values(lines).execute()
}

async function insertMarks(db: Kysely<Database>, sessions: Session[], entity: EntityDates): Promise<void> {
  const marks = sessions.flatMap((session) =>
    session.learners.flatMap((learner) =>
      learner.marks.map((mark) => ({ ...mark, session, enrolmentId: learner.id, eventId: newId() })),
    ),
  )
  if (marks.length === 0) return
  await db
    .insertInto('attendanceEvent')
    .values(
      marks.map((mark, index) => ({
        id: mark.eventId,
        sessionId: mark.session.id,
        sequence: index + 1,
        kind: 'marked',
        slotId: mark.slotId,
        enrolmentId: mark.enrolmentId,
        recordedAt: entity.createdAt,
        body: '{}',
        previousHash: '',
        hash: '',
      })),
    )
    .execute()
  await db
    .insertInto('attendanceMark')
    .values(
      marks.map((mark) => {
        const planned = mark.session.slots.find((slot) => slot.id === mark.slotId)?.minutes
        return {
          slotId: mark.slotId,
          enrolmentId: mark.enrolmentId,
          sessionId: mark.session.id,
          status: mark.minutes === 0 ? ('absent' as const) : mark.minutes === planned ? 'present' : 'partial',
          attendedMinutes: mark.minutes,
          heldOn: mark.heldOn,
          kind: 'onsite' as const,
          eventId: mark.eventId,
          markedAt: entity.createdAt,
          decidedAt: entity.createdAt,
        }
      }),
    )
    .execute()
}
