import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import {
  afterStart,
  aSession,
  auditOf,
  beforeStart,
  enrolInTurn,
  somePeople,
  stateOf,
} from './enrolment-world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: beforeStart, maxConnections: 20 })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const enrolments = (id: string) => `/api/sessions/${id}/enrolments`

describe('the last seat', () => {
  it('goes to one of 50 who ask for it at once; the others wait at 1 to 49 without hole or double', async () => {
    const session = await aSession(app, { capacity: 1 })
    const members = await Promise.all(Array.from({ length: 50 }, () => app.signIn()))
    const answers = await Promise.all(
      members.map((member) => member.post(enrolments(session.id), { traineeType: 'selfFunded' })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201))
    expect(answers.filter((answer) => answer.body.status === 'confirmed')).toHaveLength(1)
    const waiting = answers.filter((answer) => answer.body.status === 'waitlisted')
    expect(waiting.map((answer) => answer.body.waitlistPosition).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 49 }, (_, index) => index + 1),
    )
    const places = [...(await stateOf(app, session.id)).values()].map((row) => row.waitingPlace)
    expect(new Set(places.filter((place) => place !== null)).size).toBe(49)
  })

  it('goes to as many requests as there are seats where approval is by hand', async () => {
    const session = await aSession(app, { capacity: 3, approval: 'manual' })
    const people = await somePeople(app, 10)
    const answers = await Promise.all(
      people.map((personId) => admin.post(enrolments(session.id), { personId, traineeType: 'other' })),
    )
    const statuses = answers.map((answer) => answer.body.status).sort()
    expect(statuses).toEqual([...Array(3).fill('requested'), ...Array(7).fill('waitlisted')])
  })
})

describe('the same person', () => {
  it('who asks 50 times at once is enrolled once', async () => {
    const session = await aSession(app, { capacity: 5 })
    const member = await app.signIn()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => member.post(enrolments(session.id), { traineeType: 'other' })),
    )
    const refused = answers.filter((answer) => answer.status !== 201)
    expect(refused).toHaveLength(49)
    expect(new Set(refused.map((answer) => answer.body.code))).toEqual(
      new Set(['enrolment/already-enrolled']),
    )
    expect((await stateOf(app, session.id)).size).toBe(1)
  })

  it('may enrol again after cancelling, at the end of the queue', async () => {
    const session = await aSession(app, { capacity: 1 })
    const [first = '', second = ''] = await somePeople(app, 2)
    const [seat] = await enrolInTurn(admin, session.id, [first, second])
    await admin.post(`/api/enrolments/${seat?.id}/cancel`)
    const [again] = await enrolInTurn(admin, session.id, [first])
    expect(again).toMatchObject({ status: 'waitlisted', waitlistPosition: 1 })
  })
})

describe('a seat that becomes free before the first slot', () => {
  it('goes to the first in waiting in the same transaction, and the others move up', async () => {
    const session = await aSession(app, { capacity: 1 })
    const [seat, first, second, third] = await enrolInTurn(admin, session.id, await somePeople(app, 4))
    expect(third?.waitlistPosition).toBe(3)
    const cancelled = await admin.post(`/api/enrolments/${seat?.id}/cancel`)
    expect(cancelled.body).toMatchObject({ status: 'cancelled', waitlistPosition: null })
    const read = async (id = '') => (await admin.get(`/api/enrolments/${id}`)).body
    expect(await read(first?.id)).toMatchObject({
      status: 'confirmed',
      waitlistPosition: null,
      version: 2,
    })
    expect((await read(second?.id)).waitlistPosition).toBe(1)
    expect((await read(third?.id)).waitlistPosition).toBe(2)
    // One transaction: the entries carry the id of the one request that cancelled.
    const entries = await app.deps.db
      .selectFrom('auditEntry')
      .select(['action', 'requestId'])
      .where('subjectId', 'in', [seat?.id ?? '', first?.id ?? ''])
      .where('action', 'in', ['enrolment.cancel', 'enrolment.promote'])
      .execute()
    expect(entries.map((entry) => entry.action).sort()).toEqual(['enrolment.cancel', 'enrolment.promote'])
    expect(new Set(entries.map((entry) => entry.requestId)).size).toBe(1)
  })

  it('stays with the one who leaves if the transaction fails: the audit cannot be written, nothing moves', async () => {
    const session = await aSession(app, { capacity: 1 })
    const enrolled = await enrolInTurn(admin, session.id, await somePeople(app, 2))
    const before = await stateOf(app, session.id)
    const refusePromotions = sql`alter table audit_entry add constraint no_promotion
      check (action <> 'enrolment.promote' or subject_id <> ${sql.lit(enrolled[1]?.id ?? '')}::uuid)`
    await refusePromotions.execute(app.deps.db)
    const answer = await admin.post(`/api/enrolments/${enrolled[0]?.id}/cancel`)
    await sql`alter table audit_entry drop constraint no_promotion`.execute(app.deps.db)
    expect(answer.status).toBe(500)
    expect(await stateOf(app, session.id)).toEqual(before)
  })

  it('becomes a request again where approval is by hand', async () => {
    const session = await aSession(app, { capacity: 1, approval: 'manual' })
    const [request, waiting] = await enrolInTurn(admin, session.id, await somePeople(app, 2))
    await admin.post(`/api/enrolments/${request?.id}/refuse`, { reason: 'Prérequis manquants' })
    expect((await admin.get(`/api/enrolments/${waiting?.id}`)).body.status).toBe('requested')
    expect((await auditOf(app, waiting?.id ?? '')).at(-1)).toMatchObject({
      action: 'enrolment.promote',
      changes: { status: ['waitlisted', 'requested'] },
    })
  })

  it('does not come from somebody in waiting who leaves', async () => {
    const session = await aSession(app, { capacity: 1 })
    const [, first, second] = await enrolInTurn(admin, session.id, await somePeople(app, 3))
    await admin.post(`/api/enrolments/${first?.id}/cancel`)
    expect((await admin.get(`/api/enrolments/${second?.id}`)).body).toMatchObject({
      status: 'waitlisted',
      waitlistPosition: 1,
    })
  })

  it('does not come from an abandonment, since the seat was used', async () => {
    const session = await aSession(app, { capacity: 1 })
    const [seat, waiting] = await enrolInTurn(admin, session.id, await somePeople(app, 2))
    await admin.post(`/api/enrolments/${seat?.id}/abandon`, { on: '2026-03-02', reason: 'Emploi' })
    expect((await admin.get(`/api/enrolments/${waiting?.id}`)).body.status).toBe('waitlisted')
  })
})

