import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addChapter } from '../support/world.ts'
import { aSession, beforeStart, enrolInTurn, somePeople } from './enrolment-world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: beforeStart })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const listOf = (id: string, query = '') => `/api/sessions/${id}/enrolments${query}`

async function allPages(caller: Caller, path: string) {
  const items: { id: string; createdAt: string }[] = []
  let cursor = ''
  for (;;) {
    const { body } = await caller.get(`${path}?limit=3${cursor}`)
    items.push(...body.items)
    if (body.nextCursor === null) return items
    cursor = `&cursor=${body.nextCursor}`
  }
}

describe('the enrolments of a session', () => {
  it('come page by page in the order in which they were asked for, each once', async () => {
    const clocked = await testApp()
    const caller = await clocked.signIn('admin')
    const session = await aSession(clocked, { capacity: 4, slots: ['2190-03-02 09:00-12:30'] })
    const people = await somePeople(clocked, 8)
    const enrolled = await enrolInTurn(caller, session.id, people)
    const listed = await allPages(caller, listOf(session.id))
    expect(listed.map((item) => item.id)).toEqual(enrolled.map((enrolment) => enrolment.id))
    const waiting = (await caller.get(listOf(session.id, '?status=waitlisted'))).body.items
    expect(waiting.map((item: { waitlistPosition: number }) => item.waitlistPosition)).toEqual([1, 2, 3, 4])
    await clocked.close()
  })

  it('come each once where all were asked for in the same instant', async () => {
    const session = await aSession(app, { learners: 7 })
    const listed = await allPages(admin, listOf(session.id))
    expect(new Set(listed.map((item) => item.id)).size).toBe(7)
    expect(listed).toHaveLength(7)
  })

  it('are shown to trainer, ambassador and admin by name, without reasons and answers', async () => {
    const chapterId = await addChapter(app)
    const trainer = await app.signIn('trainer')
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    const learner = await app.signIn()
    const session = await aSession(app, { chapterId, trainer })
    await learner.post(listOf(session.id), { traineeType: 'other', answers: { Régime: 'sans gluten' } })
    for (const caller of [trainer, ambassador, admin]) {
      const { status, body } = await caller.get(listOf(session.id))
      expect(status).toBe(200)
      expect(body.items).toHaveLength(1)
      expect(body.items[0]).toMatchObject({
        personId: learner.personId,
        firstName: 'Claude',
        status: 'confirmed',
      })
      expect(Object.keys(body.items[0])).not.toContain('answers')
      expect(Object.keys(body.items[0])).not.toContain('endReason')
    }
    expect((await learner.get(listOf(session.id))).status).toBe(403)
    const hidden = await aSession(app, { visibility: 'private' })
    expect((await learner.get(listOf(hidden.id))).status).toBe(404)
    expect((await trainer.get(listOf(hidden.id))).status).toBe(404)
  })

  it('take as many statements for 10 as for 100', async () => {
    const [small, large] = [await aSession(app, { learners: 10 }), await aSession(app, { learners: 100 })]
    const count = (id: string) => app.countQueries(() => admin.get(listOf(id, '?limit=200')))
    expect(await count(small.id)).toBe(await count(large.id))
  })

  it.for([
    '?status=present',
    '?limit=0',
    '?cursor=abc',
    `?cursor=${Buffer.from('["hier","0192d3c4-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `?cursor=${Buffer.from('["2026-02-30T10:00:00Z","0192d3c4-0000-7000-8000-000000000000"]').toString('base64url')}`,
    '?zz=1',
  ])('are not asked for with %s', async (query) => {
    const session = await aSession(app)
    const answer = await admin.get(listOf(session.id, query))
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toMatch(/^\/(status|limit|cursor|zz)$/)
  })
})

describe('one’s own enrolments', () => {
  it('come with their sessions, the newest first, and nobody else’s', async () => {
    const clocked = await testApp()
    const learner = await clocked.signIn()
    const other = await clocked.signIn()
    const ids: string[] = []
    for (const capacity of [1, 5, 5, 5]) {
      const session = await aSession(clocked, {
        capacity,
        slots: ['2190-03-02 09:00-12:30'],
        title: 'Facilitation',
      })
      await other.post(listOf(session.id), { traineeType: 'other' })
      ids.unshift((await learner.post(listOf(session.id), { traineeType: 'other' })).body.id)
    }
    const listed = await allPages(learner, '/api/me/enrolments')
    expect(listed.map((item) => item.id)).toEqual(ids)
    expect(listed[3]).toMatchObject({
      status: 'waitlisted',
      waitlistPosition: 1,
      session: {
        title: 'Facilitation',
        status: 'open',
        timeZone: 'Europe/Paris',
        startsAt: '2190-03-02T08:00:00Z',
        endsAt: '2190-03-02T11:30:00Z',
      },
    })
    await clocked.close()
  })

  it('take as many statements for 10 as for 100', async () => {
    const count = async (sessions: number) => {
      const learner = await app.signIn()
      for (let index = 0; index < sessions; index++)
        await aSession(app, { learners: [{ personId: learner.personId }] })
      return app.countQueries(() => learner.get('/api/me/enrolments?limit=200'))
    }
    expect(await count(10)).toBe(await count(100))
  })
})
