/**
 * Sessions with slots, trainers and learners, written as rows: for tests of what happens in a session, which do not
 * care how it came about.
 */
import type { Insertable } from 'kysely'
import type { ActionKind, Modality } from '../../src/catalogue/catalogue.schema.ts'
import type { EnrolmentStatus, TraineeType } from '../../src/enrolment/enrolment.schema.ts'
import { organisationInput } from '../../src/organisation/organisation.schema.ts'
import { writeOrganisation } from '../../src/organisation/organisation.service.ts'
import type { SessionStatus, SlotModality } from '../../src/planning/planning.schema.ts'
import type { SlotTable } from '../../src/planning/planning.tables.ts'
import { newId } from '../../src/platform/ids.ts'
import type { TestApp } from './app.ts'
import { anOrganisation } from './facts.ts'

export type LearnerFacts = {
  firstName?: string
  lastName?: string
  birthName?: string
  /** An account's person, for learners who sign in. */
  personId?: string
  status?: EnrolmentStatus
  traineeType?: TraineeType
  employer?: string
  interruptedOn?: string
}

export type SessionFacts = {
  /** `2026-03-02 09:00-12:30` in the session's time zone; `@remote` at the end for a slot's own modality. */
  slots?: readonly string[]
  /** That many, or these. */
  learners?: number | readonly LearnerFacts[]
  trainer?: { personId: string }
  chapterId?: string
  status?: SessionStatus
  modality?: Modality
  timeZone?: string
  visibility?: 'public' | 'private'
  title?: string
  actionKind?: ActionKind
}

export type WorldSession = {
  id: string
  reference: string
  slots: { id: string; heldOn: string; minutes: number }[]
  learners: { enrolmentId: string; personId: string }[]
}

const createdAt = Temporal.Instant.from('2026-01-05T08:00:00Z')
const entity = () => ({ id: newId(), createdAt, updatedAt: createdAt })
let count = 0

export async function describeOrganisation(
  app: TestApp,
  facts: Partial<Parameters<typeof organisationInput.parse>[0] & object> = {},
): Promise<void> {
  await writeOrganisation(app.system, organisationInput.parse({ ...anOrganisation, ...facts }))
}

export async function addChapter(app: TestApp, name = `Antenne ${++count}`): Promise<string> {
  const chapter = { ...entity(), name, city: name, regionCode: '11' }
  await app.deps.db.insertInto('chapter').values(chapter).execute()
  return chapter.id
}

/** An open session of two half-days on 2 March 2026 with three learners, unless told otherwise. */
export async function addSession(app: TestApp, facts: SessionFacts = {}): Promise<WorldSession> {
  const { db } = app.deps
  const timeZone = facts.timeZone ?? 'Europe/Paris'
  const session = { ...entity(), reference: `S-${++count}` }
  const slots = (facts.slots ?? ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30']).map((slot) =>
    slotRow(session.id, slot, timeZone),
  )
  await db
    .insertInto('trainingSession')
    .values({
      ...session,
      trainingVersionId: await addTraining(app, facts),
      status: facts.status ?? 'open',
      openedAt: facts.status === 'draft' ? null : createdAt,
      statusReason: null,
      timeZone,
      modality: facts.modality ?? 'onsite',
      chapterId: facts.chapterId ?? null,
      place: null,
      remoteUrl: null,
      capacity: 100,
      minimumLearners: null,
      approval: 'automatic',
      visibility: facts.visibility ?? 'private',
      privateClientId: null,
      subcontracting: 'none',
      subcontractClientId: null,
      bpfScope: 'included',
      bpfScopeReason: null,
      nsfCode: '326',
      objective: 'other',
      certificationLevel: null,
      firstSlotStartsAt: slots[0]?.startsAt ?? null,
      lastSlotEndsAt: slots.at(-1)?.endsAt ?? null,
    })
    .execute()
  if (slots.length > 0) await db.insertInto('slot').values(slots).execute()
  if (facts.trainer) await addTrainer(app, session.id, facts.trainer.personId)
  const { learners = 3 } = facts
  const wanted = typeof learners === 'number' ? Array.from({ length: learners }, () => ({})) : learners
  return {
    ...session,
    slots: slots.map(({ id, heldOn, startsAt, endsAt }) => ({
      id,
      heldOn,
      minutes: startsAt.until(endsAt).total('minutes'),
    })),
    learners: await addLearners(app, session.id, wanted),
  }
}

