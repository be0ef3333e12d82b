import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addSession, addTrainer, type SessionFacts, type WorldSession } from '../support/world.ts'
import { countersign, sign } from './sealing-world.ts'

const now = '2026-03-04T15:00:00Z'

let app: TestApp
let admin: Caller
let trainer: Caller
let otherTrainer: Caller

beforeAll(async () => {
  app = await testApp({ now })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  otherTrainer = await app.signIn('trainer')
})
afterAll(() => app.close())

const session = (facts: SessionFacts = {}) => addSession(app, { trainer, learners: 2, ...facts })

async function markAll(held: WorldSession, slot: number, status = 'present') {
  const { status: answered } = await trainer.put(`/api/slots/${held.slots[slot]?.id}/attendance`, {
    marks: held.learners.map(({ enrolmentId }) => ({ enrolmentId, status })),
  })
  expect(answered).toBe(200)
}

async function heldSession(facts: SessionFacts = {}) {
  const held = await session(facts)
  for (const slot of held.slots.keys()) await markAll(held, slot)
  return held
}

const slotOf = (held: WorldSession, slot = 0) => `/api/slots/${held.slots[slot]?.id}`
const change = (held: WorldSession, patch: object, slot = 0) =>
  admin.patch(
    slotOf(held, slot),
    { acceptWarnings: ['planning/trainer-double-booked'], ...patch },
    { 'if-match': '*' },
  )
const cancel = (held: WorldSession, slot = 0) =>
  admin.post(`${slotOf(held, slot)}/cancel`, { reason: 'Coupure d’électricité' })
const close = (held: WorldSession) => admin.post(`/api/sessions/${held.id}/close`)
const sheetOf = async (held: WorldSession) => (await admin.get(`/api/sessions/${held.id}/attendance`)).body

async function changesOf(held: WorldSession) {
  const rows = await app.deps.db
    .selectFrom('attendanceEvent')
    .select('body')
    .where('sessionId', '=', held.id)
    .where('kind', '=', 'slotChange')
    .orderBy('sequence')
    .execute()
  return rows.map(({ body }) => JSON.parse(body))
}

