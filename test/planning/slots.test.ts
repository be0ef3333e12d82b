import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canMove } from '../../src/planning/planning.rules.ts'
import { sessionStatuses } from '../../src/planning/planning.schema.ts'
import { newId } from '../../src/platform/ids.ts'
import {
  aMorning,
  anOpenSession,
  aSession,
  aTrainer,
  change,
  enrol,
  lastAudit,
  made,
  type PlanningWorld,
  planningWorld,
  setStatus,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld()
})
afterAll(() => world.app.close())

const any = { 'if-match': '*' }

/** The learner was there, as attendance writes it down. */
async function mark(sessionId: string, slotId: string): Promise<void> {
  const { db } = world.app.deps
  const enrolmentId = await enrol(world, sessionId, await aTrainer(world.app))
  const now = world.app.system.now()
  const event = { id: newId(), sessionId, slotId, enrolmentId, recordedAt: now, recordedBy: null }
  await db
    .insertInto('attendanceEvent')
    .values({
      ...event,
      sequence: 1,
      kind: 'mark',
      body: '{}',
      payloadHash: null,
      previousHash: '',
      hash: newId(),
    })
    .execute()
  await db.insertInto('ledgerHead').values({ sessionId, sequence: 1, hash: newId() }).execute()
  await db
    .insertInto('attendanceMark')
    .values({
      slotId,
      enrolmentId,
      sessionId,
      status: 'present',
      attendedMinutes: 210,
      reasonCode: null,
      justified: null,
      heldOn: '2026-03-02',
      kind: 'onsite',
      eventId: event.id,
      markedAt: now,
      decidedAt: now,
    })
    .execute()
}

describe('a slot added', () => {
  it('belongs to the session, which now ends with it', async () => {
    const session = await anOpenSession(world)
    const answer = await world.admin.post(
      `/api/sessions/${session.id}/slots`,
      slot('2026-03-29 00:30-08:30', { topic: 'Nuit du code' }),
    )
    expect(answer.status).toBe(201)
    expect(answer.headers.get('etag')).toMatch(/^"1-/)
    expect(answer.body).toMatchObject({
      sessionId: session.id,
      date: '2026-03-29',
      durationMinutes: 420,
      topic: 'Nuit du code',
      trainerPersonIds: session.trainers.map((trainer: { personId: string }) => trainer.personId),
    })
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({ version: session.version + 1, endsOn: '2026-03-29' })
    expect(body.slots).toHaveLength(3)
    expect(await lastAudit(world, answer.body.id)).toMatchObject({ action: 'slot.create' })
  })

  it('must not overlap those that are there, nor lie in no time', async () => {
    const session = await aSession(world)
    const path = `/api/sessions/${session.id}/slots`
    expect(await world.admin.post(path, slot('2026-03-02 12:00-13:00'))).toMatchObject({
      status: 422,
      body: { code: 'planning/slots-overlap', errors: [{ pointer: '' }] },
    })
    expect(await world.admin.post(path, slot('2026-03-29 02:30-04:00'))).toMatchObject({
      status: 422,
      body: { code: 'planning/no-such-local-time', errors: [{ pointer: '/startTime' }] },
    })
    expect(await world.admin.post(path, slot('2026-03-05 12:00-09:00'))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/endTime' }] },
    })
    expect(
      await world.admin.post(path, slot('2026-03-05 09:00-12:00', { trainerPersonIds: [newId()] })),
    ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/trainerPersonIds/0' }] } })
  })

  it('is the same slot, in whatever case its id is written', async () => {
    const session = await aSession(world)
    const path = `/api/slots/${session.slots[0].id.toUpperCase()}`
    expect(await world.admin.patch(path, { topic: 'Mesurer' }, any)).toMatchObject({
      status: 200,
      body: { id: session.slots[0].id, topic: 'Mesurer' },
    })
  })

  it('is the two hundredth at most', async () => {
    const slots = Array.from({ length: 200 }, (_, day) => ({
      ...aMorning,
      date: Temporal.PlainDate.from('2027-01-01').add({ days: day }).toString(),
    }))
    const session = await aSession(world, { slots })
    const answer = await world.admin.post(`/api/sessions/${session.id}/slots`, aMorning)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'too-many' }] } })
  })

  it('may have trainers of its own, in the order of the session', async () => {
    const [first, second] = [await aTrainer(world.app), await aTrainer(world.app)]
    const session = await aSession(world, {
      trainers: [first, second].map((personId) => ({ personId, engagement: 'internal' })),
      slots: [{ ...aMorning, trainerPersonIds: [second] }],
    })
    expect(session.slots[0].trainerPersonIds).toEqual([second])
    const all = made(
      await world.admin.post(
        `/api/sessions/${session.id}/slots`,
        slot('2026-03-02 14:00-17:00', { trainerPersonIds: [] }),
      ),
    )
    expect(all.trainerPersonIds).toEqual([first, second])
  })
})

