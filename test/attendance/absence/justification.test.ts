import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { aPdf } from '../../support/paper.ts'
import { addSession, closeSession, type WorldSession } from '../../support/world.ts'
import { mark, sealSlot } from '../sealing-world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller
let learner: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  learner = await app.signIn()
})
afterAll(() => app.close())

/** The learner was absent in the morning. */
async function absence(reason: object = { reasonCode: 'illness' }) {
  const held = await addSession(app, { trainer, learners: [{ personId: learner.personId }] })
  await mark(trainer, held, [{ status: 'absent', ...reason }])
  return held
}

let count = 0
const handIn = (who: Caller, held: WorldSession, slots = [0], file = aPdf(`paper ${++count}`)) => {
  const slotIds = slots.map((slot) => held.slots[slot]?.id).join(',')
  const path = `/api/enrolments/${held.learners[0]?.enrolmentId}/justifications?slotIds=${slotIds}`
  return who.post(path, file, { 'content-type': 'application/pdf' })
}
const accept = (id: string) => admin.post(`/api/justifications/${id}/accept`)
const markOf = async (held: WorldSession) =>
  (await admin.get(`/api/sessions/${held.id}/attendance`)).body.learners[0].marks[0]

describe('a paper that proves an absence', () => {
  it('waits for an admin, whose decision justifies the marks; the ledger keeps no more of it than its hash, salted', async () => {
    const held = await absence()
    const handedIn = await handIn(learner, held)
    expect(handedIn).toMatchObject({ status: 201, body: { status: 'waiting', mediaType: 'application/pdf' } })
    expect(await markOf(held)).toMatchObject({ justified: null })
    const { tasks } = (await admin.get('/api/me/tasks')).body
    expect(tasks.map(({ kind }: { kind: string }) => kind)).toContain('decideJustification')
    const accepted = await accept(handedIn.body.id)
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted' } })
    expect(await markOf(held)).toMatchObject({ status: 'absent', reasonCode: 'illness', justified: true })
    const { sha256 } = await app.deps.db
      .selectFrom('justification')
      .select('sha256')
      .where('id', '=', handedIn.body.id)
      .executeTakeFirstOrThrow()
    const events = await app.deps.db
      .selectFrom('attendanceEvent')
      .selectAll()
      .where('sessionId', '=', held.id)
      .orderBy('sequence')
      .execute()
    expect(events).toHaveLength(2)
    expect(JSON.stringify(events.map(({ body }) => body))).not.toContain(sha256)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
    expect(await accept(handedIn.body.id)).toMatchObject({
      status: 409,
      body: { code: 'attendance/justification-decided' },
    })
  })

  it('is seen by the learner and by admins alone, byte by byte, and each look of an admin is audited', async () => {
    const held = await absence()
    const file = aPdf('certificat')
    const { body } = await handIn(learner, held, [0], file)
    const path = `/api/justifications/${body.id}/file`
    for (const who of [learner, admin]) {
      const answer = await who.get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/pdf')
    }
    for (const who of [trainer, await app.signIn()]) expect((await who.get(path)).status).toBe(404)
    const looks = await app.deps.db
      .selectFrom('auditEntry')
      .select('action')
      .where('action', '=', 'justification.read')
      .where('subjectId', '=', held.learners[0]?.enrolmentId ?? '')
      .execute()
    expect(looks).toHaveLength(1)
  })

  it('that is refused tells the learner why, and changes no mark', async () => {
    const held = await absence()
    const { body } = await handIn(learner, held)
    await admin.post(`/api/justifications/${body.id}/refuse`, { reason: 'Pas de date' })
    const listed = await learner.get(`/api/enrolments/${held.learners[0]?.enrolmentId}/justifications`)
    expect(listed.body.justifications).toMatchObject([{ status: 'refused', refusalReason: 'Pas de date' }])
    expect(await markOf(held)).toMatchObject({ justified: null })
  })

  it('is the same paper when it is sent again, and another use of it is refused', async () => {
    const held = await absence()
    const file = aPdf('une fois')
    const first = await handIn(learner, held, [0], file)
    expect((await handIn(learner, held, [0], file)).body.id).toBe(first.body.id)
    expect(await handIn(learner, held, [1], file)).toMatchObject({
      status: 409,
      body: { code: 'attendance/justification-exists' },
    })
  })

  it('proves nothing for who was there, or has not been marked yet', async () => {
    const held = await absence()
    const both = await handIn(learner, held, [0, 1])
    const { body } = await accept(both.body.id)
    expect(body).toMatchObject({
      code: 'attendance/nothing-to-justify',
      slotIds: [held.slots[1]?.id],
    })
    await mark(trainer, held, [{ status: 'present' }], 1)
    expect((await accept(both.body.id)).status).toBe(409)
  })

  it('that comes after the half-day was sealed is an addendum to it, and after the session was closed a correction', async () => {
    const sealed = await addSession(app, { trainer, learners: [{ personId: learner.personId }, {}] })
    await mark(trainer, sealed, [{ status: 'partial', arrivedAt: '10:00', reasonCode: 'transport' }])
    await sealSlot(trainer, sealed)
    await accept((await handIn(learner, sealed)).body.id)
    expect(await markOf(sealed)).toMatchObject({
      status: 'partial',
      attendedMinutes: 150,
      justified: true,
      addenda: [{ reason: 'Justificatif d’absence accepté' }],
    })
    const closed = await absence()
    await closeSession(app, closed.id)
    await accept((await handIn(learner, closed)).body.id)
    expect(await markOf(closed)).toMatchObject({ justified: true })
    for (const held of [sealed, closed])
      expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('is of the half-days of its own session, and a file of a kind that can be read', async () => {
    const [held, other] = [await absence(), await absence()]
    const path = `/api/enrolments/${held.learners[0]?.enrolmentId}/justifications?slotIds=`
    const pdf = { 'content-type': 'application/pdf' }
    expect(await learner.post(path + other.slots[0]?.id, aPdf(), pdf)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/slotIds', code: 'not-of-this-session' }] },
    })
    expect((await learner.post(path + held.slots[0]?.id, 'certificat', pdf)).status).toBe(415)
  })
})
