import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../support/app.ts'
import {
  aMorning,
  anOpenSession,
  aSession,
  change,
  enrol,
  type PlanningWorld,
  planningWorld,
  requestSession,
  setStatus,
} from './planning-world.ts'

let world: PlanningWorld
let trainer: Caller
let learner: Caller
let callers: Record<string, Caller>
beforeAll(async () => {
  world = await planningWorld()
  trainer = await world.app.signIn('trainer')
  learner = await world.app.signIn()
  const { admin, member, ambassador, otherAmbassador } = world
  callers = { anonymous: world.app.anonymous, member, learner, trainer, ambassador, otherAmbassador, admin }
})
afterAll(() => world.app.close())

/** A session of Lyon with the trainer and the learner, in this state. */
async function sessionOf(
  status: 'draft' | 'open' | 'closed' | 'cancelled',
  visibility: 'public' | 'private',
) {
  const session = await aSession(world, {
    visibility,
    remoteUrl: 'https://visio.example/salle',
    trainers: [{ personId: trainer.personId, engagement: 'internal' }],
    acceptWarnings: ['planning/trainer-double-booked'],
  })
  await enrol(world, session.id, learner.personId)
  await setStatus(world, session.id, status)
  return session
}

describe('who sees a session', () => {
  const people = ['anonymous', 'member', 'learner', 'trainer', 'ambassador', 'otherAmbassador', 'admin']
  const seen = [401, 200, 200, 200, 200, 200, 200]
  const hidden = [401, 404, 200, 200, 200, 404, 200]
  it.each([
    ['draft', 'public', hidden],
    ['open', 'public', seen],
    ['closed', 'public', seen],
    ['cancelled', 'public', seen],
    ['draft', 'private', hidden],
    ['open', 'private', hidden],
    ['closed', 'private', hidden],
    ['cancelled', 'private', hidden],
  ] as const)('that is %s and %s: alone and in the list', async (status, visibility, expected) => {
    const session = await sessionOf(status, visibility)
    const statuses = []
    const listed = []
    for (const name of people) {
      const caller = callers[name]
      statuses.push((await caller?.get(`/api/sessions/${session.id}`))?.status)
      const list = await caller?.get('/api/sessions?limit=200')
      if (list?.status === 200)
        listed.push(list.body.items.some((item: { id: string }) => item.id === session.id))
    }
    expect(statuses).toEqual(expected)
    expect(listed).toEqual(expected.slice(1).map((code) => code === 200))
  })

  it('learns where the virtual room is only when taking part', async () => {
    const session = await sessionOf('open', 'public')
    for (const name of ['member', 'otherAmbassador'])
      expect((await callers[name]?.get(`/api/sessions/${session.id}`))?.body.remoteUrl).toBeNull()
    for (const name of ['learner', 'trainer', 'ambassador', 'admin'])
      expect((await callers[name]?.get(`/api/sessions/${session.id}`))?.body.remoteUrl).toBe(
        'https://visio.example/salle',
      )
    const { body } = await world.admin.get('/api/sessions?limit=200')
    expect(JSON.stringify(body)).not.toContain('visio.example')
  })

  it.each(['requested', 'waitlisted'] as const)(
    'sees a session that they are %s for, but not yet its virtual room',
    async (status) => {
      const session = await aSession(world, { remoteUrl: 'https://visio.example/salle' })
      const hopeful = await world.app.signIn()
      await enrol(world, session.id, hopeful.personId, status)
      const answer = await hopeful.get(`/api/sessions/${session.id}`)
      expect(answer).toMatchObject({ status: 200, body: { remoteUrl: null } })
    },
  )

  it('learns why it was opened again only when running it, and why it was cancelled when taking part', async () => {
    const why = async (status: 'open' | 'cancelled', name: string) => {
      const session = await sessionOf(status, 'public')
      await world.app.deps.db
        .updateTable('trainingSession')
        .set({ statusReason: 'Une feuille était fausse' })
        .where('id', '=', session.id)
        .execute()
      return (await callers[name]?.get(`/api/sessions/${session.id}`))?.body.statusReason
    }
    for (const name of ['member', 'learner', 'otherAmbassador']) expect(await why('open', name)).toBeNull()
    for (const name of ['trainer', 'ambassador', 'admin'])
      expect(await why('open', name)).toBe('Une feuille était fausse')
    expect(await why('cancelled', 'learner')).toBe('Une feuille était fausse')
    expect((await why('cancelled', 'member')) ?? null).toBeNull()
  })

  it('is no longer a learner who cancelled', async () => {
    const session = await aSession(world)
    const gone = await world.app.signIn()
    await enrol(world, session.id, gone.personId, 'cancelled')
    expect((await gone.get(`/api/sessions/${session.id}`)).status).toBe(404)
    const { body } = await gone.get('/api/sessions?limit=200')
    expect(body.items.map((item: { id: string }) => item.id)).not.toContain(session.id)
  })

  it('never learns of a draft that was cancelled before it was opened', async () => {
    const session = await aSession(world)
    expect((await world.admin.post(`/api/sessions/${session.id}/cancel`, { reason: 'Doublon' })).status).toBe(
      200,
    )
    expect((await callers.member?.get(`/api/sessions/${session.id}`))?.status).toBe(404)
    expect(JSON.stringify((await callers.member?.get('/api/sessions?limit=200'))?.body)).not.toContain(
      session.id,
    )
  })

  it('finds a private session that was cancelled with them in it, but not one that they had left before', async () => {
    const session = await anOpenSession(world, { visibility: 'private' })
    const [stayed, left] = [await world.app.signIn(), await world.app.signIn()]
    await enrol(world, session.id, stayed.personId)
    const enrolmentId = await enrol(world, session.id, left.personId)
    expect((await left.post(`/api/enrolments/${enrolmentId}/cancel`)).status).toBe(200)
    await world.admin.post(`/api/sessions/${session.id}/cancel`, { reason: 'Salle inondée' })
    const found = await stayed.get(`/api/sessions/${session.id}`)
    expect(found).toMatchObject({ status: 200, body: { statusReason: 'Salle inondée' } })
    expect((await left.get(`/api/sessions/${session.id}`)).status).toBe(404)
    expect(JSON.stringify((await left.get('/api/sessions?limit=200')).body)).not.toContain(session.id)
  })

  it('gets the same answer for an id that is none', async () => {
    for (const id of [world.trainingId, 'abc'])
      expect((await world.admin.get(`/api/sessions/${id}`)).status).toBe(404)
    expect((await world.app.anonymous.get(`/api/sessions/${world.trainingId}`)).status).toBe(401)
  })
})

