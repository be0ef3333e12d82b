import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { anOrganisation } from '../support/facts.ts'
import { addChapter } from '../support/world.ts'
import { aClient, afterEnd, aSession, auditOf, beforeStart, somePeople, stateOf } from './enrolment-world.ts'

let app: TestApp
let admin: Caller
let member: Caller
let lyon: string
let ambassador: Caller

beforeAll(async () => {
  app = await testApp({ now: beforeStart })
  admin = await app.signIn('admin')
  member = await app.signIn()
  lyon = await addChapter(app, 'Lyon')
  ambassador = await app.signIn({ role: 'ambassador', chapterId: lyon })
})
afterAll(() => app.close())

const body = { traineeType: 'other' }
const enrol = (caller: Caller, sessionId: string, input: object = body) =>
  caller.post(`/api/sessions/${sessionId}/enrolments`, input)

describe('a member', () => {
  it('enrols in an open public session and reads the enrolment', async () => {
    const session = await aSession(app)
    const created = await enrol(member, session.id, {
      traineeType: 'selfFunded',
      answers: { 'Qu’attendez-vous ?': 'Des exemples' },
    })
    expect(created).toMatchObject({
      status: 201,
      body: {
        sessionId: session.id,
        personId: member.personId,
        status: 'confirmed',
        waitlistPosition: null,
        traineeType: 'selfFunded',
        employerClientId: null,
        answers: { 'Qu’attendez-vous ?': 'Des exemples' },
        version: 1,
      },
    })
    expect(created.headers.get('etag')).toMatch(/^"1-/)
    expect((await member.get(`/api/enrolments/${created.body.id}`)).body).toEqual(created.body)
  })

  it('is enrolled with their employer', async () => {
    const employer = await aClient(app, 'Atelier Kerdoncuff')
    const caller = await app.signIn()
    await app.deps.db
      .updateTable('person')
      .set({ employerClientId: employer })
      .where('id', '=', caller.personId)
      .execute()
    const session = await aSession(app)
    expect((await enrol(caller, session.id)).body.employerClientId).toBe(employer)
  })

  it('enrols nobody else, names no employer and speaks of no money', async () => {
    const session = await aSession(app)
    const [other] = await somePeople(app, 1)
    for (const more of [
      { personId: other },
      { person: { firstName: 'A', lastName: 'B' } },
      { employerClientId: null },
      { fundingLines: [] },
    ]) {
      expect((await enrol(member, session.id, { ...body, ...more })).status).toBe(403)
    }
    expect(
      (await enrol(member, session.id, { ...body, personId: member.personId.toUpperCase() })).status,
    ).toBe(201)
  })

  it('does not see a draft or a private session', async () => {
    for (const facts of [{ status: 'draft' }, { visibility: 'private' }] as const) {
      const session = await aSession(app, facts)
      expect((await enrol(member, session.id)).status).toBe(404)
    }
  })

  it('learns that a session is cancelled, and cannot enrol in it', async () => {
    const session = await aSession(app, { status: 'cancelled' })
    expect((await enrol(member, session.id)).body).toMatchObject({
      status: 409,
      code: 'enrolment/session-not-open',
    })
  })

  it('enrols in a private session of the company they work for, and no other', async () => {
    const company = await aClient(app, 'Coopérative du Port')
    const session = await aSession(app, { visibility: 'private', privateClientId: company })
    const employee = await app.signIn()
    await app.deps.db
      .updateTable('person')
      .set({ employerClientId: company })
      .where('id', '=', employee.personId)
      .execute()
    const ids = async (who: Caller) =>
      (await who.get('/api/sessions?limit=200')).body.items.map((item: { id: string }) => item.id)
    expect((await employee.get(`/api/sessions/${session.id}`)).status).toBe(200)
    expect(await ids(employee)).toContain(session.id)
    expect((await member.get(`/api/sessions/${session.id}`)).status).toBe(404)
    expect(await ids(member)).not.toContain(session.id)
    expect((await enrol(member, session.id)).status).toBe(404)
    expect((await enrol(employee, session.id)).status).toBe(201)
  })

  it('cannot enrol in a closed session', async () => {
    const session = await aSession(app, { status: 'closed' })
    expect(await enrol(member, session.id)).toMatchObject({
      status: 409,
      body: { code: 'enrolment/session-not-open' },
    })
  })

  it('cannot learn in a session that they teach', async () => {
    const trainer = await app.signIn('trainer')
    const session = await aSession(app, { trainer })
    expect(await enrol(trainer, session.id)).toMatchObject({
      status: 409,
      body: { code: 'enrolment/is-trainer' },
    })
    const byAdmin = await enrol(admin, session.id, { ...body, personId: trainer.personId })
    expect(byAdmin.body.code).toBe('enrolment/is-trainer')
  })

  it('who is enrolled already learns so', async () => {
    const session = await aSession(app)
    await enrol(member, session.id)
    expect(await enrol(member, session.id)).toMatchObject({
      status: 409,
      body: { code: 'enrolment/already-enrolled' },
    })
  })

  it('has to sign in first', async () => {
    const session = await aSession(app)
    expect((await enrol(app.anonymous, session.id)).status).toBe(401)
    expect((await app.anonymous.get('/api/me/enrolments')).status).toBe(401)
  })
})

describe('the ambassador of the chapter and the admin', () => {
  it('enrol people of any chapter, in a session of the past too', async () => {
    const session = await aSession(app, { chapterId: lyon, slots: ['2025-11-03 09:00-12:30'] })
    const [someone, another] = await somePeople(app, 2)
    expect((await enrol(ambassador, session.id, { ...body, personId: someone })).status).toBe(201)
    expect((await enrol(admin, session.id, { ...body, personId: another })).status).toBe(201)
  })

  it('enrol somebody who is new, with employer and funding', async () => {
    const session = await aSession(app, { chapterId: lyon })
    const employerClientId = await aClient(app, 'Régie de quartier')
    const created = await enrol(ambassador, session.id, {
      traineeType: 'privateEmployee',
      person: { firstName: 'Yann', lastName: 'Quéméner', email: 'yann@example.org' },
      employerClientId,
      fundingLines: [{ source: 'employer', clientId: employerClientId, amountCents: 45_000 }],
    })
    expect(created).toMatchObject({ status: 201, body: { employerClientId, version: 1 } })
    const funding = await admin.get(`/api/enrolments/${created.body.id}/funding-lines`)
    expect(funding.body).toMatchObject({
      fundingLines: [{ source: 'employer', clientId: employerClientId, amountCents: 45_000 }],
      totalCents: 45_000,
    })
    const person = await admin.get(`/api/people/${created.body.personId}`)
    expect(person.body).toMatchObject({ firstName: 'Yann', lastName: 'Quéméner' })
  })

  it('leave no new person behind when the enrolment is refused', async () => {
    const session = await aSession(app)
    const person = { firstName: 'Fantôme', lastName: 'Personne' }
    const refused = await enrol(admin, session.id, {
      ...body,
      person,
      fundingLines: [{ source: 'employer', clientId: crypto.randomUUID(), amountCents: 1 }],
    })
    expect(refused.status).toBe(422)
    expect((await admin.get('/api/people?q=Fant%C3%B4me')).body.items).toEqual([])
    expect((await stateOf(app, session.id)).size).toBe(0)
  })

  it('of another chapter is a member like others', async () => {
    const paris = await addChapter(app, 'Paris')
    const session = await aSession(app, { chapterId: paris })
    const [someone] = await somePeople(app, 1)
    expect((await enrol(ambassador, session.id, { ...body, personId: someone })).status).toBe(403)
    expect((await enrol(ambassador, session.id)).status).toBe(201)
  })

  it('cannot enrol anybody in a session that is not open', async () => {
    for (const status of ['draft', 'closed', 'cancelled'] as const) {
      const session = await aSession(app, { status })
      expect((await enrol(admin, session.id)).body.code).toBe('enrolment/session-not-open')
    }
  })
})

describe('what is not valid', () => {
  const unknown = '0192d3c4-0000-7000-8000-000000000000'
  const line = { source: 'employer', amountCents: 100 }
  it.for([
    [{}, '/traineeType'],
    [{ traineeType: 'freelance' }, '/traineeType'],
    [{ ...body, zz: 1 }, '/zz'],
    [{ ...body, needs: 'x\u0000' }, '/needs'],
    [{ ...body, answers: { question: [12] } }, '/answers/question'],
    [{ ...body, answers: { question: 'x'.repeat(1_001) } }, '/answers/question'],
    [
      { ...body, answers: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`q${i}`, 'r'])) },
      '/answers',
    ],
    [{ ...body, personId: unknown }, '/personId'],
    [{ ...body, personId: unknown, person: { firstName: 'A', lastName: 'B' } }, '/person'],
    [{ ...body, person: { firstName: 'A' } }, '/person/lastName'],
    [{ ...body, person: { firstName: 'A', lastName: 'B', chapterId: unknown } }, '/person/chapterId'],
    [
      { ...body, person: { firstName: 'A', lastName: 'B', employerClientId: unknown } },
      '/person/employerClientId',
    ],
    [{ ...body, employerClientId: unknown }, '/employerClientId'],
    [{ ...body, fundingLines: [line, { ...line, clientId: unknown }] }, '/fundingLines/1/clientId'],
    [{ ...body, fundingLines: [{ ...line, amountCents: 0 }] }, '/fundingLines/0/amountCents'],
  ] as const)('%j is refused at %s', async ([input, pointer]) => {
    const session = await aSession(app)
    const answer = await enrol(admin, session.id, input)
    expect(answer.status, JSON.stringify(answer.body)).toBe(422)
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
    expect((await stateOf(app, session.id)).size).toBe(0)
  })
})

