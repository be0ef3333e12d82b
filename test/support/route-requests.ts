/** One valid request for every route, on things of its own where the request uses them up. */
import type { MailedLinkKind } from '../../src/people/sign-in/sign-in.schema.ts'
import { anOrganisation } from './facts.ts'
import { aLinkToken } from './links.ts'
import { aMail, aTriedMail } from './mails.ts'
import { aDraftTraining, aHeldSession, anEnrolment, aRequest, next } from './route-subjects.ts'
import {
  aClosedSession,
  aFundingLine,
  anOpenSession,
  aSession,
  aTraining,
  made,
  type RouteWorld,
} from './route-world.ts'

export type RouteRequest = { path: string; body?: unknown; headers?: Record<string, string> }
type MakeRequest = (world: RouteWorld) => Promise<RouteRequest> | RouteRequest

const any = { 'if-match': '*' }
const exercise = 'from=2026-01-01&to=2026-12-31'

/** An account that nobody else uses. */
async function anAccount({ callers }: RouteWorld): Promise<string> {
  const person = { firstName: 'Noé', lastName: `Perrin-${next()}`, email: `noe${next()}@example.org` }
  const account = { ...person, roleGrants: [{ role: 'member' }], invite: false }
  return made(await callers.admin.post('/api/accounts', account)).id
}

async function aToken(world: RouteWorld, kind: MailedLinkKind): Promise<string> {
  return aLinkToken(world.app, kind, await anAccount(world))
}