describe('a larger room', () => {
  it('seats as many of those in waiting as there is place for, in their order', async () => {
    const session = await aSession(app, { capacity: 1 })
    const [, first, second, third] = await enrolInTurn(admin, session.id, await somePeople(app, 4))
    const path = `/api/sessions/${session.id}`
    const { headers } = await admin.get(path)
    const grown = await admin.patch(path, { capacity: 3 }, { 'if-match': headers.get('etag') ?? '' })
    expect(grown.body).toMatchObject({ capacity: 3, seatsLeft: 0, waitlisted: 1 })
    const state = await stateOf(app, session.id)
    expect([first, second, third].map((enrolment) => state.get(enrolment?.id ?? '')?.status)).toEqual([
      'confirmed',
      'confirmed',
      'waitlisted',
    ])
  })
})

describe('once the first slot has started', () => {
  it('a free seat stays free until somebody is seated by hand', async () => {
    const late = await testApp({ now: beforeStart })
    const admin = await late.signIn('admin')
    const session = await aSession(late, { capacity: 1 })
    const [seat, first, second] = await enrolInTurn(admin, session.id, await somePeople(late, 3))
    const confirm = (id = '') => admin.post(`/api/enrolments/${id}/confirm`)
    expect((await confirm(second?.id)).body.code).toBe('enrolment/no-seat-left')
    late.setNow(afterStart)
    await admin.post(`/api/enrolments/${seat?.id}/cancel`)
    expect((await stateOf(late, session.id)).get(first?.id ?? '')?.status).toBe('waitlisted')
    const path = `/api/sessions/${session.id}`
    await admin.patch(path, { place: 'Salle 2' }, { 'if-match': '*' })
    expect((await stateOf(late, session.id)).get(first?.id ?? '')?.status).toBe('waitlisted')

    const [newcomer] = await enrolInTurn(admin, session.id, await somePeople(late, 1))
    expect(newcomer).toMatchObject({ status: 'waitlisted', waitlistPosition: 3 })
    expect((await confirm(second?.id)).body.status).toBe('confirmed')
    expect((await confirm(first?.id)).body.code).toBe('enrolment/no-seat-left')
    await late.close()
  })

  it.for([
    { timeZone: 'Indian/Reunion', start: '2026-03-02T05:00:00Z' },
    { timeZone: 'America/Martinique', start: '2026-03-02T13:00:00Z' },
    { timeZone: 'Europe/Paris', start: '2026-03-02T08:00:00Z' },
  ])('which is 9:00 on the clock of $timeZone, a member comes too late', async ({ timeZone, start }) => {
    const overseas = await testApp({ now: start })
    const session = await aSession(overseas, { timeZone })
    const [early, late] = [await overseas.signIn(), await overseas.signIn()]
    const body = { traineeType: 'other' }
    const refused = await late.post(enrolments(session.id), body)
    expect(refused).toMatchObject({ status: 409, body: { code: 'enrolment/session-started' } })
    overseas.setNow(Temporal.Instant.from(start).subtract({ milliseconds: 1 }).toString())
    expect((await early.post(enrolments(session.id), body)).status).toBe(201)
    await overseas.close()
  })
})
