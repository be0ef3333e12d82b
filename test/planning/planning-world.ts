/** What the tests of planning begin with: a published training, two chapters, their ambassadors, sessions made by HTTP. */
import { ctxFor } from '../../src/deps.ts'
import { sessionPatch } from '../../src/planning/planning.schema.ts'
import { changeSession } from '../../src/planning/session.service.ts'
import type { SessionView } from '../../src/planning/session-view.ts'
import type { RoleGrant } from '../../src/platform/access.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Answer, type Caller, type TestApp, testApp } from '../support/app.ts'

export const aProgramme = {
  title: 'Éco-conception web',
  objectives: ['Mesurer l’empreinte d’un site'],
  prerequisites: 'Aucun',
  audience: 'Développeuses et développeurs',
  content: 'Mesure, sobriété, indicateurs',
  methods: 'Ateliers',
  assessmentMethods: 'Étude de cas',
  accessibility: 'Accessible à toutes et tous',
  durationMinutes: 420,
  priceCents: 65_000,
  modality: 'onsite',
  nsfCode: '326t',
  objective: 'rs',
  certification: {
    register: 'RS',
    code: 'RS5890',
    title: 'Éco-conception',
    certifier: 'Les Communs',
    level: '5',
  },
  accessDelay: 'Deux semaines',
}

export type PlanningWorld = {
  app: TestApp
  admin: Caller
  member: Caller
  /** Of Lyon. */
  ambassador: Caller
  /** Of Paris. */
  otherAmbassador: Caller
  lyonId: string
  parisId: string
  trainingId: string
}

/** The body, or an error that shows what was refused. */
export function made(answer: Answer): Answer['body'] {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function planningWorld(options: { maxConnections?: number } = {}): Promise<PlanningWorld> {
  const app = await testApp({ now: '2026-02-01T08:00:00Z', ...options })
  const admin = await app.signIn('admin')
  const chapter = async (city: string, regionCode: string) =>
    made(await admin.post('/api/chapters', { name: city, city, regionCode })).id
  const lyonId = await chapter('Lyon', '84')
  const parisId = await chapter('Paris', '11')
  return {
    app,
    admin,
    member: await app.signIn(),
    ambassador: await app.signIn({ role: 'ambassador', chapterId: lyonId }),
    otherAmbassador: await app.signIn({ role: 'ambassador', chapterId: parisId }),
    lyonId,
    parisId,
    trainingId: await publishedTraining(admin, 'NR'),
  }
}

export async function publishedTraining(
  admin: Caller,
  code: string,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const { id } = made(await admin.post('/api/trainings', { code, ...aProgramme, ...fields }))
  made(await admin.post(`/api/trainings/${id}/publish`))
  return id
}

/** `2026-03-02 09:00-12:30` as a slot of a request. */
export function slot(text: string, fields: Record<string, unknown> = {}) {
  const [, date = '', startTime = '', endTime = ''] = /^(\S+) (\S+)-(\S+)$/.exec(text) ?? []
  return { date, startTime, endTime, ...fields }
}

export const aMorning = slot('2026-03-02 09:00-12:30')
export const anAfternoon = slot('2026-03-02 14:00-17:30')

export async function aTrainer(app: TestApp, fields: { lastName?: string } = {}): Promise<string> {
  const id = newId()
  const now = app.system.now()
  await app.system.db
    .insertInto('person')
    .values({ id, createdAt: now, updatedAt: now, firstName: 'Maud', lastName: fields.lastName ?? 'Tanguy' })
    .execute()
  return id
}

/** Asks for a session of Lyon on site with ten seats and two half-days, unless told otherwise. */
export async function requestSession(
  world: PlanningWorld,
  fields: Record<string, unknown> = {},
  caller: Caller = world.admin,
): Promise<Answer> {
  return caller.post('/api/sessions', {
    trainingId: world.trainingId,
    modality: 'onsite',
    chapterId: world.lyonId,
    capacity: 10,
    trainers: [],
    slots: [aMorning, anAfternoon],
    ...fields,
  })
}

export async function aSession(
  world: PlanningWorld,
  fields: Record<string, unknown> = {},
): Promise<Answer['body']> {
  return made(await requestSession(world, fields))
}

/** One that is open, with a trainer of its own. */
export async function anOpenSession(
  world: PlanningWorld,
  fields: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const trainers = [{ personId: await aTrainer(world.app), engagement: 'internal' }]
  const session = await aSession(world, { trainers, ...fields })
  return made(await world.admin.post(`/api/sessions/${session.id}/open`))
}

export async function setStatus(
  world: PlanningWorld,
  sessionId: string,
  status: 'draft' | 'open' | 'closed' | 'cancelled',
): Promise<void> {
  await world.app.deps.db
    .updateTable('trainingSession')
    .set({ status, openedAt: status === 'draft' ? null : world.app.system.now() })
    .where('id', '=', sessionId)
    .execute()
}

/** Someone enrolled in the session, as a row. */
export async function enrol(
  { app }: PlanningWorld,
  sessionId: string,
  personId: string,
  status: 'confirmed' | 'requested' | 'waitlisted' | 'cancelled' = 'confirmed',
): Promise<string> {
  const id = newId()
  const now = app.system.now()
  await app.system.db
    .insertInto('enrolment')
    .values({
      id,
      createdAt: now,
      updatedAt: now,
      sessionId,
      personId,
      status,
      traineeType: 'other',
      waitingPlace: status === 'waitlisted' ? 1 : null,
    })
    .execute()
  return id
}

/** Changes a session as its route does, with the body parsed, on behalf of these roles. */
export async function change(
  { app, admin }: PlanningWorld,
  sessionId: string,
  patch: Record<string, unknown>,
  options: { ifMatch?: number | '*'; as?: { caller: Caller; roleGrants: RoleGrant[] } } = {},
): Promise<SessionView> {
  const { caller, roleGrants } = options.as ?? { caller: admin, roleGrants: [{ role: 'admin' }] }
  const { accountId, personId } = caller
  const ctx = ctxFor(app.deps, { kind: 'account', accountId, personId, roleGrants })
  return changeSession(ctx, sessionId, sessionPatch.parse(patch), options.ifMatch ?? '*')
}

/** The last thing that the audit says of a subject. */
export async function lastAudit({ app }: PlanningWorld, subjectId: string) {
  return app.deps.db
    .selectFrom('auditEntry')
    .select(['action', 'changes', 'actorAccountId'])
    .where('subjectId', '=', subjectId)
    .orderBy('sequence', 'desc')
    .executeTakeFirst()
}
