/** Two servers on one database: what must not happen twice does not happen twice, whichever server is asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { aSignature } from '../attendance/signing/signatures.ts'
import { ledgerOf } from '../attendance/signing/signing-world.ts'
import { heldSession } from '../certification/held-session.ts'
import { type Terms, aSession as withTerms } from '../enrolment/enrolment-world.ts'
import { type Answer, type Caller, type TestApp, testApp } from '../support/app.ts'
import { aPublishedTraining, aTraining, made } from '../support/route-world.ts'
import { newTestFolder, removeTestFolder } from '../support/test-folder.ts'
import { addSession, addTrainer, describeOrganisation, type WorldSession } from '../support/world.ts'
import { counted, dayFromNow, type Remote, remoteOf, type Server, startServer } from './servers.ts'

const mailFolder = newTestFolder()
let app: TestApp
let servers: Server[]
let admin: Remote
let people: Caller[]
let members: Remote[]
beforeAll(async () => {
  app = await testApp()
  await describeOrganisation(app)
  const env = { DATABASE_URL: app.url, PREAU_DATA_DIR: mailFolder }
  const started = Promise.all([startServer(env), startServer(env)])
  admin = await remoteOf(await app.signIn('admin'))
  people = []
  for (let count = 0; count < 50; count++) people.push(await app.signIn())
  members = []
  for (const person of people) members.push(await remoteOf(person))
  servers = await started
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await app.close()
  removeTestFolder(mailFolder)
})

/** So many requests at once, by turns to the one and the other server. */
async function byTurns(
  count: number,
  send: (server: Server, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const server = servers[index % servers.length]
      if (!server) throw new Error('no server')
      return send(server, index)
    }),
  )
}

/** An open public session in ten days' time. */
async function aSession(terms: Terms = {}): Promise<WorldSession> {
  return withTerms(app, { slots: [`${dayFromNow(10)} 09:00-12:30`], ...terms })
}