describe('a half-day that is moved', () => {
  it('leaves no trace in the ledger while nothing was recorded in it', async () => {
    const held = await session()
    expect((await change(held, { startTime: '09:30' })).status).toBe(200)
    expect(await changesOf(held)).toEqual([])
  })

  it.each([
    ['with its reason', { reason: 'Fini plus tôt' }],
    ['also without a reason', {}],
  ])('after it was marked stays in the ledger as it was and as it became, %s', async (_, why) => {
    const held = await heldSession()
    expect((await change(held, { endTime: '12:00', ...why })).status).toBe(200)
    expect(await changesOf(held)).toMatchObject([
      {
        slotId: held.slots[0]?.id,
        before: { startsAt: '2026-03-02T08:00:00Z', endsAt: '2026-03-02T11:30:00Z', isCancelled: false },
        after: { startsAt: '2026-03-02T08:00:00Z', endsAt: '2026-03-02T11:00:00Z' },
      },
    ])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('leaves the ledger alone for what is not evidence, such as its topic', async () => {
    const held = await heldSession()
    expect((await change(held, { topic: 'Mesurer' })).status).toBe(200)
    expect(await changesOf(held)).toEqual([])
  })

  it('keeps the minutes of its marks, and is marked again where they no longer fit before the session closes', async () => {
    const held = await heldSession()
    await change(held, { endTime: '12:00', reason: 'Fini plus tôt' })
    const sheet = await sheetOf(held)
    expect(sheet.learners[0].attendedMinutes).toBe(420)
    expect(sheet.conflicts.map(({ kind }: { kind: string }) => kind)).toEqual([
      'half-day-moved',
      'half-day-moved',
    ])
    const refused = await close(held)
    expect(refused.status).toBe(409)
    expect(refused.body.missing.marks).toHaveLength(2)
    await markAll(held, 0)
    expect((await sheetOf(held)).learners[0].attendedMinutes).toBe(390)
    expect((await close(held)).status).toBe(200)
  })

  it('to another day is marked again as well, and as long as it was on the same day is not', async () => {
    const sameDay = await heldSession()
    await change(sameDay, { startTime: '08:30', endTime: '12:00', reason: 'Commencé plus tôt' })
    expect((await close(sameDay)).status).toBe(200)
    const otherDay = await heldSession()
    await change(otherDay, { date: '2026-03-03', reason: 'Date saisie de travers' })
    expect((await close(otherDay)).body.missing.marks).toHaveLength(2)
  })

  it('is not, once it is sealed', async () => {
    const held = await heldSession()
    await seal(held)
    expect(await change(held, { endTime: '12:00', reason: 'Fini plus tôt' })).toMatchObject({
      status: 409,
      body: { code: 'attendance/sheet-sealed' },
    })
    expect(await cancel(held)).toMatchObject({ status: 409, body: { code: 'attendance/sheet-sealed' } })
  })

  it('is marked again when it turns out to have been held at a distance', async () => {
    const held = await heldSession({ learners: 1, slots: ['2026-03-02 09:00-12:30'] })
    await change(held, { modality: 'remote', reason: 'Tenue en visioconférence' })
    expect((await close(held)).body.missing.marks).toHaveLength(1)
    await markAll(held, 0)
    expect((await sheetOf(held)).learners[0].attendedLines).toMatchObject({ synchronousMinutes: 210 })
    expect((await close(held)).status).toBe(200)
  })

  it('never begins after somebody has signed for it, and is cancelled instead', async () => {
    const held = await session({ slots: ['2026-03-04 09:00-12:30', '2026-03-04 14:00-17:30'] })
    app.setNow('2026-03-04T08:05:00Z')
    expect((await sign(trainer, held)).status).toBe(201)
    expect((await countersign(trainer, held)).status).toBe(200)
    app.setNow(now)
    const reason = 'Formateur malade'
    for (const later of [
      { date: '2026-03-11' },
      { startTime: '18:00', endTime: '21:30' },
      { startTime: '09:30' },
    ])
      expect(await change(held, { ...later, reason })).toMatchObject({
        status: 409,
        body: { code: 'attendance/signed-before' },
      })
    expect((await change(held, { startTime: '08:30', reason })).status).toBe(200)
    expect((await change(held, { startTime: '09:00', reason })).status).toBe(200)
    expect((await cancel(held)).status).toBe(200)
  })

  it('is marked again when its marks were made before it begins', async () => {
    const held = await session({ slots: ['2026-03-04 09:00-12:30', '2026-03-04 14:00-15:00'], learners: 1 })
    await markAll(held, 0)
    await markAll(held, 1)
    const evening = { startTime: '18:30', endTime: '22:00', reason: 'Formateur malade' }
    expect((await change(held, evening)).status).toBe(200)
    app.setNow('2026-03-04T21:30:00Z')
    const refused = await close(held)
    await markAll(held, 0)
    const closed = await close(held)
    app.setNow(now)
    expect(refused.body.missing.marks).toHaveLength(1)
    expect(closed.status).toBe(200)
  })

  it('behind the ledger’s back is found, and named', async () => {
    const held = await heldSession()
    await change(held, { endTime: '12:00', reason: 'Fini plus tôt' })
    await app.deps.db
      .updateTable('slot')
      .set({ endsAt: Temporal.Instant.from('2026-03-02T11:30:00Z') })
      .where('id', '=', held.slots[0]?.id ?? '')
      .execute()
    expect(await verifySessionLedger(app.deps.db, held.id)).toMatchObject({
      code: 'slot-differs',
      sequence: 5,
      detail: expect.stringContaining(`the slot ${held.slots[0]?.id}`),
    })
  })
})

/** As a row; how a half-day is sealed is told elsewhere. */
async function seal(held: WorldSession) {
  const slotId = held.slots[0]?.id ?? ''
  const event = await app.deps.db
    .selectFrom('attendanceEvent')
    .select('id')
    .where('slotId', '=', slotId)
    .executeTakeFirstOrThrow()
  await app.deps.db
    .insertInto('slotSeal')
    .values({
      slotId,
      sessionId: held.id,
      sealedAt: Temporal.Instant.from('2026-03-02T17:00:00Z'),
      trainerPersonId: trainer.personId,
      eventId: event.id,
    })
    .execute()
}

describe('a half-day that is cancelled', () => {
  it('counts nowhere any more, though all that was recorded stays', async () => {
    const held = await heldSession()
    const answer = await cancel(held)
    expect(answer).toMatchObject({ status: 200, body: { cancelledAt: now } })
    const sheet = await sheetOf(held)
    expect(sheet.learners[0]).toMatchObject({ attendedMinutes: 210, plannedMinutes: 210 })
    expect(sheet.learners[0].marks).toHaveLength(2)
    expect(await changesOf(held)).toMatchObject([
      { before: { isCancelled: false }, after: { isCancelled: true } },
    ])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('is nothing that the BPF counts, neither for learners nor for trainers', async () => {
    const year = '/api/reports/bpf?from=2024-01-01&to=2024-12-31'
    const held = await heldSession({ slots: ['2024-03-04 09:00-12:00', '2024-03-04 13:00-15:00'] })
    await cancel(held)
    const { body } = await admin.get(year)
    expect(body.frames.E.internal).toMatchObject({ count: 1, hours: 2 })
    expect(body.frames.F1.total).toMatchObject({ hours: 4 })
  })

  it('is asked for at closing no more, and another may take its place', async () => {
    const held = await session()
    await markAll(held, 0)
    await cancel(held, 1)
    const added = await admin.post(`/api/sessions/${held.id}/slots`, {
      date: '2026-03-02',
      startTime: '15:00',
      endTime: '16:00',
      acceptWarnings: ['planning/trainer-double-booked'],
    })
    expect(added.status).toBe(201)
    const { body } = await admin.get(`/api/sessions/${held.id}`)
    expect(body.lastSlotEndsAt).toBe('2026-03-02T15:00:00Z')
    const marks = held.learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' }))
    await trainer.put(`/api/slots/${added.body.id}/attendance`, { marks })
    expect((await close(held)).status).toBe(200)
  })

  it('takes no mark and no change, is cancelled once, and is never the last of an open session', async () => {
    const held = await session()
    await cancel(held)
    const marks = [{ enrolmentId: held.learners[0]?.enrolmentId, status: 'present' }]
    for (const answer of [
      await trainer.put(`${slotOf(held)}/attendance`, { marks }),
      await change(held, { topic: 'Mesurer' }),
      await cancel(held),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'planning/slot-cancelled' } })
    expect(await cancel(held, 1)).toMatchObject({ status: 409, body: { code: 'planning/not-ready' } })
  })
})

describe('a session of which a half-day is sealed', () => {
  it('says no longer that it is held elsewhere or otherwise, but for half-days that are still to come', async () => {
    const held = await heldSession()
    const patch = (fields: object) => admin.patch(`/api/sessions/${held.id}`, fields, { 'if-match': '*' })
    expect((await patch({ place: 'Salle 2' })).status).toBe(200)
    await seal(held)
    for (const [field, value] of [
      ['place', 'Salle 3'],
      ['modality', 'remote'],
    ] as const)
      expect(await patch({ [field]: value })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: `/${field}`, code: 'sealed' }] },
      })
    expect((await patch({ place: 'Salle 2', modality: 'hybrid', capacity: 50 })).status).toBe(200)
    expect((await change(held, { place: 'Salle 3' }, 1)).status).toBe(200)
  })
})

