import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EnrolmentStatus, enrolmentStatuses } from '../../src/enrolment/enrolment.schema.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addChapter } from '../support/world.ts'
import { aClient, aSession, auditOf, beforeStart, stateOf } from './enrolment-world.ts'

let app: TestApp
let admin: Caller
let lyon: string
let ambassador: Caller

beforeAll(async () => {
  app = await testApp({ now: beforeStart })
  admin = await app.signIn('admin')
  lyon = await addChapter(app, 'Lyon')
  ambassador = await app.signIn({ role: 'ambassador', chapterId: lyon })
})
afterAll(() => app.close())

const bodies = {
  cancel: {},
  confirm: {},
  refuse: { reason: 'Session complète' },
  abandon: { on: '2026-03-02', reason: 'Reprise d’emploi' },
} as const
type Verb = keyof typeof bodies

/** Verb → status before → status after; all others are refused. */
const moves: Record<Verb, Partial<Record<EnrolmentStatus, EnrolmentStatus>>> = {
  cancel: { requested: 'cancelled', waitlisted: 'cancelled', confirmed: 'cancelled' },
  confirm: { requested: 'confirmed', waitlisted: 'confirmed' },
  refuse: { requested: 'refused', waitlisted: 'refused' },
  abandon: { confirmed: 'abandoned' },
}

async function anEnrolment(status: EnrolmentStatus, personId?: string) {
  const session = await aSession(app, {
    chapterId: lyon,
    learners: [{ status, ...(personId && { personId }) }],
  })
  return { sessionId: session.id, id: session.learners[0]?.enrolmentId ?? '' }
}

const cases = (Object.keys(moves) as Verb[]).flatMap((verb) =>
  enrolmentStatuses.map((from) => ({ verb, from, to: moves[verb][from] ?? 'refused with 409' })),
)

