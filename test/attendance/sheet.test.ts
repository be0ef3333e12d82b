import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addChapter, addSession, type SessionFacts, type WorldSession } from '../support/world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-03T17:00:00Z' })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const sheetOf = (who: Caller, { id }: WorldSession) => who.get(`/api/sessions/${id}/attendance`)

function mark({ slots, learners }: WorldSession, slot: number, statuses: (string | number)[]) {
  return admin.put(`/api/slots/${slots[slot]?.id}/attendance`, {
    marks: statuses.map((status, index) => ({
      enrolmentId: learners[index]?.enrolmentId,
      ...(typeof status === 'number' ? { status: 'partial', attendedMinutes: status } : { status }),
    })),
  })
}

describe('the attendance sheet', () => {
  it('lists half-days in time, learners by name, and what each attended of what was planned', async () => {
    const held = await addSession(app, {
      slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30', '2026-03-03 18:00-19:30'],
      learners: [
        { firstName: 'Zoé', lastName: 'Évrard' },
        { firstName: 'Anne', lastName: 'Martin' },
        { firstName: 'Yves', lastName: 'Durand' },
      ],
    })
    await mark(held, 1, ['absent', 30])
    await mark(held, 0, ['present', 'present', 'absent'])
    const { status, body } = await sheetOf(admin, held)
    expect(status).toBe(200)
    expect(body.slots).toMatchObject([
      { id: held.slots[0]?.id, date: '2026-03-02', halfDay: 'morning', durationMinutes: 210 },
      { id: held.slots[1]?.id, date: '2026-03-02', halfDay: 'afternoon', durationMinutes: 210 },
      { id: held.slots[2]?.id, date: '2026-03-03', halfDay: 'evening', durationMinutes: 90 },
    ])
    expect(body.learners).toMatchObject([
      { name: 'Yves Durand', attendedMinutes: 0, plannedMinutes: 510 },
      { name: 'Zoé Évrard', attendedMinutes: 210, plannedMinutes: 510 },
      { name: 'Anne Martin', attendedMinutes: 240, plannedMinutes: 510 },
    ])
    expect(body.learners[2].marks).toMatchObject([
      { slotId: held.slots[0]?.id, status: 'present', attendedMinutes: 210 },
      { slotId: held.slots[1]?.id, status: 'partial', attendedMinutes: 30 },
    ])
    expect(body.attendedMinutes).toBe(450)
  })

  it('names who took part or began to, and nobody who only waited or was refused', async () => {
    const held = await addSession(app, {
      learners: [
        { lastName: 'Confirmée' },
        { lastName: 'Diplômé', status: 'completed' },
        { lastName: 'Partie', status: 'abandoned' },
        { lastName: 'Annulée-1', status: 'cancelled' },
        { lastName: 'Annulée-2' },
        { lastName: 'En attente', status: 'waitlisted' },
        { lastName: 'Refusée', status: 'refused' },
        { lastName: 'Demandeuse', status: 'requested' },
      ],
    })
    await admin.put(`/api/slots/${held.slots[0]?.id}/attendance`, {
      marks: [{ enrolmentId: held.learners[4]?.enrolmentId, status: 'present' }],
    })
    await app.deps.db
      .updateTable('enrolment')
      .set({ status: 'cancelled' })
      .where('id', '=', held.learners[4]?.enrolmentId ?? '')
      .execute()
    const { body } = await sheetOf(admin, held)
    expect(body.learners.map((learner: { name: string }) => learner.name)).toEqual([
      'Alix Annulée-2',
      'Alix Confirmée',
      'Alix Diplômé',
      'Alix Partie',
    ])
    expect(body.attendedMinutes).toBe(210)
  })

  it('is read by trainers of the session, the ambassador of its chapter and admins', async () => {
    const chapterId = await addChapter(app)
    const [learner, trainer] = [await app.signIn(), await app.signIn('trainer')]
    const held = await addSession(app, { chapterId, trainer, learners: [{ personId: learner.personId }] })
    const statuses = []
    for (const who of [
      app.anonymous,
      await app.signIn(),
      learner,
      await app.signIn('trainer'),
      await app.signIn({ role: 'ambassador', chapterId: await addChapter(app) }),
      trainer,
      await app.signIn({ role: 'ambassador', chapterId }),
      admin,
    ])
      statuses.push((await sheetOf(who, held)).status)
    expect(statuses).toEqual([401, 404, 403, 404, 404, 200, 200, 200])
    expect((await admin.get('/api/sessions/01980000-0000-7000-8000-000000000000/attendance')).status).toBe(
      404,
    )
  })

  it('adds up while somebody marks', async () => {
    const held = await addSession(app, { learners: 20, slots: ['2026-03-02 09:00-12:00'] })
    let isMarking = true
    const marking = (async () => {
      for (const status of ['present', 'absent', 90, 'present', 30, 'absent', 60, 'present'])
        await mark(
          held,
          0,
          held.learners.map(() => status),
        )
    })().finally(() => {
      isMarking = false
    })
    const seen = new Set<number>()
    while (isMarking) {
      const { body } = await sheetOf(admin, held)
      const ofMarks = body.learners.map(
        (learner: { marks: { attendedMinutes: number }[] }) => learner.marks[0]?.attendedMinutes ?? 0,
      )
      expect(body.learners.map((learner: { attendedMinutes: number }) => learner.attendedMinutes)).toEqual(
        ofMarks,
      )
      expect(new Set(ofMarks).size).toBe(1)
      seen.add(body.attendedMinutes)
    }
    await marking
    expect(seen.size).toBeGreaterThan(1)
  })

  it('costs the same number of statements for 10 and for 100 learners', async () => {
    const cost = async (facts: SessionFacts) => {
      const held = await addSession(app, facts)
      await mark(
        held,
        0,
        held.learners.map(() => 'present'),
      )
      return app.countQueries(async () => {
        expect((await sheetOf(admin, held)).body.learners).toHaveLength(held.learners.length)
      })
    }
    const few = await cost({ learners: 10, slots: ['2026-03-02 09:00-12:00'] })
    const many = await cost({ learners: 100 })
    expect(many).toBe(few)
    expect(few).toBeLessThanOrEqual(16)
  })
})
