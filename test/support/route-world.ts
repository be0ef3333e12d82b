/** A small organisation in which every route has something to act on, and someone of every role. */
import type { Logger } from 'pino'
import { type Answer, type Caller, type TestApp, testApp } from './app.ts'
import { anOrganisation } from './facts.ts'

export const roleNames = [
  'anonymous',
  'stranger',
  'learner',
  'trainer',
  'ambassador',
  'otherAmbassador',
  'disabilityContact',
  'admin',
] as const
export type RoleName = (typeof roleNames)[number]

export type RouteWorld = {
  app: TestApp
  callers: Record<RoleName, Caller>
  adminInBrowser: Caller
  chapterId: string
  clientId: string
  otherOrganisationId: string
  training: { id: string; code: string; activityId: string }
  /** An open private session in the chapter, its first half-day held, with a confirmed learner. */
  session: { id: string; slotIds: string[]; enrolmentId: string }
  /** A closed one, with the learner's certificate. */
  closed: { id: string; enrolmentId: string; certificateId: string; verificationCode: string }
}

export const now = '2026-03-10T12:00:00Z'

export const aTraining = {
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
  nsfCode: '326',
  objective: 'other',
  accessDelay: 'Deux semaines',
  activities: [{ title: 'Mesurer trois pages de son site', estimatedMinutes: 90 }],
}

export const aFundingLine = {
  source: 'fundSelfEmployed',
  payerName: 'FAF des indépendants',
  amountCents: 65_000,
}

/** Throws when a step of the preparation fails, so that no test runs on half a world. */
export function made(answer: Answer): Answer['body'] {
  if (answer.status >= 300)
    throw new Error(`preparation failed: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function routeWorld(log?: Logger): Promise<RouteWorld> {
  const app = await testApp({ now, ...(log && { log }) })
  const admin = await app.signIn('admin')
  const disabilityContact = await app.signIn()
  made(
    await admin.put('/api/organisation', {
      ...anOrganisation,
      disabilityContactPersonId: disabilityContact.personId,
    }),
  )
  const chapterId = made(
    await admin.post('/api/chapters', { name: 'Lyon', city: 'Lyon', regionCode: '84' }),
  ).id
  const otherId = made(
    await admin.post('/api/chapters', { name: 'Paris', city: 'Paris', regionCode: '11' }),
  ).id
  const callers = {
    anonymous: app.anonymous,
    stranger: await app.signIn(),
    learner: await app.signIn(),
    trainer: await app.signIn('trainer'),
    ambassador: await app.signIn({ role: 'ambassador', chapterId }),
    otherAmbassador: await app.signIn({ role: 'ambassador', chapterId: otherId }),
    disabilityContact,
    admin,
  }
  made(await admin.patch(`/api/people/${callers.learner.personId}`, { chapterId }, { 'if-match': '*' }))
  const clientId = made(await admin.post('/api/clients', { kind: 'company', name: 'Atelier Kerdoncuff' })).id
  const otherOrganisationId = made(
    await admin.post('/api/clients', { kind: 'trainingOrganisation', name: 'Autre OF' }),
  ).id
  const training = await aPublishedTraining(admin, 'ECO-WEB')
  const adminInBrowser = await app.inBrowser(admin)
  const base = { app, callers, adminInBrowser, chapterId, clientId, otherOrganisationId, training }
  return { ...base, session: await anOpenSession(base), closed: await aClosedSession(base) }
}

export async function aPublishedTraining(admin: Caller, code: string): Promise<RouteWorld['training']> {
  const { id, activities } = made(await admin.post('/api/trainings', { code, ...aTraining }))
  made(await admin.post(`/api/trainings/${id}/publish`))
  return { id, code, activityId: activities[0].id }
}

type Base = Omit<RouteWorld, 'session' | 'closed'>

export function aSession({ training, callers, chapterId }: Base): Record<string, unknown> {
  return {
    trainingId: training.id,
    modality: 'onsite',
    chapterId,
    place: 'La Fabrique, Lyon',
    capacity: 10,
    visibility: 'private',
    trainers: [{ personId: callers.trainer.personId, engagement: 'external' }],
    slots: [
      { date: '2026-03-02', startTime: '09:00', endTime: '12:30' },
      { date: '2026-03-02', startTime: '13:30', endTime: '17:00' },
    ],
    acceptWarnings: ['planning/trainer-double-booked'],
  }
}

export async function anOpenSession(base: Base): Promise<RouteWorld['session']> {
  const { admin, learner } = base.callers
  const created = made(await admin.post('/api/sessions', aSession(base)))
  made(await admin.post(`/api/sessions/${created.id}/open`))
  const enrolment = made(
    await admin.post(`/api/sessions/${created.id}/enrolments`, {
      personId: learner.personId,
      traineeType: 'other',
      needs: 'Interprète en langue des signes',
    }),
  )
  return {
    id: created.id,
    slotIds: created.slots.map((slot: { id: string }) => slot.id),
    enrolmentId: enrolment.id,
  }
}

export async function aClosedSession(base: Base): Promise<RouteWorld['closed']> {
  const { admin } = base.callers
  const session = await anOpenSession(base)
  for (const slotId of session.slotIds) {
    made(
      await admin.put(`/api/slots/${slotId}/attendance`, {
        marks: [{ enrolmentId: session.enrolmentId, status: 'present' }],
      }),
    )
  }
  made(await admin.post(`/api/sessions/${session.id}/close`))
  const { issued } = made(await admin.post(`/api/sessions/${session.id}/certificates`))
  return {
    id: session.id,
    enrolmentId: session.enrolmentId,
    certificateId: issued[0].id,
    verificationCode: issued[0].verificationCode,
  }
}