async function addTraining(app: TestApp, facts: SessionFacts): Promise<string> {
  const { db } = app.deps
  const training = { ...entity(), code: `T-${++count}`, status: 'published' as const }
  const version = {
    id: newId(),
    trainingId: training.id,
    number: 1,
    publishedAt: createdAt,
    title: facts.title ?? 'Éco-conception web',
    actionKind: facts.actionKind ?? ('training' as const),
    objectives: ['Mesurer l’empreinte d’un site'],
  }
  await db.insertInto('training').values(training).execute()
  await db.insertInto('trainingVersion').values(version).execute()
  return version.id
}

function slotRow(sessionId: string, slot: string, timeZone: string) {
  const [, date = '', start = '', end = '', modality] =
    /^(\S+) (\d\d:\d\d)-(\d\d:\d\d)(?: @(onsite|remote))?$/.exec(slot) ?? []
  const at = (time: string) =>
    Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant()
  return {
    ...entity(),
    sessionId,
    startsAt: at(start),
    endsAt: at(end),
    heldOn: date,
    halfDay: start < '12:00' ? 'morning' : start < '18:00' ? 'afternoon' : 'evening',
    topic: null,
    modality: (modality ?? null) as SlotModality | null,
    place: null,
  } satisfies Insertable<SlotTable>
}

export async function addTrainer(app: TestApp, sessionId: string, personId: string): Promise<void> {
  await app.deps.db
    .insertInto('trainerAssignment')
    .values({ id: newId(), sessionId, personId, engagement: 'internal', position: 0 })
    .execute()
}

/** Learners in the order of their names: `Stagiaire-001` first, unless they have others. */
export async function addLearners(
  app: TestApp,
  sessionId: string,
  learners: readonly LearnerFacts[],
): Promise<WorldSession['learners']> {
  const { db } = app.deps
  const people = learners.map((learner, index) => ({
    ...entity(),
    id: learner.personId ?? newId(),
    firstName: learner.firstName ?? 'Alix',
    lastName: learner.lastName ?? `Stagiaire-${String(index + 1).padStart(3, '0')}`,
    birthName: learner.birthName ?? null,
  }))
  const unknown = people.filter((_, index) => learners[index]?.personId === undefined)
  if (unknown.length > 0) await db.insertInto('person').values(unknown).execute()
  const enrolments = []
  for (const [index, learner] of learners.entries()) {
    enrolments.push({
      ...entity(),
      sessionId,
      personId: people[index]?.id ?? '',
      status: learner.status ?? ('confirmed' as const),
      traineeType: learner.traineeType ?? ('other' as const),
      employerClientId: learner.employer === undefined ? null : await addEmployer(app, learner.employer),
      waitingPlace: learner.status === 'waitlisted' ? index + 1 : null,
      startedOn: null,
      interruptedOn: learner.interruptedOn ?? null,
      endedOn: null,
      endReason: null,
      answers: null,
    })
  }
  if (enrolments.length > 0) await db.insertInto('enrolment').values(enrolments).execute()
  return enrolments.map(({ id, personId }) => ({ enrolmentId: id, personId }))
}

async function addEmployer(app: TestApp, name: string): Promise<string> {
  const client = { ...entity(), kind: 'company' as const, name }
  await app.deps.db.insertInto('client').values(client).execute()
  return client.id
}

/** As planning and enrolment close a session: its confirmed learners have completed it. */
export async function closeSession(app: TestApp, sessionId: string): Promise<void> {
  const { db } = app.deps
  await db.updateTable('trainingSession').set({ status: 'closed' }).where('id', '=', sessionId).execute()
  await db
    .updateTable('enrolment')
    .set({ status: 'completed' })
    .where('sessionId', '=', sessionId)
    .where('status', '=', 'confirmed')
    .execute()
}