export const routeRequests: Record<string, MakeRequest> = {
  'GET /health': () => ({ path: '/health' }),
  'GET /ready': () => ({ path: '/ready' }),
  'GET /metrics': () => ({ path: '/metrics' }),

  'GET /api': () => ({ path: '/api' }),
  'GET /api/organisation': () => ({ path: '/api/organisation' }),
  'PUT /api/organisation': ({ callers }) => ({
    path: '/api/organisation',
    body: { ...anOrganisation, disabilityContactPersonId: callers.disabilityContact.personId },
  }),
  'POST /api/chapters': () => ({
    path: '/api/chapters',
    body: { name: `Antenne ${next()}`, city: 'Brest', regionCode: '53' },
  }),
  'GET /api/chapters': () => ({ path: '/api/chapters' }),
  'POST /api/clients': () => ({ path: '/api/clients', body: { kind: 'company', name: `Société ${next()}` } }),
  'GET /api/clients': () => ({ path: '/api/clients?limit=2' }),
  'GET /api/clients/{id}': ({ clientId }) => ({ path: `/api/clients/${clientId}` }),
  'PATCH /api/clients/{id}': ({ clientId }) => ({
    path: `/api/clients/${clientId}`,
    body: { email: 'compta@example.org' },
    headers: any,
  }),

  'POST /api/auth/login': async ({ callers }) => {
    const email = `login${next()}@example.org`
    const password = 'une phrase de passe solide'
    made(
      await callers.admin.post('/api/accounts', {
        email,
        password,
        firstName: 'A',
        lastName: 'B',
        roleGrants: [{ role: 'member' }],
      }),
    )
    return { path: '/api/auth/login', body: { email, password } }
  },
  'POST /api/auth/logout': () => ({ path: '/api/auth/logout' }),
  'GET /api/me': () => ({ path: '/api/me' }),
  'POST /api/auth/password-reset': () => ({
    path: '/api/auth/password-reset',
    body: { email: 'personne@example.org' },
  }),
  'POST /api/auth/password-reset/confirm': async (world) => ({
    path: '/api/auth/password-reset/confirm',
    body: { token: await aToken(world, 'passwordReset'), password: 'une phrase de passe solide' },
  }),
  'POST /api/auth/sign-in-link': () => ({
    path: '/api/auth/sign-in-link',
    body: { email: 'personne@example.org' },
  }),
  'POST /api/auth/sign-in-link/confirm': async (world) => ({
    path: '/api/auth/sign-in-link/confirm',
    body: { token: await aToken(world, 'signInLink') },
  }),
  'POST /api/auth/invitation/confirm': async (world) => ({
    path: '/api/auth/invitation/confirm',
    body: { token: await aToken(world, 'invitation'), password: 'une phrase de passe solide' },
  }),
  'GET /api/me/login-sessions': () => ({ path: '/api/me/login-sessions?limit=2' }),
  'DELETE /api/me/login-sessions': () => ({ path: '/api/me/login-sessions?keep=current' }),
  'DELETE /api/me/login-sessions/{id}': async ({ app, callers: { learner } }) => {
    await app.inBrowser(learner)
    const { items } = made(await learner.get('/api/me/login-sessions?limit=1'))
    return { path: `/api/me/login-sessions/${items[0].id}` }
  },
  'PUT /api/me/password': () => ({
    path: '/api/me/password',
    body: { currentPassword: 'une phrase de passe', newPassword: 'une autre phrase de passe' },
  }),
  'GET /api/tokens': () => ({ path: '/api/tokens?limit=2' }),
  'DELETE /api/tokens/{id}': async ({ callers }) => ({
    path: `/api/tokens/${made(await callers.learner.post('/api/tokens', { name: 'essai' })).id}`,
  }),
  'POST /api/tokens': () => ({ path: '/api/tokens', body: { name: 'essai' } }),
  'POST /api/setup': () => ({
    path: '/api/setup',
    body: {
      token: 'x',
      email: 'a@example.org',
      password: 'une phrase de passe',
      firstName: 'A',
      lastName: 'B',
    },
  }),
  'POST /api/people': ({ chapterId }) => ({
    path: '/api/people',
    body: { firstName: 'Maël', lastName: 'Le Bihan', chapterId },
  }),
  'GET /api/people': () => ({ path: '/api/people?limit=2' }),
  'GET /api/people/{id}': ({ callers }) => ({ path: `/api/people/${callers.learner.personId}` }),
  'PATCH /api/people/{id}': ({ callers }) => ({
    path: `/api/people/${callers.learner.personId}`,
    body: { phone: '06 12 34 56 78' },
    headers: any,
  }),
  'POST /api/accounts': () => ({
    path: '/api/accounts',
    body: {
      email: `compte${next()}@example.org`,
      firstName: 'A',
      lastName: 'B',
      roleGrants: [{ role: 'member' }],
    },
  }),
  'GET /api/accounts': () => ({ path: '/api/accounts?limit=2' }),
  'GET /api/accounts/{id}': ({ callers }) => ({ path: `/api/accounts/${callers.learner.accountId}` }),
  'PATCH /api/accounts/{id}': ({ callers }) => ({
    path: `/api/accounts/${callers.learner.accountId}`,
    body: { email: `learner${next()}@example.org` },
    headers: any,
  }),

  'POST /api/accounts/{id}/invitation': async (world) => ({
    path: `/api/accounts/${await anAccount(world)}/invitation`,
  }),
  'DELETE /api/accounts/{id}/login-sessions': async (world) => ({
    path: `/api/accounts/${await anAccount(world)}/login-sessions`,
  }),

  'POST /api/trainings': () => ({ path: '/api/trainings', body: { code: `T-${next()}`, ...aTraining } }),
  'GET /api/trainings': () => ({ path: '/api/trainings?limit=2' }),
  'GET /api/trainings/{id}': ({ training }) => ({ path: `/api/trainings/${training.id}` }),
  'PATCH /api/trainings/{id}': async ({ callers }) => ({
    path: `/api/trainings/${await aDraftTraining(callers.admin)}`,
    body: { title: 'Éco-conception des services' },
    headers: any,
  }),
  'POST /api/trainings/{id}/publish': async ({ callers }) => ({
    path: `/api/trainings/${await aDraftTraining(callers.admin)}/publish`,
  }),
  'GET /api/catalogue': () => ({ path: '/api/catalogue?limit=2' }),
  'GET /api/catalogue/{code}': ({ training }) => ({ path: `/api/catalogue/${training.code}` }),

  'POST /api/sessions': (world) => ({ path: '/api/sessions', body: aSession(world) }),
  'GET /api/sessions': () => ({ path: '/api/sessions?limit=2' }),
  'GET /api/sessions/{id}': ({ session }) => ({ path: `/api/sessions/${session.id}` }),
  'PATCH /api/sessions/{id}': ({ session }) => ({
    path: `/api/sessions/${session.id}`,
    body: { capacity: 12 },
    headers: any,
  }),
  'POST /api/sessions/{id}/slots': async (world) => ({
    path: `/api/sessions/${(await anOpenSession(world)).id}/slots`,
    body: {
      date: '2026-03-03',
      startTime: '14:00',
      endTime: '17:30',
      acceptWarnings: ['planning/trainer-double-booked'],
    },
  }),
  'GET /api/slots/{id}': ({ session }) => ({ path: `/api/slots/${session.slotIds[0]}` }),
  'PATCH /api/slots/{id}': async (world) => ({
    path: `/api/slots/${(await anOpenSession(world)).slotIds[0]}`,
    body: { topic: 'Mesurer' },
    headers: any,
  }),
  'DELETE /api/slots/{id}': async (world) => ({
    path: `/api/slots/${(await anOpenSession(world)).slotIds[1]}`,
  }),
  'POST /api/sessions/{id}/open': async (world) => ({
    path: `/api/sessions/${made(await world.callers.admin.post('/api/sessions', aSession(world))).id}/open`,
  }),
  'POST /api/sessions/{id}/close': async (world) => ({
    path: `/api/sessions/${await aHeldSession(world)}/close`,
  }),
  'POST /api/sessions/{id}/cancel': async (world) => ({
    path: `/api/sessions/${(await anOpenSession(world)).id}/cancel`,
    body: { reason: 'Formatrice malade' },
  }),
  'POST /api/sessions/{id}/reopen': async (world) => {
    const id = await aHeldSession(world)
    made(await world.callers.admin.post(`/api/sessions/${id}/close`))
    return { path: `/api/sessions/${id}/reopen`, body: { reason: 'Oubli d’une feuille' } }
  },

  'POST /api/sessions/{id}/enrolments': ({ session }) => ({
    path: `/api/sessions/${session.id}/enrolments`,
    body: { traineeType: 'other' },
  }),
  'GET /api/sessions/{id}/enrolments': ({ session }) => ({ path: `/api/sessions/${session.id}/enrolments` }),
  'GET /api/enrolments/{id}': ({ session }) => ({ path: `/api/enrolments/${session.enrolmentId}` }),
  'GET /api/enrolments/{id}/needs': ({ session }) => ({
    path: `/api/enrolments/${session.enrolmentId}/needs`,
  }),
  'PATCH /api/enrolments/{id}': ({ session }) => ({
    path: `/api/enrolments/${session.enrolmentId}`,
    body: { traineeType: 'selfFunded' },
    headers: any,
  }),
  'POST /api/enrolments/{id}/cancel': async (world) => ({
    path: `/api/enrolments/${(await anOpenSession(world)).enrolmentId}/cancel`,
  }),
  'POST /api/enrolments/{id}/confirm': async (world) => ({
    path: `/api/enrolments/${await aRequest(world)}/confirm`,
  }),
  'POST /api/enrolments/{id}/refuse': async (world) => ({
    path: `/api/enrolments/${await aRequest(world)}/refuse`,
    body: { reason: 'Prérequis' },
  }),
  'POST /api/enrolments/{id}/abandon': async (world) => ({
    path: `/api/enrolments/${await anEnrolment(world)}/abandon`,
    body: { on: '2026-03-02', reason: 'Reprise d’emploi' },
  }),
  'GET /api/me/enrolments': () => ({ path: '/api/me/enrolments' }),
  'GET /api/enrolments/{id}/funding-lines': ({ session }) => ({
    path: `/api/enrolments/${session.enrolmentId}/funding-lines`,
  }),
  'PUT /api/enrolments/{id}/funding-lines': ({ session }) => ({
    path: `/api/enrolments/${session.enrolmentId}/funding-lines`,
    body: { fundingLines: [aFundingLine] },
  }),
  'GET /api/sessions/{id}/funding-lines': ({ session }) => ({
    path: `/api/sessions/${session.id}/funding-lines`,
  }),
  'PUT /api/sessions/{id}/funding-lines': ({ session }) => ({
    path: `/api/sessions/${session.id}/funding-lines`,
    body: { fundingLines: [aFundingLine] },
  }),

  'PUT /api/slots/{id}/attendance': ({ session }) => ({
    path: `/api/slots/${session.slotIds[0]}/attendance`,
    body: { marks: [{ enrolmentId: session.enrolmentId, status: 'present' }] },
  }),
  'GET /api/sessions/{id}/attendance': ({ session }) => ({ path: `/api/sessions/${session.id}/attendance` }),

  'GET /api/audit': () => ({ path: '/api/audit?limit=2' }),
  'GET /api/audit.csv': () => ({ path: '/api/audit.csv?from=2026-03-10' }),

  'POST /api/sessions/{id}/certificates': ({ closed }) => ({
    path: `/api/sessions/${closed.id}/certificates`,
  }),
  'GET /api/sessions/{id}/certificates': ({ closed }) => ({
    path: `/api/sessions/${closed.id}/certificates`,
  }),
  'GET /api/certificates/{id}': ({ closed }) => ({ path: `/api/certificates/${closed.certificateId}` }),
  'GET /api/certificates/{id}/pdf': ({ closed }) => ({
    path: `/api/certificates/${closed.certificateId}/pdf`,
  }),
  'POST /api/certificates/{id}/revoke': async (world) => ({
    path: `/api/certificates/${(await aClosedSession(world)).certificateId}/revoke`,
    body: { reason: 'Nom mal écrit' },
  }),
  'GET /api/me/certificates': () => ({ path: '/api/me/certificates' }),
  'GET /api/jobs': () => ({ path: '/api/jobs?state=queued&limit=2' }),
  'GET /api/jobs/{id}': async ({ app, callers }) => ({
    path: `/api/jobs/${await aMail(app, {}, callers.learner)}`,
  }),
  'GET /api/mails': () => ({ path: '/api/mails?limit=2' }),
  'POST /api/mails/{id}/send-again': async ({ app }) => ({
    path: `/api/mails/${await aTriedMail(app, 'unknown', 'smtp/no-answer')}/send-again`,
  }),
  'GET /api/verify/{code}': ({ closed }) => ({ path: `/api/verify/${closed.verificationCode}` }),

  'GET /api/reports/bpf': () => ({ path: `/api/reports/bpf?${exercise}` }),
  'GET /api/reports/bpf.csv': () => ({ path: `/api/reports/bpf.csv?${exercise}` }),
  'GET /api/reports/bpf/lines/{frame}/{line}': () => ({
    path: `/api/reports/bpf/lines/F1/total?${exercise}`,
  }),
  'PUT /api/reports/bpf/inputs': () => ({
    path: `/api/reports/bpf/inputs?${exercise}`,
    body: {
      turnoverCents: 10_000_000,
      expenses: { totalCents: 5_000_000, trainersPayCents: 100_000, purchasesCents: 200_000 },
    },
  }),
  'GET /api/reports/certificates': () => ({ path: `/api/reports/certificates?${exercise}` }),
  'GET /api/reports/certificates.csv': () => ({ path: `/api/reports/certificates.csv?${exercise}` }),
}
