/** Trainings and sessions that the tests of the catalogue and of the pages begin with. */
import type { Answer, Caller, TestApp } from './app.ts'

export const aProgramme = {
  title: "L'accessibilité des services numériques",
  objectives: ['Reconnaître un obstacle', 'Corriger une page'],
  prerequisites: 'Aucun',
  audience: 'Développeuses et développeurs',
  content: 'Jour 1 : les référentiels. Jour 2 : les évaluations.',
  methods: 'Exercices sur ses propres pages',
  assessmentMethods: 'Questionnaire et mise en situation',
  accessibility: 'Salle accessible ; aménagements sur demande',
  accessDelay: 'Inscription jusqu’à sept jours avant',
  durationMinutes: 840,
  priceCents: 98_000,
  modality: 'onsite',
  nsfCode: '326',
  objective: 'other',
}

let trainings = 0

/** A code that no other test has. */
export function newCode(): string {
  return `FORM-${++trainings}`
}

export async function publishedTraining(
  admin: Caller,
  fields: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const created = await admin.post('/api/trainings', { code: newCode(), ...aProgramme, ...fields })
  const published = await admin.post(`/api/trainings/${created.body.id}/publish`)
  if (published.status !== 200) throw new Error(JSON.stringify([created.body, published.body]))
  return published.body
}

let sessions = 0

/** A session as planning stores it: open, public, one day of `startsAt` to seven hours later. */
export async function aSession(
  { system }: TestApp,
  trainingId: string,
  session: {
    startsAt: string
    status?: 'draft' | 'open' | 'closed' | 'cancelled'
    visibility?: 'public' | 'private'
    chapterId?: string | null
    capacity?: number
    place?: string
  },
): Promise<{ id: string; reference: string }> {
  const startsAt = Temporal.Instant.from(session.startsAt)
  const { publishedVersionId } = await system.db
    .selectFrom('training')
    .select('publishedVersionId')
    .where('id', '=', trainingId)
    .executeTakeFirstOrThrow()
  const id = system.newId()
  const reference = `S-${++sessions}`
  await system.db
    .insertInto('trainingSession')
    .values({
      id,
      reference,
      createdAt: system.now(),
      updatedAt: system.now(),
      trainingVersionId: publishedVersionId ?? '',
      status: session.status ?? 'open',
      openedAt: session.status === 'draft' ? null : system.now(),
      timeZone: 'Europe/Paris',
      modality: 'onsite',
      chapterId: session.chapterId ?? null,
      place: session.place ?? 'Paris',
      remoteUrl: 'https://visio.example/secret',
      capacity: session.capacity ?? 12,
      approval: 'automatic',
      visibility: session.visibility ?? 'public',
      subcontracting: 'none',
      bpfScope: 'included',
      firstSlotStartsAt: startsAt,
      lastSlotEndsAt: startsAt.add({ hours: 7 }),
    })
    .execute()
  return { id, reference }
}

/** So many people enrolled in this state. */
export async function enrolments(
  { system }: TestApp,
  sessionId: string,
  status: 'requested' | 'confirmed' | 'waitlisted' | 'cancelled',
  count: number,
): Promise<void> {
  const now = system.now()
  for (let place = 1; place <= count; place++) {
    const personId = system.newId()
    await system.db
      .insertInto('person')
      .values({ id: personId, createdAt: now, updatedAt: now, firstName: 'Anne', lastName: 'Petit' })
      .execute()
    await system.db
      .insertInto('enrolment')
      .values({
        id: system.newId(),
        createdAt: now,
        updatedAt: now,
        sessionId,
        personId,
        status,
        traineeType: 'other',
        waitingPlace: status === 'waitlisted' ? place : null,
      })
      .execute()
  }
}