describe('a trainer who is replaced', () => {
  it('in a half-day that was marked is kept by the ledger beside the new one', async () => {
    const held = await heldSession()
    await addTrainer(app, held.id, otherTrainer.personId)
    const patch = { trainerPersonIds: [otherTrainer.personId], reason: 'Formateur malade' }
    expect((await change(held, patch)).status).toBe(200)
    expect(await changesOf(held)).toMatchObject([
      {
        before: { trainerPersonIds: [trainer.personId, otherTrainer.personId].sort() },
        after: { trainerPersonIds: [otherTrainer.personId] },
      },
    ])
  })

  it('in the session stays the trainer of the half-days held so far, and cannot be taken out of them', async () => {
    const held = await session()
    await markAll(held, 0)
    const trainers = [trainer, otherTrainer].map(({ personId }) => ({ personId, engagement: 'internal' }))
    const acceptWarnings = ['planning/trainer-double-booked']
    const patch = (named: object[]) =>
      admin.patch(`/api/sessions/${held.id}`, { trainers: named, acceptWarnings }, { 'if-match': '*' })
    expect((await patch(trainers)).status).toBe(200)
    const { body } = await admin.get(`/api/sessions/${held.id}`)
    expect(body.slots[0].trainerPersonIds).toEqual([trainer.personId])
    expect(body.slots[1].trainerPersonIds).toEqual([trainer.personId, otherTrainer.personId])
    expect(await patch(trainers.slice(1))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/trainers', code: 'still-in-slot' }] },
    })
  })
})