describe('two servers on one database', () => {
  it('give 20 seats to 50 who enrol at once, and the others wait at 1 to 30 without hole or double', async () => {
    const session = await aSession({ capacity: 20 })
    await app.deps.db
      .updateTable('trainingSession')
      .set({ lastWaitingPlace: 0 })
      .where('id', '=', session.id)
      .execute()
    const path = `/api/sessions/${session.id}/enrolments`
    const answers = await byTurns(50, (server, index) =>
      members[index]!.send(server, 'POST', path, { traineeType: 'selfFunded' }),
    )
    expect(counted(answers)).toEqual({ 201: 50 })
    const waiting = answers.filter(({ body }) => body.status === 'waitlisted')
    expect(answers.filter(({ body }) => body.status === 'confirmed')).toHaveLength(20)
    expect(waiting.map(({ body }) => body.waitlistPosition).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    )
  })

  it('fill the seats that are given back at once from the waiting list, each once and in order', async () => {
    const session = await aSession({ capacity: 10 })
    const path = `/api/sessions/${session.id}/enrolments`
    const enrolled: { id: string }[] = []
    for (const [index, member] of members.slice(0, 20).entries())
      enrolled.push(made(await member.send(servers[index % 2]!, 'POST', path, { traineeType: 'other' })))
    const answers = await byTurns(5, (server, index) =>
      members[index]!.send(server, 'POST', `/api/enrolments/${enrolled[index]!.id}/cancel`),
    )
    expect(counted(answers)).toEqual({ 200: 5 })
    const { body } = await admin.send(servers[0]!, 'GET', `${path}?limit=50`)
    const statuses = body.items.map(({ status }: { status: string }) => status)
    expect(statuses).toEqual([
      ...Array(5).fill('cancelled'),
      ...Array(10).fill('confirmed'),
      ...Array(5).fill('waitlisted'),
    ])
  })

  it('enrol once who asks twenty times at once', async () => {
    const session = await aSession()
    const path = `/api/sessions/${session.id}/enrolments`
    const answers = await byTurns(20, (server) =>
      members[0]!.send(server, 'POST', path, { traineeType: 'other' }),
    )
    expect(counted(answers)).toEqual({ 201: 1, 409: 19 })
  })

  it('number certificates without gap or double, for one session and for many', async () => {
    const caller = await app.signIn('admin')
    const sessions: WorldSession[] = []
    for (let count = 0; count < 4; count++) sessions.push(await heldSession(app, caller, { learners: 2 }))
    const answers = await byTurns(16, (server, index) =>
      admin.send(server, 'POST', `/api/sessions/${sessions[(index >> 1) % 4]!.id}/certificates`),
    )
    expect(counted(answers)).toEqual({ 200: 16 })
    const issued = answers.flatMap(({ body }) => body.issued.map(({ number }: { number: string }) => number))
    const documents = await app.deps.db
      .selectFrom('issuedDocument')
      .select(['number', 'sha256'])
      .orderBy('number')
      .execute()
    expect(issued).toHaveLength(8)
    expect(new Set(issued).size).toBe(8)
    expect(documents.map(({ number }) => number)).toEqual(Array.from({ length: 8 }, (_, index) => index + 1))
    expect(documents.every(({ sha256 }) => sha256 !== null)).toBe(true)
  })

  it('keep one ledger when a half-day is marked from both at once', async () => {
    const trainer = await app.signIn('trainer')
    const session = await addSession(app, { learners: 6, trainer })
    const other = await app.signIn('trainer')
    await addTrainer(app, session.id, other.personId)
    const [one, two] = [await remoteOf(trainer), await remoteOf(other)]
    const statuses = ['present', 'absent'] as const
    const answers = await byTurns(20, (server, index) => {
      const status = statuses[(index >> 1) % 2]
      const marks = session.learners.map(({ enrolmentId }) => ({ enrolmentId, status }))
      const slot = session.slots[index % 4 < 2 ? 0 : 1]!
      return (index % 2 ? one : two).send(server, 'PUT', `/api/slots/${slot.id}/attendance`, { marks })
    })
    expect(counted(answers)).toEqual({ 200: 20 })
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('lose no signature of forty learners who sign at the same moment, each twice, and keep one of each', async () => {
    const trainer = await app.signIn('trainer')
    const learners = people.slice(0, 40).map(({ personId }) => ({ personId }))
    const session = await addSession(app, { learners, trainer, slots: [`${dayFromNow(-1)} 09:00-12:30`] })
    const path = `/api/slots/${session.slots[0]!.id}/signatures`
    const answers = await byTurns(80, (server, index) =>
      members[index >> 1]!.send(server, 'POST', path, { strokes: aSignature(index >> 1) }),
    )
    expect(counted(answers)).toEqual({ 201: 80 })
    const signatures = app.deps.db.selectFrom('attendanceSignature').selectAll()
    const kept = await signatures.where('sessionId', '=', session.id).execute()
    expect(new Set(kept.map(({ enrolmentId }) => enrolmentId))).toEqual(
      new Set(session.learners.map(({ enrolmentId }) => enrolmentId)),
    )
    expect(kept).toHaveLength(40)
    const events = await ledgerOf(app, session)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter(({ kind }) => kind === 'signature')).toHaveLength(40)
    for (const { kind, payload } of events)
      if (kind === 'signature') expect(payload.address).toMatch(/127\.0\.0\.1$/)
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('publish one version of a training that is published from both at once', async () => {
    const { id } = made(
      await admin.send(servers[0]!, 'POST', '/api/trainings', { code: 'DEUX', ...aTraining }),
    )
    const answers = await byTurns(10, (server) => admin.send(server, 'POST', `/api/trainings/${id}/publish`))
    expect(answers.map(({ body }) => body.publishedVersion)).toEqual(Array(10).fill(1))
    const published = app.deps.db.selectFrom('auditEntry').select('id').where('subjectId', '=', id)
    expect(await published.where('action', '=', 'training.publish').execute()).toHaveLength(1)
  })

  it('move a session once: open, then either closed or cancelled', async () => {
    const caller = await app.signIn('admin')
    const trainer = await app.signIn('trainer')
    const training = await aPublishedTraining(caller, 'VIE')
    const session = made(
      await caller.post('/api/sessions', {
        trainingId: training.id,
        modality: 'onsite',
        capacity: 5,
        trainers: [{ personId: trainer.personId, engagement: 'internal' }],
        slots: [{ date: dayFromNow(-2), startTime: '09:00', endTime: '12:30' }],
      }),
    )
    const path = `/api/sessions/${session.id}`
    const opened = await byTurns(10, (server) => admin.send(server, 'POST', `${path}/open`))
    expect(counted(opened)).toEqual({ 200: 1, 409: 9 })
    const ended = await byTurns(10, (server, index) =>
      index % 4 < 2
        ? admin.send(server, 'POST', `${path}/close`)
        : admin.send(server, 'POST', `${path}/cancel`, { reason: 'Formatrice malade' }),
    )
    expect(counted(ended)).toEqual({ 200: 1, 409: 9 })
  })

  it('leave nobody enrolled in a session that is cancelled while people enrol', async () => {
    const session = await aSession({ capacity: 8 })
    const path = `/api/sessions/${session.id}`
    const answers = await byTurns(21, (server, index) =>
      index === 10
        ? admin.send(server, 'POST', `${path}/cancel`, { reason: 'Salle inondée' })
        : members[index]!.send(server, 'POST', `${path}/enrolments`, { traineeType: 'other' }),
    )
    expect(answers[10]?.status).toBe(200)
    const enrolments = await app.deps.db
      .selectFrom('enrolment')
      .select('status')
      .where('sessionId', '=', session.id)
      .execute()
    expect(enrolments).toHaveLength(counted(answers)[201] ?? 0)
    expect(new Set(enrolments.map(({ status }) => status)).difference(new Set(['cancelled']))).toEqual(
      new Set(),
    )
  })

  it('open one chapter of a name', async () => {
    const answers = await byTurns(20, (server, index) =>
      admin.send(server, 'POST', '/api/chapters', {
        name: index % 4 < 2 ? 'Bretagne' : 'BRETAGNE',
        city: 'Rennes',
        regionCode: '53',
      }),
    )
    expect(counted(answers)).toEqual({ 201: 1, 409: 19 })
  })

  it('do once what is asked twenty times under one key, and answer alike', async () => {
    const answers = await byTurns(20, (server) =>
      admin.send(server, 'POST', '/api/people', { firstName: 'Inès', lastName: 'Unique' }, 'vingt-fois'),
    )
    expect(counted(answers)).toEqual({ 201: 20 })
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(19)
    const { body } = await admin.send(servers[0]!, 'GET', '/api/people?q=Unique')
    expect(body.items).toHaveLength(1)
  })
})