describe('a slot read', () => {
  it('gives the ETag with which it is changed', async () => {
    const session = await anOpenSession(world)
    const path = `/api/slots/${session.slots[0].id}`
    const read = await world.admin.get(path)
    expect(read.body).toEqual(session.slots[0])
    const etag = read.headers.get('etag') ?? ''
    expect((await world.admin.patch(path, { topic: 'Mesurer' }, { 'if-match': etag })).status).toBe(200)
    expect((await world.admin.patch(path, { topic: 'Agir' }, { 'if-match': etag })).status).toBe(412)
  })
})

describe('a slot moved', () => {
  it('takes its date and times together with what is said anew, on the session’s clock', async () => {
    const session = await aSession(world, { timeZone: 'Indian/Reunion' })
    const [morning] = session.slots
    const answer = await world.admin.patch(
      `/api/slots/${morning.id}`,
      { date: '2026-03-03', endTime: '12:00', place: 'Salle 3' },
      { 'if-match': '"1"' },
    )
    expect(answer).toMatchObject({
      status: 200,
      body: {
        version: 2,
        date: '2026-03-03',
        startTime: '09:00',
        endTime: '12:00',
        startsAt: '2026-03-03T05:00:00Z',
        durationMinutes: 180,
        place: 'Salle 3',
      },
    })
    expect(answer.headers.get('etag')).toMatch(/^"2-/)
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({ version: 2, startsOn: '2026-03-02', endsOn: '2026-03-03' })
    expect(await lastAudit(world, morning.id)).toMatchObject({
      action: 'slot.change',
      changes: { date: ['2026-03-02', '2026-03-03'], endTime: ['12:30', '12:00'], place: [null, 'Salle 3'] },
    })
  })

  it('changes its half-day with its start', async () => {
    const session = await aSession(world, { slots: [aMorning] })
    const path = `/api/slots/${session.slots[0].id}`
    expect(made(await world.admin.patch(path, { startTime: '12:00' }, any)).halfDay).toBe('afternoon')
    const evening = { startTime: '18:00', endTime: '20:00' }
    expect(made(await world.admin.patch(path, evening, any)).halfDay).toBe('evening')
  })

  it('may touch where it was, and not its neighbour', async () => {
    const session = await aSession(world)
    const path = `/api/slots/${session.slots[0].id}`
    expect((await world.admin.patch(path, { endTime: '13:00' }, any)).status).toBe(200)
    expect(await world.admin.patch(path, { endTime: '14:01' }, any)).toMatchObject({
      status: 422,
      body: { code: 'planning/slots-overlap' },
    })
    expect(await world.admin.patch(path, { endTime: '08:00' }, any)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/endTime' }] },
    })
  })

  it('says what it is about, and no longer when that is taken back', async () => {
    const session = await aSession(world, { slots: [{ ...aMorning, topic: 'Mesurer', modality: 'remote' }] })
    const path = `/api/slots/${session.slots[0].id}`
    const after = made(await world.admin.patch(path, { topic: null, modality: null }, any))
    expect(after).toMatchObject({ topic: null, modality: null, startTime: '09:00', version: 2 })
  })

  it('takes other trainers, and all of them again', async () => {
    const [first, second] = [await aTrainer(world.app), await aTrainer(world.app)]
    const session = await aSession(world, {
      trainers: [first, second].map((personId) => ({ personId, engagement: 'internal' })),
    })
    const path = `/api/slots/${session.slots[0].id}`
    const trainersAfter = async (trainerPersonIds: string[]) =>
      made(await world.admin.patch(path, { trainerPersonIds }, any)).trainerPersonIds
    expect(await trainersAfter([second])).toEqual([second])
    expect(await trainersAfter([])).toEqual([first, second])
    // Naming both is a choice: a third trainer of the session does not come to this slot.
    expect(await trainersAfter([first, second])).toEqual([first, second])
    const third = await aTrainer(world.app)
    const trainers = [first, second, third].map((personId) => ({ personId, engagement: 'internal' }))
    const { slots } = await change(world, session.id, { trainers })
    expect(slots.map((slot) => slot.trainerPersonIds)).toEqual([
      [first, second],
      [first, second, third],
    ])
  })

  it('stays as it is when nothing is new', async () => {
    const session = await aSession(world)
    const path = `/api/slots/${session.slots[0].id}`
    const answer = await world.admin.patch(path, { date: '2026-03-02', startTime: '09:00' }, any)
    expect(answer).toMatchObject({ status: 200, body: { version: 1 } })
    expect((await world.admin.get(`/api/sessions/${session.id}`)).body.version).toBe(1)
  })

  it('needs the version that was read', async () => {
    const session = await aSession(world)
    const path = `/api/slots/${session.slots[0].id}`
    expect((await world.admin.patch(path, { topic: 'A' })).status).toBe(428)
    expect((await world.admin.patch(path, { topic: 'A' }, { 'if-match': '"7"' })).status).toBe(412)
    expect((await world.admin.patch(path, { topic: 'A' }, { 'if-match': '"1"' })).status).toBe(200)
    expect((await world.admin.patch(path, { topic: 'B' }, { 'if-match': '"1"' })).status).toBe(412)
  })

  it('leaves the minutes that were attended as they were', async () => {
    const session = await anOpenSession(world)
    await mark(session.id, session.slots[0].id)
    const moved = await world.admin.patch(`/api/slots/${session.slots[0].id}`, { endTime: '10:00' }, any)
    expect(moved).toMatchObject({ status: 200, body: { durationMinutes: 60 } })
    const marks = await world.app.deps.db
      .selectFrom('attendanceMark')
      .select(['attendedMinutes', 'heldOn'])
      .where('sessionId', '=', session.id)
      .execute()
    expect(marks).toEqual([{ attendedMinutes: 210, heldOn: '2026-03-02' }])
  })
})