describe('who makes a session', () => {
  it('is an admin anywhere, an ambassador in the own chapter, and nobody else', async () => {
    const { lyonId, parisId, member, ambassador, admin, app } = world
    const status = async (caller: Caller, chapterId: string | null) =>
      (await requestSession(world, { chapterId }, caller)).status
    expect(await status(ambassador, lyonId)).toBe(201)
    expect(await status(ambassador, parisId)).toBe(403)
    expect(await status(ambassador, null)).toBe(403)
    expect(await status(admin, parisId)).toBe(201)
    expect(await status(admin, null)).toBe(201)
    expect(await status(member, lyonId)).toBe(403)
    expect(await status(trainer, lyonId)).toBe(403)
    expect(await status(app.anonymous, lyonId)).toBe(401)
  })
})

describe('who changes a session', () => {
  const any = { 'if-match': '*' }

  it('is its chapter’s ambassador or an admin; others see it at most', async () => {
    const { lyonId, app, member, ambassador, otherAmbassador, admin } = world
    const byVisibility = { public: 403, private: 404 } as const
    for (const visibility of ['public', 'private'] as const) {
      const session = await sessionOf('open', visibility)
      const add = { ...aMorning, date: '2026-06-01' }
      for (const [caller, expected] of [
        [app.anonymous, 401],
        [member, byVisibility[visibility]],
        [otherAmbassador, byVisibility[visibility]],
        [learner, 403],
        [trainer, 403],
      ] as const) {
        const slotPath = `/api/slots/${session.slots[0].id}`
        const answers = [
          await caller.post(`/api/sessions/${session.id}/open`),
          await caller.post(`/api/sessions/${session.id}/slots`, add),
          await caller.patch(slotPath, { topic: 'x' }, any),
          await caller.delete(slotPath),
        ]
        expect(answers.map((answer) => answer.status)).toEqual([expected, expected, expected, expected])
      }
      for (const [caller, date] of [
        [ambassador, '2026-06-01'],
        [admin, '2026-06-02'],
      ] as const) {
        const path = `/api/sessions/${session.id}/slots`
        const body = { ...aMorning, date, acceptWarnings: ['planning/trainer-double-booked'] }
        expect((await caller.post(path, body)).status).toBe(201)
      }
      const { body } = await admin.get(`/api/sessions/${session.id}`)
      expect(body).toMatchObject({ chapterId: lyonId, version: session.version + 2 })
      expect(body.slots).toHaveLength(4)
    }
  })

  it('does not hand it to a chapter of somebody else', async () => {
    const { ambassador, lyonId, parisId } = world
    const session = await aSession(world)
    const as = { caller: ambassador, roleGrants: [{ role: 'ambassador' as const, chapterId: lyonId }] }
    for (const chapterId of [parisId, null])
      await expect(change(world, session.id, { chapterId }, { as })).rejects.toMatchObject({
        definition: { status: 403 },
      })
    await expect(
      change(world, session.id, { chapterId: lyonId, capacity: 9 }, { as }),
    ).resolves.toMatchObject({
      capacity: 9,
    })
    const both = {
      ...as,
      roleGrants: [...as.roleGrants, { role: 'ambassador' as const, chapterId: parisId }],
    }
    await expect(change(world, session.id, { chapterId: parisId }, { as: both })).resolves.toMatchObject({
      chapterId: parisId,
    })
  })
})