describe('the accommodation need', () => {
  const needs = 'Une boucle magnétique et des pauses'

  it('is for the learner and the disability contact alone, and each look is on record', async () => {
    const contact = await app.signIn()
    const trainer = await app.signIn('trainer')
    await admin.put('/api/organisation', {
      ...anOrganisation,
      disabilityContactPersonId: contact.personId,
    })
    const session = await aSession(app, { chapterId: lyon, trainer })
    const learner = await app.signIn()
    const { id } = (await enrol(learner, session.id, { ...body, needs })).body
    const path = `/api/enrolments/${id}/needs`
    expect((await learner.get(path)).body).toEqual({ needs })
    expect((await contact.get(path)).body).toEqual({ needs })
    for (const caller of [admin, ambassador, trainer, member])
      expect((await caller.get(path)).status).toBe(404)
    expect((await app.anonymous.get(path)).status).toBe(401)
    const looks = (await auditOf(app, id)).filter((entry) => entry.action === 'enrolment.readNeeds')
    expect(looks).toHaveLength(2)
    // The contact sees the need, not the enrolment.
    expect((await contact.get(`/api/enrolments/${id}`)).status).toBe(404)
  })

  it('shows nowhere else: not in the answers, the lists or the audit', async () => {
    const session = await aSession(app)
    const learner = await app.signIn()
    const created = await enrol(learner, session.id, { ...body, needs })
    const shown = JSON.stringify([
      created.body,
      (await admin.get(`/api/enrolments/${created.body.id}`)).body,
      (await admin.get(`/api/sessions/${session.id}/enrolments`)).body,
      (await learner.get('/api/me/enrolments')).body,
      await auditOf(app, created.body.id),
    ])
    expect(shown).toContain(created.body.id)
    expect(shown).not.toMatch(/boucle|needs/)
  })

  it('is null where nobody named one', async () => {
    const session = await aSession(app)
    const learner = await app.signIn()
    const { id } = (await enrol(learner, session.id)).body
    expect((await learner.get(`/api/enrolments/${id}/needs`)).body).toEqual({ needs: null })
  })
})

