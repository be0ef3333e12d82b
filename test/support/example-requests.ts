import { exampleJustificationId } from '../../src/attendance/absence/justification.examples.ts'
import { exampleFindingKey } from '../../src/attendance/follow-up/follow-up.examples.ts'
import { checkpointWhenMoved } from '../../src/attendance/ledger/ledger-checkpoint.service.ts'
/**
 * The examples of the API document as requests: their ids stand for things of the world, made for the occasion where
 * the request uses them up or wants them in a certain state.
 */
import { exampleIds as remoteIds } from '../../src/attendance/remote/remote.examples.ts'
import {
  exampleScanId,
  exampleSigningToken,
  signingExamples,
} from '../../src/attendance/signing/signing.examples.ts'
import {
  exampleCode as trainingCode,
  exampleIds as trainingIds,
} from '../../src/catalogue/catalogue.examples.ts'
import {
  exampleIds as certificateIds,
  exampleCode as verificationCode,
} from '../../src/certification/certification.examples.ts'
import { exampleIds as enrolmentIds } from '../../src/enrolment/enrolment.examples.ts'
import { exampleNoticeId } from '../../src/enrolment/funder-notice.examples.ts'
import { refreshNotices } from '../../src/enrolment/funder-notice.service.ts'
import { exampleIds as organisationIds } from '../../src/organisation/organisation.examples.ts'
import { exampleIds as peopleIds } from '../../src/people/people.examples.ts'
import { exampleSecrets, exampleIds as signInIds } from '../../src/people/sign-in/sign-in.examples.ts'
import type { MailedLinkKind } from '../../src/people/sign-in/sign-in.schema.ts'
import { exampleIds as planningIds } from '../../src/planning/planning.examples.ts'
import { exampleJobId } from '../../src/platform/jobs/jobs.examples.ts'
import { exampleMailId } from '../../src/platform/mail/mail.examples.ts'
import { operations } from './api-document.ts'
import type { Caller } from './app.ts'
import { aLinkToken } from './links.ts'
import { aMail, aTriedMail } from './mails.ts'
import { aPdf } from './paper.ts'
import {
  aDraftTraining,
  aHeldSession,
  aMarkedMorning,
  anEnrolment,
  aRequest,
  aSealedMorning,
  aSignedMorning,
  next,
} from './route-subjects.ts'
import {
  aClosedSession,
  aFundingLine,
  anOpenSession,
  aSession,
  made,
  type RouteWorld,
} from './route-world.ts'

export type ExampleRequest = {
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Who sends it: one of whom the route serves. */
  caller: Caller
  /** Values of the example → what stands in their place. */
  values: Record<string, string>
}

type Occasion = {
  values?: Record<string, string>
  body?: Record<string, unknown>
  /** The file, where the document shows none. */
  upload?: Uint8Array
  caller?: Caller
}

/** What the ids of the examples stand for, unless the occasion says otherwise. */
function valuesIn(world: RouteWorld): Record<string, string> {
  const { callers, session, closed } = world
  return {
    [organisationIds.chapter]: world.chapterId,
    [organisationIds.client]: world.clientId,
    [organisationIds.disabilityContact]: callers.disabilityContact.personId,
    [peopleIds.member]: callers.learner.personId,
    [peopleIds.memberAccount]: callers.learner.accountId,
    [peopleIds.trainer]: callers.trainer.personId,
    [trainingIds.training]: world.training.id,
    [trainingCode]: world.training.code,
    [trainingIds.activity]: world.training.activityId,
    [planningIds.session]: session.id,
    [planningIds.morning]: session.slotIds[0] ?? '',
    [planningIds.afternoon]: session.slotIds[1] ?? '',
    [enrolmentIds.enrolment]: session.enrolmentId,
    [certificateIds.certificate]: closed.certificateId,
    [verificationCode]: closed.verificationCode,
    // The days of the world’s sessions.
    '2026-04-13': '2026-03-02',
    '2026-04-14': '2026-03-03',
    '2026-04-01': '2026-03-01',
    '2026-04-30': '2026-03-31',
    // Searches that find something in it.
    bihan: 'martin',
    lebihan: 'person',
    indépendants: 'kerdoncuff',
    site: 'web',
  }
}

/** Closed, its certificates still to be issued. */
async function aCompletedSession(world: RouteWorld): Promise<string> {
  const id = await aHeldSession(world)
  made(await world.callers.admin.post(`/api/sessions/${id}/close`))
  return id
}

