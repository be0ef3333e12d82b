import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor } from '../../src/platform/http/pagination.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Caller } from '../support/app.ts'
import {
  aMorning,
  aSession,
  aTrainer,
  enrol,
  made,
  type PlanningWorld,
  planningWorld,
  setStatus,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
let trainerId: string
/** 112 sessions: several at the same moment, and some without a slot. */
let ids: string[]
beforeAll(async () => {
  world = await planningWorld()
  trainerId = await aTrainer(world.app)
  ids = []
  for (let index = 0; index < 112; index++) {
    const day = Temporal.PlainDate.from('2026-03-01').add({ days: index % 20 })
    const session = await aSession(world, {
      reference: `LISTE-${index}`,
      chapterId: index % 3 === 0 ? world.parisId : world.lyonId,
      slots: index % 8 === 0 ? [] : [{ ...aMorning, date: day.toString() }],
    })
    await setStatus(world, session.id, index % 2 === 0 ? 'open' : 'draft')
    ids.push(session.id)
  }
})
afterAll(() => world.app.close())

/** Leaves the list as the other tests count it. */
async function removeSession(id: string): Promise<void> {
  const { db } = world.app.deps
  for (const table of ['enrolment', 'slot', 'trainerAssignment'] as const)
    await db.deleteFrom(table).where('sessionId', '=', id).execute()
  await db.deleteFrom('trainingSession').where('id', '=', id).execute()
}

type Item = { id: string; firstSlotStartsAt: string | null; status: string; chapterId: string }

async function walk(caller: Caller, query: string): Promise<Item[]> {
  const items: Item[] = []
  let cursor = ''
  for (;;) {
    const { body } = await caller.get(`/api/sessions?${query}${cursor && `&cursor=${cursor}`}`)
    items.push(...body.items)
    if (body.nextCursor === null) return items
    cursor = body.nextCursor
  }
}

describe('the list of sessions', () => {
  it.each([1, 7, 50, 200])(
    'page by page of %i has each once, in time, those without a slot last',
    async (limit) => {
      const items = await walk(world.admin, `limit=${limit}`)
      expect(items.map((item) => item.id).toSorted()).toEqual(ids.toSorted())
      const order = items.map((item) => [item.firstSlotStartsAt ?? '9999', item.id].join())
      expect(order).toEqual(order.toSorted())
      expect(items.at(-1)?.firstSlotStartsAt).toBeNull()
    },
  )

  it('shows what is needed to choose one', async () => {
    const { id } = await aSession(world, { slots: [aMorning, slot('2026-03-03 09:00-12:00')], capacity: 3 })
    await enrol(world, id, await aTrainer(world.app), 'confirmed')
    await enrol(world, id, await aTrainer(world.app), 'requested')
    await enrol(world, id, await aTrainer(world.app), 'waitlisted')
    const item = (await walk(world.admin, 'limit=200')).find((item) => item.id === id)
    expect(item).toMatchObject({
      id,
      version: 1,
      title: 'Éco-conception web',
      trainingId: world.trainingId,
      status: 'draft',
      startsOn: '2026-03-02',
      endsOn: '2026-03-03',
      firstSlotStartsAt: '2026-03-02T08:00:00Z',
      lastSlotEndsAt: '2026-03-03T11:00:00Z',
      capacity: 3,
      seatsLeft: 1,
    })
    expect(item).not.toHaveProperty('slots')
    await removeSession(id)
  })

  it('filters by the days on which a slot is held, the first and the last included', async () => {
    const session = await aSession(world, {
      slots: [slot('2025-01-10 09:00-12:00'), slot('2025-01-20 09:00-12:00')],
    })
    const found = async (query: string) =>
      (await walk(world.admin, query)).some((item) => item.id === session.id)
    expect(await found('from=2025-01-10&to=2025-01-10')).toBe(true)
    expect(await found('from=2025-01-20&to=2025-02-01')).toBe(true)
    expect(await found('from=2025-01-11&to=2025-01-19')).toBe(false)
    expect(await found('to=2025-01-09')).toBe(false)
    expect(await found('from=2025-01-21')).toBe(false)
    expect(await found('to=2025-01-10')).toBe(true)
    await removeSession(session.id)
  })

  it.each([
    ['Pacific/Kiritimati', '2024-01-10 00:00-00:30'],
    ['Pacific/Niue', '2024-01-10 23:00-23:59'],
  ])('filters by the day of the place, in %s too', async (timeZone, text) => {
    const session = await aSession(world, { timeZone, slots: [slot(text)] })
    const found = async (date: string) =>
      (await walk(world.admin, `from=${date}&to=${date}`)).map((item) => item.id)
    expect(await found('2024-01-10')).toEqual([session.id])
    expect(await found('2024-01-09')).toEqual([])
    expect(await found('2024-01-11')).toEqual([])
    await removeSession(session.id)
  })

  it('filters by state, chapter and trainer, together and page by page', async () => {
    const open = await walk(world.admin, 'status=open&limit=10')
    expect(open).toHaveLength(56)
    const paris = await walk(world.admin, `status=open&chapterId=${world.parisId}&limit=5`)
    expect(paris).toEqual(open.filter((item) => item.chapterId === world.parisId))
    expect(await walk(world.admin, `trainerPersonId=${trainerId}`)).toEqual([])
    const taught = await aSession(world, {
      trainers: [{ personId: trainerId, engagement: 'external' }],
      slots: [],
    })
    expect(await walk(world.admin, `trainerPersonId=${trainerId}`)).toMatchObject([{ id: taught.id }])
    await removeSession(taught.id)
  })

  it('is for a member the public ones, for an ambassador also all of the own chapter', async () => {
    expect((await walk(world.member, 'limit=9')).map((item) => item.status)).toEqual(Array(56).fill('open'))
    const seen = await walk(world.otherAmbassador, 'limit=9')
    expect(seen.every((item) => item.status === 'open' || item.chapterId === world.parisId)).toBe(true)
    expect(seen).toHaveLength(56 + 19)
    expect((await world.app.anonymous.get('/api/sessions')).status).toBe(401)
  })

  it('takes the same number of statements for 10 and for 100, whoever asks', async () => {
    for (const caller of [world.admin, world.ambassador, world.member]) {
      // The day on which a token was last used is written down once a day.
      await caller.get('/api/me')
      const ten = await world.app.countQueries(() => caller.get('/api/sessions?limit=10'))
      const hundred = await world.app.countQueries(() => caller.get('/api/sessions?limit=100'))
      expect(hundred).toBe(ten)
      expect(ten).toBeLessThanOrEqual(2)
    }
  })

  it.each([
    'limit=0',
    'limit=201',
    'from=2026-02-30',
    'to=demain',
    'status=brouillon',
    'trainerPersonId=moi',
    'chapterId=lyon',
    'q=web',
    'cursor=abc',
    `cursor=${encodeCursor(['hier', newId()])}`,
    `cursor=${encodeCursor(['2026-03-01T00:00:00Z'])}`,
  ])('refuses ?%s with a pointer', async (query) => {
    const answer = await world.admin.get(`/api/sessions?${query}`)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toBe(`/${query.split('=')[0]}`)
  })
})

it('one session takes as many statements with 2 slots as with 60', async () => {
  const withSlots = async (count: number) => {
    const slots = Array.from({ length: count }, (_, day) => ({
      ...aMorning,
      date: Temporal.PlainDate.from('2027-01-01').add({ days: day }).toString(),
    }))
    const trainers = [{ personId: await aTrainer(world.app), engagement: 'internal' }]
    return (await aSession(world, { slots, trainers })).id
  }
  const [small, large] = [await withSlots(2), await withSlots(60)]
  const count = (id: string) =>
    world.app.countQueries(async () => made(await world.admin.get(`/api/sessions/${id}`)))
  expect(await count(large)).toBe(await count(small))
})
