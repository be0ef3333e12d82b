import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slotsOverlap } from '../../src/planning/planning.problems.ts'
import { findSession } from '../../src/planning/session.queries.ts'
import { addSlots } from '../../src/planning/slot.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { Answer } from '../support/app.ts'
import {
  aMorning,
  anAfternoon,
  aSession,
  aTrainer,
  change,
  type PlanningWorld,
  planningWorld,
  publishedTraining,
  requestSession,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld({ maxConnections: 20 })
})
afterAll(() => world.app.close())

const fifty = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 50 }, (_, index) => work(index)))

function counted(answers: Pick<Answer, 'status'>[]): Record<string, number> {
  const byStatus = Map.groupBy(answers, (answer) => String(answer.status))
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, all.length]))
}

const taughtBy = (personId: string) => ({ trainers: [{ personId, engagement: 'internal' }] })

describe('fifty at once', () => {
  it('sessions of one training and day get fifty references without a hole', async () => {
    const trainingId = await publishedTraining(world.admin, 'COURSE')
    const answers = await fifty(() => requestSession(world, { trainingId }))
    expect(counted(answers)).toEqual({ 201: 50 })
    const references = answers.map((answer) => answer.body.reference)
    const expected = Array.from({ length: 50 }, (_, index) =>
      index === 0 ? 'COURSE-2026-03-02' : `COURSE-2026-03-02-${index + 1}`,
    )
    expect(references.toSorted()).toEqual(expected.toSorted())
  })

  it('sessions under one given reference are one', async () => {
    const answers = await fifty((index) => requestSession(world, { reference: index % 2 ? 'Une' : 'UNE' }))
    expect(counted(answers)).toEqual({ 201: 1, 409: 49 })
  })

  it('sessions with the same trainer at the same time are one, and nothing is left of the others', async () => {
    const trainer = await aTrainer(world.app)
    const answers = await fifty(() => requestSession(world, taughtBy(trainer)))
    expect(counted(answers)).toEqual({ 201: 1, 409: 49 })
    expect(new Set(answers.map((answer) => answer.body.code))).toEqual(
      new Set([undefined, 'planning/trainer-double-booked']),
    )
    const { body } = await world.admin.get(`/api/sessions?trainerPersonId=${trainer}`)
    expect(body.items).toHaveLength(1)
  })

  it('sessions with the same two trainers, named in either order, do not block one another', async () => {
    const [first, second] = [await aTrainer(world.app), await aTrainer(world.app)]
    const named = (...ids: string[]) => ids.map((personId) => ({ personId, engagement: 'internal' }))
    const answers = await fifty((index) =>
      requestSession(world, { trainers: index % 2 ? named(first, second) : named(second, first) }),
    )
    expect(counted(answers)).toEqual({ 201: 1, 409: 49 })
  })

  it('slots that overlap in one session are one', async () => {
    const session = await aSession(world, { slots: [] })
    const answers = await fifty(() => world.admin.post(`/api/sessions/${session.id}/slots`, aMorning))
    expect(counted(answers)).toEqual({ 201: 1, 422: 49 })
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({ version: 2, slots: [{ date: '2026-03-02' }] })
  })

  it('slots side by side are all there, and the session begins and ends with the outermost', async () => {
    const session = await aSession(world, { slots: [] })
    const answers = await fifty((index) => {
      const minute = String(index).padStart(2, '0')
      const next = String(index + 1).padStart(2, '0')
      return world.admin.post(`/api/sessions/${session.id}/slots`, slot(`2026-03-02 09:${minute}-09:${next}`))
    })
    expect(counted(answers)).toEqual({ 201: 50 })
    const { body } = await world.admin.get(`/api/sessions/${session.id}`)
    expect(body).toMatchObject({
      version: 51,
      firstSlotStartsAt: '2026-03-02T08:00:00Z',
      lastSlotEndsAt: '2026-03-02T08:50:00Z',
    })
  })

  it('moves of one slot from the same version are one', async () => {
    const session = await aSession(world, { slots: [anAfternoon] })
    const answers = await fifty((index) =>
      world.admin.patch(
        `/api/slots/${session.slots[0].id}`,
        { topic: `Sujet ${index}` },
        { 'if-match': '"1"' },
      ),
    )
    expect(counted(answers)).toEqual({ 200: 1, 412: 49 })
  })

  it('openings of one draft are one', async () => {
    const session = await aSession(world, taughtBy(await aTrainer(world.app)))
    const answers = await fifty(() => world.admin.post(`/api/sessions/${session.id}/open`))
    expect(counted(answers)).toEqual({ 200: 1, 409: 49 })
  })
})

it('a trainer of ten sessions who gets a slot of the same hours in each at once gets one', async () => {
  const trainer = await aTrainer(world.app)
  const sessions = []
  for (let index = 0; index < 10; index++)
    sessions.push(await aSession(world, { ...taughtBy(trainer), slots: [] }))
  for (let day = 1; day <= 8; day++) {
    const answers = await Promise.all(
      sessions.map((session) =>
        world.admin.post(`/api/sessions/${session.id}/slots`, slot(`2026-03-0${day} 09:00-12:30`)),
      ),
    )
    expect(counted(answers)).toEqual({ 201: 1, 409: 9 })
  }
})

it('slots that overlap are one even where nobody holds the session’s lock', async () => {
  const { system } = world.app
  const { id } = await aSession(world, { slots: [] })
  const session = await findSession(system.db, id)
  if (!session) throw new Error('the session is gone')
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => inTransaction(system, (ctx) => addSlots(ctx, session, [aMorning]))),
  )
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused).toHaveLength(9)
  for (const { reason } of refused) expect(reason).toMatchObject({ definition: slotsOverlap.definition })
})

it('a trainer who joins two sessions of the same hours at once joins one', async () => {
  const trainer = await aTrainer(world.app)
  const sessions = [await aSession(world), await aSession(world)]
  const outcomes = await Promise.allSettled(
    sessions.map((session) => change(world, session.id, taughtBy(trainer))),
  )
  expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

it('a slot that goes while it is being moved is either', async () => {
  for (let round = 0; round < 10; round++) {
    const session = await aSession(world, { slots: [aMorning] })
    const path = `/api/slots/${session.slots[0].id}`
    const [moved, deleted] = await Promise.all([
      world.admin.patch(path, { topic: 'Mesurer' }, { 'if-match': '*' }),
      world.admin.delete(path),
    ])
    expect(deleted.status).toBe(204)
    expect([200, 404]).toContain(moved.status)
  }
})