/** Open to everybody, and not begun. */
async function aSessionToCome(world: RouteWorld): Promise<void> {
  const { admin } = world.callers
  const slots = [{ date: '2026-06-01', startTime: '09:00', endTime: '12:30' }]
  const { id } = made(await admin.post('/api/sessions', { ...aSession(world), slots, visibility: 'public' }))
  made(await admin.post(`/api/sessions/${id}/open`))
}

/** A funder is to be told that the learner began. */
async function aNotice(world: RouteWorld): Promise<{ id: string; sessionId: string }> {
  const { admin } = world.callers
  const { id, slotIds, enrolmentId } = await anOpenSession(world)
  const marks = [{ enrolmentId, status: 'present' }]
  made(await admin.put(`/api/slots/${slotIds[0]}/attendance`, { marks }))
  made(await admin.put(`/api/sessions/${id}/funding-lines`, { fundingLines: [aFundingLine] }))
  await refreshNotices(world.app.system, id)
  return made(await admin.get(`/api/funder-notices?sessionId=${id}`)).items[0]
}

async function withFunding(world: RouteWorld, path: string): Promise<Occasion> {
  made(await world.callers.admin.put(path, { fundingLines: [aFundingLine] }))
  return {}
}

/** An account that nobody else uses, with the password of the examples unless it is to be chosen. */
async function anAccount({ callers }: RouteWorld, password?: string) {
  const email = `noe${next()}@courriel.example`
  const person = { firstName: 'Noé', lastName: `Perrin-${next()}`, email, roleGrants: [{ role: 'member' }] }
  const account = made(
    await callers.admin.post('/api/accounts', {
      ...person,
      ...(password ? { password } : { invite: false }),
    }),
  )
  return { id: String(account.id), personId: String(account.personId), email }
}

async function mailed(world: RouteWorld, kind: MailedLinkKind): Promise<Occasion> {
  const token = await aLinkToken(world.app, kind, (await anAccount(world)).id)
  return { values: { [exampleSecrets.linkToken]: token } }
}

/** Somebody signed in, for what tokens may not do. */
async function aBrowser(world: RouteWorld, password?: string): Promise<Caller> {
  const { id, personId } = await anAccount(world, password)
  return world.app.inBrowser({ ...world.callers.stranger, accountId: id, personId })
}

async function aHandedSignature({ callers, session }: RouteWorld): Promise<void> {
  const body = signingExamples.signSlot.body
  const path = `/api/slots/${session.slotIds[0]}/signatures`
  made(await callers.trainer.post(path, { ...body, enrolmentId: session.enrolmentId }))
}

async function withSigningLink({ callers, session }: RouteWorld): Promise<Occasion> {
  const path = `/api/slots/${session.slotIds[0]}/signing-links`
  const { url } = made(await callers.trainer.post(path, { enrolmentId: session.enrolmentId }))
  return { values: { [exampleSigningToken]: url.split('/').at(-1) } }
}

async function withScan({ callers, session }: RouteWorld): Promise<Occasion> {
  const path = `/api/sessions/${session.id}/scans?slotIds=${session.slotIds[0]}&originalKeptAt=Classeur`
  const scan = made(await callers.trainer.post(path, aPdf(), { 'content-type': 'application/pdf' }))
  return { values: { [exampleScanId]: scan.id } }
}

/** A paper for a half-day in which the learner was absent. */
async function aJustification(world: RouteWorld): Promise<Occasion> {
  const { admin } = world.callers
  const { slotIds, enrolmentId } = await anOpenSession(world)
  const marks = [{ enrolmentId, status: 'absent', reasonCode: 'transport' }]
  made(await admin.put(`/api/slots/${slotIds[0]}/attendance`, { marks }))
  const path = `/api/enrolments/${enrolmentId}/justifications?slotIds=${slotIds[0]}`
  const { id } = made(await admin.post(path, aPdf(), { 'content-type': 'application/pdf' }))
  return { values: { [exampleJustificationId]: id } }
}

/** Of the morning of the world’s session: the learner, and somebody nobody knows. */
async function aConnectionLog({ callers }: RouteWorld): Promise<Buffer> {
  const { email } = made(await callers.admin.get(`/api/people/${callers.learner.personId}`))
  const stay = '02/03/2026 09:02:00;02/03/2026 12:31:00;209;Oui'
  const heading = 'Nom (nom d’origine);Adresse e-mail;Heure d’arrivée;Heure de départ;Durée (minutes);Invité'
  return Buffer.from([heading, `Claude;${email};${stay}`, `Galaxy S24 d’Éric;;${stay}`, ''].join('\r\n'))
}