describe('a learner who joins on the way', () => {
  const slots = ['2026-03-03 09:00-12:30', '2026-03-04 14:00-17:30', '2026-03-05 09:00-12:00']

  it('is not expected in the half-days begun before, nor are these planned for them', async () => {
    const held = await session({ slots, learners: 1 })
    const person = { firstName: 'Inès', lastName: 'Zola' }
    const late = await admin.post(`/api/sessions/${held.id}/enrolments`, { person, traineeType: 'other' })
    expect(late).toMatchObject({ status: 201, body: { status: 'confirmed' } })
    const [first, second] = (await sheetOf(held)).learners
    expect([first.plannedMinutes, second.plannedMinutes]).toEqual([600, 180])
    app.setNow('2026-03-05T18:00:00Z')
    const { body } = await close(held)
    app.setNow(now)
    expect(body.missing.marks.map((mark: { name: string }) => mark.name.split(' ')[0])).toEqual([
      'Alix',
      'Alix',
      'Alix',
      'Inès',
    ])
  })

  it('was expected in a half-day where they were there all the same', async () => {
    const held = await session({ slots, learners: 0 })
    const person = { firstName: 'Inès', lastName: 'Zola' }
    const { body } = await admin.post(`/api/sessions/${held.id}/enrolments`, { person, traineeType: 'other' })
    await trainer.put(`${slotOf(held, 1)}/attendance`, {
      marks: [{ enrolmentId: body.id, status: 'partial', arrivedAt: '15:00' }],
    })
    expect((await sheetOf(held)).learners[0]).toMatchObject({ attendedMinutes: 150, plannedMinutes: 390 })
  })

  it('is expected everywhere when the session was over before anybody wrote it down', async () => {
    const held = await session({ learners: 0 })
    const person = { firstName: 'Inès', lastName: 'Zola' }
    await admin.post(`/api/sessions/${held.id}/enrolments`, { person, traineeType: 'other' })
    expect((await close(held)).body.missing.marks).toHaveLength(2)
  })

  it('by the date of their start is not expected on the days before', async () => {
    const held = await session({ slots: ['2026-03-02 09:00-12:30', '2026-03-03 09:00-12:30'], learners: 1 })
    const [learner] = held.learners
    await admin.patch(
      `/api/enrolments/${learner?.enrolmentId}`,
      { startedOn: '2026-03-03' },
      { 'if-match': '*' },
    )
    await markAll(held, 1)
    expect((await close(held)).status).toBe(200)
  })
})