describe('a slot taken away', () => {
  it('is gone, and the session begins with the next', async () => {
    const trainer = await aTrainer(world.app)
    const session = await aSession(world, {
      trainers: [{ personId: trainer, engagement: 'internal' }],
      slots: [{ ...aMorning, trainerPersonIds: [trainer] }, slot('2026-03-04 09:00-12:00')],
    })
    const [first] = session.slots
    expect((await world.admin.delete(`/api/slots/${first.id}`)).status).toBe(204)
    expect((await world.admin.delete(`/api/slots/${first.id}`)).status).toBe(404)
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({ version: 2, startsOn: '2026-03-04', slots: [{ date: '2026-03-04' }] })
    expect(await lastAudit(world, first.id)).toMatchObject({ action: 'slot.delete' })
  })

  it('leaves a session without dates when it was the last', async () => {
    const session = await aSession(world, { slots: [aMorning] })
    expect((await world.admin.delete(`/api/slots/${session.slots[0].id}`)).status).toBe(204)
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({ firstSlotStartsAt: null, lastSlotEndsAt: null, slots: [] })
  })

  it('stays when it is the last of an open session, which could not have been opened without it', async () => {
    const session = await anOpenSession(world, { slots: [aMorning] })
    const answer = await world.admin.delete(`/api/slots/${session.slots[0].id}`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'planning/not-ready', missing: ['slots'] } })
    expect((await world.admin.get(`/api/sessions/${session.id}`)).body.slots).toHaveLength(1)
  })

  it('stays when someone was marked in it', async () => {
    const session = await anOpenSession(world)
    await mark(session.id, session.slots[0].id)
    expect(await world.admin.delete(`/api/slots/${session.slots[0].id}`)).toMatchObject({
      status: 409,
      body: { code: 'planning/slot-has-marks' },
    })
    expect((await world.admin.delete(`/api/slots/${session.slots[1].id}`)).status).toBe(204)
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body.slots).toMatchObject([{ id: session.slots[0].id }])
  })
})

describe('in every state of a session', () => {
  const verbs = {
    'a slot is added': (session: { id: string }) =>
      world.admin.post(`/api/sessions/${session.id}/slots`, slot('2026-03-05 09:00-12:00')),
    'a slot is moved': (session: { slots: { id: string }[] }) =>
      world.admin.patch(`/api/slots/${session.slots[0]?.id}`, { endTime: '12:00' }, any),
    'a slot is taken away': (session: { slots: { id: string }[] }) =>
      world.admin.delete(`/api/slots/${session.slots[1]?.id}`),
    'it is opened': (session: { id: string }) => world.admin.post(`/api/sessions/${session.id}/open`),
    'it is changed': async (session: { id: string }) =>
      change(world, session.id, { capacity: 11 }).then(
        () => ({ status: 200, body: {} }),
        (error) => ({ status: error.definition.status, body: error.definition }),
      ),
  }
  const cases = sessionStatuses.flatMap((status) =>
    Object.entries(verbs).map(([name, verb]) => {
      const isAllowed =
        name === 'it is opened' ? status === 'draft' : status === 'draft' || canMove(status, 'closed')
      return { status, name, verb, isAllowed }
    }),
  )
  it.each(cases)('$status: $name → $isAllowed', async ({ status, verb, isAllowed }) => {
    const session = await anOpenSession(world)
    await setStatus(world, session.id, status)
    const answer = await verb(session)
    if (isAllowed) expect(answer.status).toBeLessThan(300)
    else expect(answer).toMatchObject({ status: 409, body: { code: 'planning/wrong-status' } })
  })
})