async function withConnectionLog(world: RouteWorld): Promise<Occasion> {
  const path = `/api/slots/${world.session.slotIds[0]}/connection-log`
  const headers = { 'content-type': 'text/csv' }
  const { logs } = made(await world.callers.trainer.post(path, await aConnectionLog(world), headers))
  return { values: { [remoteIds.connectionLog]: logs[0].id } }
}

/** Of a session that was held and marked. */
async function withCheckpoint({ app, closed }: RouteWorld): Promise<Occasion> {
  await checkpointWhenMoved(app.system)
  return session(closed.id)
}

async function withActivityDone({ callers, session, training }: RouteWorld): Promise<Occasion> {
  const path = `/api/enrolments/${session.enrolmentId}/activities/${training.activityId}`
  made(
    await callers.trainer.put(path, {
      done: true,
      doneOn: '2026-03-03',
      evidence: 'workHandedIn',
      note: 'Reçu',
    }),
  )
  return {}
}

const session = (id: string): Occasion => ({ values: { [planningIds.session]: id } })
const enrolment = (id: string): Occasion => ({ values: { [enrolmentIds.enrolment]: id } })
const morningOf = ({ slotIds, enrolmentId }: RouteWorld['session']) => ({
  [planningIds.morning]: slotIds[0] ?? '',
  [enrolmentIds.enrolment]: enrolmentId,
})
const training = (id: string): Occasion => ({ values: { [trainingIds.training]: id } })

