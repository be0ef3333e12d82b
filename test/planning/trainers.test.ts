import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import {
  aMorning,
  anAfternoon,
  aSession,
  aTrainer,
  change,
  enrol,
  made,
  type PlanningWorld,
  planningWorld,
  requestSession,
  setStatus,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld()
})
afterAll(() => world.app.close())

const taughtBy = (...personIds: string[]) => ({
  trainers: personIds.map((personId) => ({ personId, engagement: 'internal' })),
})
const doubleBooked = { status: 409, body: { code: 'planning/trainer-double-booked' } }
const accepted = { acceptWarnings: ['planning/trainer-double-booked'] }
const any = { 'if-match': '*' }

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (error) => error,
  )
  return { code: error?.definition.code, ...error?.details }
}

describe('a trainer', () => {
  it('exists and is named once', async () => {
    const trainer = await aTrainer(world.app)
    const missing = await requestSession(world, taughtBy(trainer, newId()))
    expect(missing).toMatchObject({
      status: 422,
      body: { code: 'planning/no-such-trainer', errors: [{ pointer: '/trainers/1/personId' }] },
    })
    const twice = await requestSession(world, taughtBy(trainer, trainer.toUpperCase()))
    expect(twice).toMatchObject({ status: 422, body: { errors: [{ pointer: '/trainers/1/personId' }] } })
  })

  it('is one of twenty at most', async () => {
    const answer = await requestSession(world, taughtBy(...Array.from({ length: 21 }, newId)))
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/trainers' }] } })
  })

  it('is recognised however the id is written', async () => {
    const trainer = await aTrainer(world.app)
    const session = await aSession(world, {
      ...taughtBy(trainer.toUpperCase()),
      slots: [{ ...aMorning, trainerPersonIds: [trainer] }],
    })
    expect(session.slots[0].trainerPersonIds).toEqual([trainer])
  })
})

describe('a trainer booked twice', () => {
  it('is refused with where and when, and passes when the warning is accepted', async () => {
    const trainer = await aTrainer(world.app)
    const first = await aSession(world, { ...taughtBy(trainer), slots: [aMorning] })
    const wanted = { ...taughtBy(trainer), slots: [slot('2026-03-02 12:00-13:00')] }
    const answer = await requestSession(world, wanted)
    expect(answer).toMatchObject(doubleBooked)
    expect(answer.body.conflicts).toEqual([
      {
        personId: trainer,
        sessionId: first.id,
        reference: first.reference,
        startsAt: '2026-03-02T08:00:00Z',
        endsAt: '2026-03-02T11:30:00Z',
      },
    ])
    expect((await requestSession(world, { ...wanted, ...accepted })).status).toBe(201)
  })

  it('is told to an ambassador with when, and not where: that may be a draft of another chapter', async () => {
    const trainer = await aTrainer(world.app)
    await aSession(world, { ...taughtBy(trainer), slots: [aMorning] })
    const chapterId = made(
      await world.admin.post('/api/chapters', { name: 'Nice', city: 'Nice', regionCode: '93' }),
    ).id
    const ambassador = await world.app.signIn({ role: 'ambassador', chapterId })
    const { body } = await ambassador.post('/api/sessions', {
      trainingId: world.trainingId,
      modality: 'onsite',
      chapterId,
      capacity: 8,
      ...taughtBy(trainer),
      slots: [slot('2026-03-02 11:00-13:00')],
    })
    expect(body.code).toBe('planning/trainer-double-booked')
    expect(body.conflicts).toEqual([
      { personId: trainer, startsAt: '2026-03-02T08:00:00Z', endsAt: '2026-03-02T11:30:00Z' },
    ])
  })

  it('is not one who goes from one session to the next', async () => {
    const trainer = await aTrainer(world.app)
    await aSession(world, { ...taughtBy(trainer), slots: [aMorning] })
    const next = { ...taughtBy(trainer), slots: [slot('2026-03-02 12:30-14:00')] }
    expect((await requestSession(world, next)).status).toBe(201)
  })

  it('is seen across time zones', async () => {
    const trainer = await aTrainer(world.app)
    await aSession(world, { ...taughtBy(trainer), slots: [aMorning] })
    const overseas = { ...taughtBy(trainer), timeZone: 'Indian/Reunion' }
    expect((await requestSession(world, { ...overseas, slots: [aMorning] })).body.code).toBe(
      'planning/trainer-double-booked',
    )
    const later = { ...overseas, slots: [slot('2026-03-02 07:00-11:00')] }
    expect((await requestSession(world, later)).status).toBe(201)
  })

  it('is not one whose other session was cancelled', async () => {
    const trainer = await aTrainer(world.app)
    const first = await aSession(world, taughtBy(trainer))
    await setStatus(world, first.id, 'cancelled')
    expect((await requestSession(world, taughtBy(trainer))).status).toBe(201)
  })

  it('counts only the slots that are the trainer’s own', async () => {
    const [maud, other] = [await aTrainer(world.app), await aTrainer(world.app)]
    await aSession(world, {
      ...taughtBy(maud, other),
      slots: [
        { ...aMorning, trainerPersonIds: [other] },
        { ...anAfternoon, trainerPersonIds: [maud] },
      ],
    })
    expect((await requestSession(world, { ...taughtBy(maud), slots: [aMorning] })).status).toBe(201)
    expect(await requestSession(world, { ...taughtBy(maud), slots: [anAfternoon] })).toMatchObject(
      doubleBooked,
    )
  })

  it('is found when a slot is added or moved, and when its trainers change', async () => {
    const [maud, other] = [await aTrainer(world.app), await aTrainer(world.app)]
    await aSession(world, { ...taughtBy(maud), slots: [slot('2026-04-01 09:00-12:00')] })
    const session = await aSession(world, {
      ...taughtBy(maud, other),
      slots: [aMorning, slot('2026-04-01 10:00-11:00', { trainerPersonIds: [other] })],
    })
    const [morning, april] = session.slots
    const added = slot('2026-04-01 11:30-13:00')
    const path = `/api/sessions/${session.id}/slots`
    expect(await world.admin.post(path, added)).toMatchObject(doubleBooked)
    expect(await world.admin.post(path, { ...added, trainerPersonIds: [other] })).toMatchObject({
      status: 201,
    })
    const moved = { date: '2026-04-01', startTime: '08:00', endTime: '09:30' }
    expect(await world.admin.patch(`/api/slots/${morning.id}`, moved, any)).toMatchObject(doubleBooked)
    const both = { trainerPersonIds: [maud, other] }
    expect(await world.admin.patch(`/api/slots/${april.id}`, both, any)).toMatchObject(doubleBooked)
    expect(await world.admin.patch(`/api/slots/${april.id}`, { ...both, ...accepted }, any)).toMatchObject({
      status: 200,
    })
    // Once accepted, it is not asked again for what has nothing to do with it.
    expect(await world.admin.patch(`/api/slots/${april.id}`, { topic: 'À deux' }, any)).toMatchObject({
      status: 200,
    })
  })

  it('is found when the trainer joins a session', async () => {
    const [maud, other] = [await aTrainer(world.app), await aTrainer(world.app)]
    const first = await aSession(world, taughtBy(maud))
    const session = await aSession(world, taughtBy(other))
    const patch = taughtBy(maud, other)
    const problem = await refusal(change(world, session.id, patch))
    expect(problem).toMatchObject({
      code: 'planning/trainer-double-booked',
      extra: { conflicts: [{ sessionId: first.id }, { sessionId: first.id }] },
    })
    await change(world, session.id, { ...patch, ...accepted })
    const again = await change(world, session.id, { trainers: patch.trainers.toReversed() })
    expect(again.trainers.map((trainer) => trainer.personId)).toEqual([other, maud])
  })
})