describe('the audit', () => {
  it('knows who was enrolled where, and none of their words', async () => {
    const session = await aSession(app)
    const learner = await app.signIn()
    const { id } = (await enrol(learner, session.id, { ...body, answers: { Niveau: 'débutante' } })).body
    await learner.post(`/api/enrolments/${id}/cancel`, { reason: 'Hospitalisation' })
    const entries = await auditOf(app, id)
    expect(entries).toEqual([
      {
        action: 'enrolment.create',
        changes: {
          sessionId: session.id,
          personId: learner.personId,
          status: 'confirmed',
          traineeType: 'other',
          employerClientId: null,
          answers: 'redacted',
        },
      },
      {
        action: 'enrolment.cancel',
        changes: { status: ['confirmed', 'cancelled'], endReason: 'redacted' },
      },
    ])
  })

  it('says nothing when nothing happened', async () => {
    const session = await aSession(app, { status: 'closed' })
    const countEntries = async () =>
      (await app.deps.db.selectFrom('auditEntry').select('id').execute()).length
    const before = await countEntries()
    await enrol(admin, session.id, { ...body, person: { firstName: 'A', lastName: 'B' } })
    expect(await countEntries()).toBe(before)
  })
})

describe('a session after its end', () => {
  it('still takes whom the admin adds, who was there and not on the list', async () => {
    const past = await testApp({ now: afterEnd })
    const admin = await past.signIn('admin')
    const session = await aSession(past)
    const created = await enrol(admin, session.id, {
      ...body,
      person: { firstName: 'Nolwenn', lastName: 'Le Bris' },
    })
    expect(created.body.status).toBe('confirmed')
    await past.close()
  })
})
