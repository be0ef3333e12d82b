import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendEvents } from '../../../src/attendance/ledger/ledger.service.ts'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { countersignatureEntry } from '../../../src/attendance/sealing/countersigning.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { aSignature } from '../../support/facts.ts'
import { addChapter, addLearners, addSession, type WorldSession } from '../../support/world.ts'
import { correct, countersign, mark as markInOrder, seal, sealSlot, sign, slotOf } from '../sealing-world.ts'

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
    const statuses = ['present', 'absent', 90, 'present', 30, 'absent', 60] as const
    const seen = new Set<number>()
    async function markOn() {
      for (let round = 0; seen.size < 3; round++) {
        const status = statuses[round % statuses.length] ?? 'present'
        await mark(
          held,
          0,
          held.learners.map(() => status),
        )
      }
    }
    async function readOn() {
      while (seen.size < 3) {
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
    }
    await Promise.all([markOn(), readOn()])
  })

  it('shows how each signed, why not, who countersigned, and the seal', async () => {
    const trainer = await app.signIn('trainer')
    const held = await addSession(app, { trainer, learners: 3 })
    await sign(trainer, held, 0)
    await markInOrder(trainer, held, [
      { status: 'present' },
      { status: 'present' },
      { status: 'absent', reasonCode: 'work' },
    ])
    await trainer.post(`${slotOf(held)}/waivers`, {
      enrolmentId: held.learners[1]?.enrolmentId,
      reasonCode: 'refused',
    })
    await countersign(trainer, held)
    const sealed = await seal(trainer, held)
    const { body } = await sheetOf(trainer, held)
    const [first, second, third] = body.learners.map(
      ({ marks }: { marks: { signature: object; waiver: object }[] }) => [
        marks[0]?.signature,
        marks[0]?.waiver,
      ],
    )
    expect(first).toEqual([{ way: 'trainerDevice', signedAt: '2026-03-03T17:00:00Z' }, null])
    expect(second).toEqual([null, { reasonCode: 'refused', note: null }])
    expect(third).toEqual([null, null])
    const { slotId: _, ...seals } = sealed.body
    expect(body.slots).toMatchObject([
      {
        seal: seals,
        trainers: [{ personId: trainer.personId, signedAt: '2026-03-03T17:00:00Z' }],
        scans: [],
      },
      { seal: null, trainers: [{ personId: trainer.personId, signedAt: null }] },
    ])
    expect(body.conflicts).toEqual([])
  })

  it('costs the same number of statements for 10 learners who are marked and for 100 of whom all is known', async () => {
    const trainer = await app.signIn('trainer')
    const cost = async (held: WorldSession) =>
      app.countQueries(async () => {
        expect((await sheetOf(admin, held)).body.learners).toHaveLength(held.learners.length)
      })
    const marked = await addSession(app, { trainer, learners: 10, slots: ['2026-03-02 09:00-12:00'] })
    await mark(
      marked,
      0,
      marked.learners.map(() => 'present'),
    )
    const sealed = await addSession(app, { trainer, learners: 100 })
    for (const slot of sealed.slots.keys()) {
      await markInOrder(
        trainer,
        sealed,
        sealed.learners.map((_, learner) =>
          learner < 3 ? { status: 'present' } : { status: 'absent', reasonCode: 'work' },
        ),
        slot,
      )
      for (const learner of [0, 1, 2]) await sign(trainer, sealed, learner, slot)
      await countersign(trainer, sealed, slot)
      expect((await seal(trainer, sealed, slot)).status).toBe(200)
      await correct(admin, sealed, { status: 'partial', attendedMinutes: 60 }, 'Relue', slot)
    }
    const few = await cost(marked)
    expect(await cost(sealed)).toBe(few)
    expect(few).toBeLessThanOrEqual(17)
  })
})