describe('the trainers of a session', () => {
  it('keep their assignment when they stay, with another engagement', async () => {
    const [maud, other, third] = [
      await aTrainer(world.app),
      await aTrainer(world.app),
      await aTrainer(world.app),
    ]
    const session = await aSession(world, taughtBy(maud, other))
    const assignments = () =>
      world.app.deps.db
        .selectFrom('trainerAssignment')
        .select(['id', 'personId', 'engagement'])
        .where('sessionId', '=', session.id)
        .orderBy('position')
        .execute()
    const before = await assignments()
    await change(world, session.id, {
      trainers: [
        { personId: third, engagement: 'internal' },
        { personId: maud, engagement: 'external' },
      ],
    })
    expect(await assignments()).toEqual([
      { id: expect.any(String), personId: third, engagement: 'internal' },
      { ...before[0], engagement: 'external' },
    ])
  })

  it('do not lose one whom a slot names', async () => {
    const [maud, other] = [await aTrainer(world.app), await aTrainer(world.app)]
    const session = await aSession(world, {
      ...taughtBy(maud, other),
      slots: [{ ...aMorning, trainerPersonIds: [other] }],
    })
    expect(await refusal(change(world, session.id, taughtBy(maud)))).toMatchObject({
      code: 'platform/invalid',
      errors: [{ pointer: '/trainers' }],
    })
    expect((await change(world, session.id, taughtBy(other))).trainers).toMatchObject([{ personId: other }])
  })

  it('are not its learners, unless those have cancelled', async () => {
    const learner = await aTrainer(world.app)
    for (const status of ['confirmed', 'requested', 'waitlisted'] as const) {
      const session = await aSession(world)
      await enrol(world, session.id, learner, status)
      expect(await refusal(change(world, session.id, taughtBy(learner)))).toMatchObject({
        code: 'planning/trainer-is-learner',
        extra: { personIds: [learner] },
      })
      await setStatus(world, session.id, 'cancelled')
    }
    const session = await aSession(world)
    await enrol(world, session.id, learner, 'cancelled')
    expect((await change(world, session.id, taughtBy(learner))).trainers).toHaveLength(1)
  })
})