const occasions: Record<string, (world: RouteWorld) => Occasion | Promise<Occasion>> = {
  'POST /api/chapters': () => ({ body: { name: `Antenne ${next()}` } }),
  'POST /api/clients': () => ({ body: { siret: String(80_914_267_400_000 + next()) } }),
  'POST /api/auth/login': async (world) => ({
    body: { email: (await anAccount(world, exampleSecrets.password)).email },
  }),
  'POST /api/auth/logout': async (world) => ({ caller: await aBrowser(world) }),
  'POST /api/auth/password-reset/confirm': (world) => mailed(world, 'passwordReset'),
  'POST /api/auth/sign-in-link/confirm': (world) => mailed(world, 'signInLink'),
  'POST /api/auth/invitation/confirm': (world) => mailed(world, 'invitation'),
  'GET /api/me/login-sessions': async (world) => ({ caller: await aBrowser(world) }),
  'DELETE /api/me/login-sessions': async (world) => ({ caller: await aBrowser(world) }),
  'DELETE /api/me/login-sessions/{id}': async ({ app, callers }) => {
    const caller = await app.inBrowser(callers.learner)
    const { items } = made(await caller.get('/api/me/login-sessions?limit=1'))
    return { caller, values: { [signInIds.loginSession]: items[0].id } }
  },
  'PUT /api/me/password': async (world) => ({ caller: await aBrowser(world, exampleSecrets.password) }),
  'POST /api/me/calendar-feed': async (world) => ({ caller: await aBrowser(world) }),
  'DELETE /api/me/calendar-feed': async (world) => {
    const caller = await aBrowser(world)
    made(await caller.post('/api/me/calendar-feed'))
    return { caller }
  },
  'GET /calendar/{token}.ics': async (world) => {
    const { url } = made(await (await aBrowser(world)).post('/api/me/calendar-feed'))
    return { values: { [exampleSecrets.calendarToken]: /([^/]+)\.ics$/.exec(url)?.[1] ?? '' } }
  },
  'DELETE /api/tokens/{id}': async ({ callers }) => ({
    values: { [signInIds.token]: made(await callers.learner.post('/api/tokens', { name: 'essai' })).id },
  }),
  'POST /api/accounts/{id}/invitation': async (world) => ({
    values: { [peopleIds.memberAccount]: (await anAccount(world)).id },
  }),
  'DELETE /api/accounts/{id}/login-sessions': async (world) => ({
    values: { [peopleIds.memberAccount]: (await anAccount(world)).id },
  }),
  'POST /api/accounts': () => ({ body: { email: `compte${next()}@courriel.example` } }),
  'PATCH /api/accounts/{id}': () => ({ body: { email: `compte${next()}@courriel.example` } }),
  'POST /api/trainings': () => ({ body: { code: `T-${next()}` } }),
  'PATCH /api/trainings/{id}': async ({ callers }) => training(await aDraftTraining(callers.admin)),
  'POST /api/trainings/{id}/publish': async ({ callers }) => training(await aDraftTraining(callers.admin)),
  'GET /api/catalogue': async (world) => {
    await aSessionToCome(world)
    return {}
  },
  'GET /api/catalogue/{code}': async (world) => {
    await aSessionToCome(world)
    return {}
  },
  'POST /api/sessions': () => ({
    // A day on which the trainer is free.
    values: { '2026-04-13': '2026-05-04' },
    body: { reference: `S-${next()}` },
  }),
  'POST /api/sessions/{id}/slots': async (world) => session((await anOpenSession(world)).id),
  'PATCH /api/slots/{id}': async (world) => ({
    values: { [planningIds.morning]: (await anOpenSession(world)).slotIds[0] ?? '' },
    body: { acceptWarnings: ['planning/trainer-double-booked'] },
  }),
  'POST /api/slots/{id}/cancel': async (world) => ({
    values: { [planningIds.afternoon]: (await anOpenSession(world)).slotIds[1] ?? '' },
  }),
  'DELETE /api/slots/{id}': async (world) => ({
    values: { [planningIds.afternoon]: (await anOpenSession(world)).slotIds[1] ?? '' },
  }),
  'POST /api/sessions/{id}/open': async (world) =>
    session(made(await world.callers.admin.post('/api/sessions', aSession(world))).id),
  'POST /api/sessions/{id}/close': async (world) => session(await aHeldSession(world)),
  'POST /api/sessions/{id}/cancel': async (world) => session((await anOpenSession(world)).id),
  'POST /api/sessions/{id}/reopen': async (world) => session(await aCompletedSession(world)),

  'GET /api/enrolments/{id}/needs': ({ callers }) => ({ caller: callers.learner }),
  'GET /api/me/enrolments': ({ callers }) => ({ caller: callers.learner }),
  'POST /api/enrolments/{id}/cancel': async (world) => enrolment((await anOpenSession(world)).enrolmentId),
  'POST /api/enrolments/{id}/confirm': async (world) => enrolment(await aRequest(world)),
  'POST /api/enrolments/{id}/refuse': async (world) => enrolment(await aRequest(world)),
  'POST /api/enrolments/{id}/abandon': async (world) => enrolment(await anEnrolment(world)),
  'GET /api/enrolments/{id}/funding-lines': (world) =>
    withFunding(world, `/api/enrolments/${world.session.enrolmentId}/funding-lines`),
  'GET /api/sessions/{id}/funding-lines': (world) =>
    withFunding(world, `/api/sessions/${world.session.id}/funding-lines`),

  'POST /api/slots/{id}/countersignature': async (world) => ({
    values: morningOf(await anOpenSession(world)),
    caller: world.callers.trainer,
  }),
  'POST /api/slots/{id}/waivers': async (world) => ({
    values: morningOf(await aMarkedMorning(world)),
    caller: world.callers.trainer,
  }),
  'POST /api/slots/{id}/seal': async (world) => ({
    values: morningOf(await aSignedMorning(world)),
    caller: world.callers.trainer,
  }),
  'POST /api/slots/{id}/addenda': async (world) => ({ values: morningOf(await aSealedMorning(world)) }),
  'POST /api/slots/{id}/signatures': ({ callers }) => ({ caller: callers.trainer }),
  'GET /api/slots/{id}/signatures': async (world) => {
    await aHandedSignature(world)
    return {}
  },
  'GET /api/slots/{id}/code': ({ callers }) => ({ caller: callers.trainer }),
  'GET /api/sessions/{id}/signing': async (world) => ({
    ...session((await anOpenSession(world)).id),
    caller: world.callers.learner,
  }),
  'POST /api/slots/{id}/signing-links': ({ callers }) => ({ caller: callers.trainer }),
  'DELETE /api/enrolments/{id}/signing-links': async (world) => {
    const own = await anOpenSession(world)
    made(await world.callers.trainer.post(`/api/sessions/${own.id}/signing-links`))
    return enrolment(own.enrolmentId)
  },
  'GET /api/signing/{token}': async (world) => withSigningLink(world),
  'POST /api/signing/{token}/signatures': async (world) => ({
    ...(await withSigningLink(world)),
    caller: world.callers.anonymous,
  }),
  'POST /api/sessions/{id}/scans': () => ({ upload: aPdf() }),
  'GET /api/scans/{id}': (world) => withScan(world),
  'POST /api/enrolments/{id}/justifications': () => ({ upload: aPdf(`justificatif ${next()}`) }),
  'GET /api/justifications/{id}/file': (world) => aJustification(world),
  'POST /api/justifications/{id}/accept': (world) => aJustification(world),
  'POST /api/justifications/{id}/refuse': (world) => aJustification(world),
  'GET /api/scans/{id}/file': (world) => withScan(world),
  'POST /api/scans/{id}/signatures': (world) => withScan(world),

  'POST /api/slots/{id}/connection-log': async (world) => ({ upload: await aConnectionLog(world) }),
  'GET /api/slots/{id}/connection-log': withConnectionLog,
  'PUT /api/slots/{id}/connection-log/matches': withConnectionLog,
  'GET /api/connection-logs/{id}/file': withConnectionLog,
  'GET /api/enrolments/{id}/activities': withActivityDone,
  'GET /api/sessions/{id}/activities': withActivityDone,

  'GET /api/sessions/{id}/attendance': ({ closed }) => session(closed.id),
  'GET /api/sessions/{id}/ledger': withCheckpoint,
  'GET /api/sessions/{id}/ledger.json': withCheckpoint,
  'POST /api/sessions/{id}/findings/dismiss': async (world) => {
    const { id } = await anOpenSession(world)
    const { findings } = made(await world.callers.admin.get(`/api/sessions/${id}/findings`))
    return { values: { ...session(id).values, [exampleFindingKey]: findings[0].key } }
  },
  'GET /api/funder-notices': async (world) => session((await aNotice(world)).sessionId),
  'POST /api/funder-notices/{id}/done': async (world) => ({
    values: { [exampleNoticeId]: (await aNotice(world)).id },
  }),
  'POST /api/sessions/{id}/certificates': async (world) => session(await aCompletedSession(world)),
  'GET /api/sessions/{id}/certificates': ({ closed }) => session(closed.id),
  'GET /api/me/certificates': ({ callers }) => ({ caller: callers.learner }),
  'GET /api/jobs': async ({ app }) => {
    await aMail(app)
    return {}
  },
  'GET /api/jobs/{id}': async ({ app, callers }) => ({
    values: { [exampleJobId]: await aMail(app, {}, callers.learner) },
  }),
  'GET /api/mails': async ({ app }) => {
    await aTriedMail(app, 'failed', 'smtp/550')
    return {}
  },
  'POST /api/mails/{id}/send-again': async ({ app }) => ({
    values: { [exampleMailId]: await aTriedMail(app, 'failed', 'smtp/550') },
  }),
  'POST /api/certificates/{id}/revoke': async (world) => ({
    values: { [certificateIds.certificate]: (await aClosedSession(world)).certificateId },
  }),
}