describe('an addendum', () => {
  const sealedSession = async () => {
    const trainer = await app.signIn('trainer')
    const held = await addSession(app, { trainer, learners: 1 })
    await sealSlot(trainer, held)
    return { held, trainer }
  }

  it('corrects a sealed half-day, and the sheet shows what stood, what stands, when and why', async () => {
    const { held, trainer } = await sealedSession()
    const first = await correct(admin, held, { status: 'partial', attendedMinutes: 150 }, 'Partie à 11 h 30')
    expect(first.body.marks).toMatchObject([{ status: 'partial', attendedMinutes: 150, source: 'addendum' }])
    await correct(
      admin,
      held,
      { status: 'absent', reasonCode: 'illness', note: 'Certificat reçu' },
      'Certificat médical',
    )
    const { body } = await sheetOf(admin, held)
    expect(body.attendedMinutes).toBe(0)
    const present = { status: 'present', attendedMinutes: 210, reasonCode: null, justified: null }
    const partial = { ...present, status: 'partial', attendedMinutes: 150 }
    const absent = { ...present, status: 'absent', attendedMinutes: 0, reasonCode: 'illness' }
    const at = '2026-03-03T17:00:00Z'
    const [mark] = body.learners[0].marks
    expect(mark).toMatchObject({ status: 'absent', note: 'Certificat reçu', signature: { signedAt: at } })
    expect(mark.addenda).toEqual([
      {
        at,
        reason: 'Partie à 11 h 30',
        by: expect.stringContaining('Claude'),
        before: present,
        after: partial,
      },
      { at, reason: 'Certificat médical', by: expect.any(String), before: partial, after: absent },
    ])
    const seen = await sheetOf(trainer, held)
    expect(seen.body.learners[0].marks[0].addenda).toMatchObject([
      { reason: 'Partie à 11 h 30', by: null },
      { reason: 'Certificat médical', by: null },
    ])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('adds who was forgotten', async () => {
    const { held } = await sealedSession()
    const [forgotten] = await addLearners(app, held.id, [{ lastName: 'Oubliée' }])
    const learners = forgotten ? [forgotten] : []
    expect((await correct(admin, { ...held, learners }, { status: 'present' })).status).toBe(200)
    const { body } = await sheetOf(admin, held)
    expect(body.learners[0].marks[0].addenda).toMatchObject([{ before: null, after: { status: 'present' } }])
  })

  it('says nothing when nothing is new', async () => {
    const { held } = await sealedSession()
    const given = { status: 'absent', reasonCode: 'work' }
    await correct(admin, held, given)
    await correct(admin, held, given)
    const { body } = await sheetOf(admin, held)
    expect(body.learners[0].marks[0].addenda).toHaveLength(1)
  })

  it('is an admin’s, has a reason, and is for what is sealed', async () => {
    const { held, trainer } = await sealedSession()
    expect((await correct(trainer, held, { status: 'absent' })).status).toBe(403)
    const silent = await correct(admin, held, { status: 'absent' }, ' ')
    expect(silent.body).toMatchObject({ status: 422, errors: [{ pointer: '/reason' }] })
    const open = await correct(admin, held, { status: 'absent' }, 'Relue', 1)
    expect(open.body).toMatchObject({ status: 409, code: 'attendance/not-sealed' })
    const tooLong = await correct(admin, held, { status: 'partial', attendedMinutes: 300 })
    expect(tooLong.body).toMatchObject({ status: 422, errors: [{ pointer: '/marks/0/attendedMinutes' }] })
  })

  it('loses its reason with what is personal, and stands', async () => {
    const { held } = await sealedSession()
    await correct(admin, held, { status: 'absent' })
    await sql`delete from attendance_payload where event_id in
      (select id from attendance_event where session_id = ${held.id})`.execute(app.deps.db)
    const { body } = await sheetOf(admin, held)
    expect(body.learners[0].marks[0].addenda).toMatchObject([{ reason: null, after: { status: 'absent' } }])
  })
})

describe('what does not go together', () => {
  it('is shown: who is marked absent and has signed', async () => {
    const trainer = await app.signIn('trainer')
    const held = await addSession(app, { trainer, learners: 1 })
    await sign(trainer, held)
    await mark(held, 0, ['absent'])
    const { enrolmentId } = held.learners[0] ?? {}
    const signed = { slotId: held.slots[0]?.id, enrolmentId, kind: 'signed-but-absent' }
    expect((await sheetOf(admin, held)).body.conflicts).toEqual([{ ...signed, at: '2026-03-03T17:00:00Z' }])
    await mark(held, 0, ['present'])
    expect((await sheetOf(admin, held)).body.conflicts).toEqual([])
  })

  it('is shown: what was signed without a network and arrived after the seal, which changes nothing', async () => {
    const trainer = await app.signIn('trainer')
    const held = await addSession(app, { trainer, learners: 2 })
    await sealSlot(trainer, held)
    const before = (await sheetOf(admin, held)).body
    const signedAt = Temporal.Instant.from('2026-03-02T11:29:00Z')
    const device = { deviceAt: signedAt, clientId: newId() }
    const late = { slotId: held.slots[0]?.id ?? '', personId: trainer.personId, strokes: aSignature }
    await inTransaction(app.system, (ctx) =>
      appendEvents(
        ctx,
        held.id,
        [countersignatureEntry(ctx, { ...late, signedAt, device, isLate: true })],
        'attendance.countersign',
      ),
    )
    const { conflicts, ...after } = (await sheetOf(admin, held)).body
    expect(conflicts).toEqual([
      { slotId: late.slotId, enrolmentId: null, kind: 'late-countersignature', at: signedAt.toString() },
    ])
    expect({ ...after, conflicts: [] }).toEqual(before)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })
})