describe('an enrolment', () => {
  it.for(cases)('$from: $verb → $to', async ({ verb, from }) => {
    const { id, sessionId } = await anEnrolment(from)
    const before = await stateOf(app, sessionId)
    const answer = await ambassador.post(`/api/enrolments/${id}/${verb}`, bodies[verb])
    const to = moves[verb][from]
    if (to) {
      expect(answer).toMatchObject({
        status: 200,
        body: { id, status: to, version: 2, waitlistPosition: null },
      })
      expect((await auditOf(app, id)).map((entry) => entry.action)).toEqual([`enrolment.${verb}`])
    } else {
      expect(answer).toMatchObject({ status: 409, body: { code: 'enrolment/wrong-status' } })
      expect(answer.body.detail).toContain(from)
      expect(await stateOf(app, sessionId)).toEqual(before)
      expect(await auditOf(app, id)).toEqual([])
    }
  })

  it('that is cancelled twice, by a double click, says that it is cancelled already', async () => {
    const learner = await app.signIn()
    const { id } = await anEnrolment('confirmed', learner.personId)
    const answers = await Promise.all([1, 2].map(() => learner.post(`/api/enrolments/${id}/cancel`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({
      code: 'enrolment/wrong-status',
      detail: 'This enrolment is cancelled already.',
    })
  })

  it('keeps the reason and the dates of its end', async () => {
    const { id } = await anEnrolment('confirmed')
    const abandoned = await admin.post(`/api/enrolments/${id}/abandon`, bodies.abandon)
    expect(abandoned.body).toMatchObject({
      interruptedOn: '2026-03-02',
      endedOn: '2026-03-02',
      endReason: 'Reprise d’emploi',
    })
    const refused = await anEnrolment('requested')
    const answer = await admin.post(`/api/enrolments/${refused.id}/refuse`, bodies.refuse)
    expect(answer.body.endReason).toBe('Session complète')
  })
})

describe('who decides', () => {
  it('the learner cancels, and decides nothing else', async () => {
    const learner = await app.signIn()
    const { id } = await anEnrolment('requested', learner.personId)
    for (const verb of ['confirm', 'refuse', 'abandon'] as const)
      expect((await learner.post(`/api/enrolments/${id}/${verb}`, bodies[verb])).status).toBe(403)
    expect((await learner.patch(`/api/enrolments/${id}`, {}, { 'if-match': '*' })).status).toBe(403)
    expect((await learner.post(`/api/enrolments/${id}/cancel`)).status).toBe(200)
  })

  it('to anyone else it looks as if there were no enrolment', async () => {
    const trainer = await app.signIn('trainer')
    const other = await app.signIn({ role: 'ambassador', chapterId: await addChapter(app) })
    const session = await aSession(app, { chapterId: lyon, trainer, learners: 1 })
    const path = `/api/enrolments/${session.learners[0]?.enrolmentId}`
    for (const caller of [trainer, other, await app.signIn()]) {
      expect((await caller.get(path)).status).toBe(404)
      for (const verb of Object.keys(bodies) as Verb[])
        expect((await caller.post(`${path}/${verb}`, bodies[verb])).status).toBe(404)
      expect((await caller.get(`${path}/funding-lines`)).status).toBe(404)
    }
    expect((await app.anonymous.post(`${path}/cancel`)).status).toBe(401)
  })
})

describe('a decision', () => {
  it.for([
    ['refuse', {}, '/reason'],
    ['refuse', { reason: '' }, '/reason'],
    ['abandon', { reason: 'x' }, '/on'],
    ['abandon', { on: '2026-02-30', reason: 'x' }, '/on'],
    ['confirm', { zz: 1 }, '/zz'],
    ['cancel', { reason: 12 }, '/reason'],
  ] as const)('%s with %j is refused at %s', async ([verb, body, pointer]) => {
    const { id } = await anEnrolment('confirmed')
    const answer = await admin.post(`/api/enrolments/${id}/${verb}`, body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toBe(pointer)
  })

  it('to abandon cannot lie before the learner began', async () => {
    const { id } = await anEnrolment('confirmed')
    await admin.patch(`/api/enrolments/${id}`, { startedOn: '2026-03-05' }, { 'if-match': '*' })
    const answer = await admin.post(`/api/enrolments/${id}/abandon`, bodies.abandon)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/on' }] } })
  })
})

describe('a correction by the admin', () => {
  it('changes trainee type, employer and dates, and needs the version that was read', async () => {
    const { id } = await anEnrolment('confirmed')
    const employerClientId = await aClient(app, 'Fabrique coopérative')
    const path = `/api/enrolments/${id}`
    const patch = {
      traineeType: 'jobSeeker',
      employerClientId,
      startedOn: '2026-03-02',
      endReason: 'Maladie',
    }
    expect((await admin.patch(path, patch)).status).toBe(428)
    const changed = await admin.patch(path, patch, { 'if-match': '"1"' })
    expect(changed).toMatchObject({ status: 200, body: { ...patch, version: 2 } })
    expect((await admin.patch(path, patch, { 'if-match': '"1"' })).status).toBe(412)
    expect((await auditOf(app, id)).at(-1)?.changes).toEqual({
      traineeType: ['other', 'jobSeeker'],
      employerClientId: [null, employerClientId],
      startedOn: [null, '2026-03-02'],
      endReason: 'redacted',
    })
  })

  it.for([
    [{ startedOn: '2026-03-03', endedOn: '2026-03-02' }, '/endedOn'],
    [{ interruptedOn: '2026-03-03', endedOn: '2026-03-02' }, '/endedOn'],
    [{ startedOn: '2026-03-03', interruptedOn: '2026-03-02' }, '/interruptedOn'],
    [{ employerClientId: '0192d3c4-0000-7000-8000-000000000000' }, '/employerClientId'],
    [{ status: 'completed' }, '/status'],
    [{ traineeType: null }, '/traineeType'],
  ] as const)('of %j is refused at %s', async ([patch, pointer]) => {
    const { id } = await anEnrolment('confirmed')
    const answer = await admin.patch(`/api/enrolments/${id}`, patch, { 'if-match': '*' })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer])
  })

  it('is not for the ambassador', async () => {
    const { id } = await anEnrolment('confirmed')
    const answer = await ambassador.patch(
      `/api/enrolments/${id}`,
      { traineeType: 'other' },
      { 'if-match': '*' },
    )
    expect(answer.status).toBe(403)
  })
})