/** The routes whose example the document shows. */
export const exampleNames = [...operations.keys()].filter((name) => hasExample(name))

function hasExample(name: string): boolean {
  const operation = operations.get(name)
  if (!operation) return false
  const answer = Object.values(operation.responses[operation.success]?.content ?? {})[0]
  const shows = [
    operation.body,
    answer,
    ...operation.parameters.filter((parameter) => parameter.in === 'path'),
  ]
  const isBinary = answer?.schema.format === 'binary'
  return shows.every((part) => part === undefined || 'example' in part || (part === answer && isBinary))
}

/** The example of a route as it is sent in this world. */
export async function exampleRequest(name: string, world: RouteWorld): Promise<ExampleRequest> {
  const operation = operations.get(name)
  if (!operation) throw new Error(`no route ${name}`)
  const occasion = (await occasions[name]?.(world)) ?? {}
  const values = { ...valuesIn(world), ...occasion.values }
  const query = new URLSearchParams()
  let path = operation.path
  for (const { name, in: place, example } of operation.parameters) {
    if (example === undefined) continue
    const value = String(inPlaceOf(example, values))
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    if (place === 'query') query.set(name, value)
  }
  const needsVersion = operation.parameters.some(({ name, required }) => name === 'If-Match' && required)
  const body = operation.body?.example
  const { upload } = operation
  if (upload)
    return {
      path: query.size > 0 ? `${path}?${query}` : path,
      body: occasion.upload ?? upload.example,
      headers: { 'content-type': upload.mediaType },
      caller: occasion.caller ?? world.callers.admin,
      values,
    }
  return {
    path: query.size > 0 ? `${path}?${query}` : path,
    ...(body !== undefined && { body: { ...(inPlaceOf(body, values) as object), ...occasion.body } }),
    ...(needsVersion && { headers: { 'if-match': '*' } }),
    caller: occasion.caller ?? world.callers.admin,
    values,
  }
}

/** The same with values of the world in place of those of the example, at any depth. */
export function inPlaceOf(example: unknown, values: Record<string, string>): unknown {
  if (typeof example === 'string') return values[example] ?? example
  if (Array.isArray(example)) return example.map((item) => inPlaceOf(item, values))
  if (typeof example !== 'object' || example === null) return example
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, inPlaceOf(value, values)]))
}
