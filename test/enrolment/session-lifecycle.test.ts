import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addEnrolments } from '../../src/enrolment/enrolment-history.ts'
import { closeIfComplete } from '../../src/enrolment/session-lifecycle.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addChapter, type WorldSession } from '../support/world.ts'
import { afterEnd, aSession, auditOf, somePeople, stateOf } from './enrolment-world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: afterEnd })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const verb = (session: { id: string }, name: string) => `/api/sessions/${session.id}/${name}`

/** Marks everyone present in every slot, but for the pairs to leave out. */
async function mark(session: WorldSession, leaveOut: { slotId: string; enrolmentId: string }[] = []) {
  const { db } = app.deps
  const marks = session.slots.flatMap((slot) =>
    session.learners
      .map(({ enrolmentId }) => ({ slotId: slot.id, enrolmentId, slot }))
      .filter(
        (pair) => !leaveOut.some((out) => out.slotId === pair.slotId && out.enrolmentId === pair.enrolmentId),
      ),
  )
  for (const [index, { slotId, enrolmentId, slot }] of marks.entries()) {
    const eventId = newId()
    const recordedAt = app.system.now()
    await db
      .insertInto('attendanceEvent')
      .values({
        id: eventId,
        sessionId: session.id,
        sequence: index + 1,
        kind: 'mark',
        slotId,
        enrolmentId,
        recordedAt,
        body: '{}',
        previousHash: '',
        hash: '',
      })
      .execute()
    await db
      .insertInto('attendanceMark')
      .values({
        slotId,
        enrolmentId,
        sessionId: session.id,
        status: 'present',
        attendedMinutes: slot.minutes,
        heldOn: slot.heldOn,
        kind: 'onsite',
        eventId,
        markedAt: recordedAt,
        decidedAt: recordedAt,
      })
      .execute()
  }
}

const statusesOf = async (session: WorldSession) =>
  [...(await stateOf(app, session.id)).values()].map((row) => row.status).sort()

describe('closing a session', () => {
  it('completes its confirmed learners and refuses whoever still waited for an answer', async () => {
    const session = await aSession(app, { learners: 2 })
    await mark(session)
    const { id, learners } = await aSession(app, {
      learners: [{}, { status: 'waitlisted' }, { status: 'requested' }, { status: 'abandoned' }],
      slots: [],
    })
    expect(learners).toHaveLength(4)
    expect((await admin.post(verb({ id }, 'close'))).status).toBe(409)

    const closed = await admin.post(verb(session, 'close'))
    expect(closed).toMatchObject({ status: 200, body: { id: session.id, status: 'closed' } })
    expect(closed.headers.get('etag')).toMatch(new RegExp(`^"${closed.body.version}-`))
    expect(await statusesOf(session)).toEqual(['completed', 'completed'])
    expect((await auditOf(app, session.id)).at(-1)).toEqual({
      action: 'session.close',
      changes: { status: ['open', 'closed'] },
    })
    expect((await auditOf(app, session.learners[0]?.enrolmentId ?? '')).at(-1)).toEqual({
      action: 'enrolment.complete',
      changes: { status: ['confirmed', 'completed'] },
    })
  })

  it('answers those who were never answered, and leaves those who had left', async () => {
    const session = await aSession(app, {
      learners: [
        { status: 'waitlisted' },
        { status: 'requested' },
        { status: 'abandoned' },
        { status: 'cancelled' },
      ],
    })
    await admin.post(verb(session, 'close'))
    expect(await statusesOf(session)).toEqual(['abandoned', 'cancelled', 'refused', 'refused'])
    const refused = await admin.get(`/api/enrolments/${session.learners[0]?.enrolmentId}`)
    expect(refused.body.endReason).toBe('La session est terminée.')
  })

  it('names every mark that is missing', async () => {
    const session = await aSession(app, { learners: [{ firstName: 'Zoé', lastName: 'Abgrall' }, {}] })
    const [zoe] = session.learners
    const [morning, afternoon] = session.slots
    await mark(session, [{ slotId: afternoon?.id ?? '', enrolmentId: zoe?.enrolmentId ?? '' }])
    const refused = await admin.post(verb(session, 'close'))
    expect(refused).toMatchObject({ status: 409, body: { code: 'enrolment/cannot-close' } })
    expect(refused.body.missing).toEqual({
      slotsNotEnded: [],
      marks: [
        {
          enrolmentId: zoe?.enrolmentId,
          slotId: afternoon?.id,
          name: 'Zoé Abgrall',
          heldOn: '2026-03-02',
          halfDay: 'afternoon',
        },
      ],
    })
    expect(morning?.id).not.toBe(afternoon?.id)
    expect(await statusesOf(session)).toEqual(['confirmed', 'confirmed'])
  })

  it('names at most 200 of them', async () => {
    const session = await aSession(app, { learners: 150 })
    const { body } = await admin.post(verb(session, 'close'))
    expect(body.missing.marks).toHaveLength(200)
  })

  it('waits for the end of the last slot, to the second', async () => {
    const early = await testApp({ now: '2026-03-02T16:29:59Z' })
    const caller = await early.signIn('admin')
    const session = await aSession(early)
    const refused = await caller.post(verb(session, 'close'))
    expect(refused.body.missing).toEqual({ slotsNotEnded: [session.slots[1]?.id], marks: [] })
    const unmarked = await aSession(early, { learners: 1 })
    const { missing } = (await caller.post(verb(unmarked, 'close'))).body
    expect(missing.slotsNotEnded).toEqual([unmarked.slots[1]?.id])
    expect(missing.marks).toMatchObject([{ slotId: unmarked.slots[0]?.id, halfDay: 'morning' }])
    early.setNow('2026-03-02T16:30:00Z')
    expect((await caller.post(verb(session, 'close'))).status).toBe(200)
    await early.close()
  })

  it('is refused for a session that was never held', async () => {
    const session = await aSession(app, { slots: [] })
    const refused = await admin.post(verb(session, 'close'))
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'enrolment/cannot-close', missing: { slotsNotEnded: [], marks: [] } },
    })
  })

  it('takes as many statements for 12 learners as for 40', async () => {
    const count = async (learners: number) => {
      const session = await aSession(app, { learners })
      await mark(session)
      return app.countQueries(() => admin.post(verb(session, 'close')))
    }
    expect(await count(12)).toBe(await count(40))
  })
})

describe('cancelling a session', () => {
  it('cancels whoever was still to come, with the reason, and keeps the marks', async () => {
    const session = await aSession(app, {
      learners: [
        {},
        { status: 'requested' },
        { status: 'waitlisted' },
        { status: 'abandoned' },
        { status: 'refused' },
      ],
    })
    await mark({ ...session, learners: session.learners.slice(0, 1) })
    const cancelled = await admin.post(verb(session, 'cancel'), { reason: 'Formatrice malade' })
    expect(cancelled.body).toMatchObject({ status: 'cancelled', statusReason: 'Formatrice malade' })
    expect(await statusesOf(session)).toEqual(['abandoned', 'cancelled', 'cancelled', 'cancelled', 'refused'])
    const learner = await admin.get(`/api/enrolments/${session.learners[0]?.enrolmentId}`)
    expect(learner.body.endReason).toBe('Formatrice malade')
    const marks = await app.deps.db
      .selectFrom('attendanceMark')
      .select('slotId')
      .where('sessionId', '=', session.id)
      .execute()
    expect(marks).toHaveLength(2)
  })

  it('needs a reason', async () => {
    const session = await aSession(app)
    expect(await admin.post(verb(session, 'cancel'))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/reason' }] },
    })
  })
})

describe('reopening a session', () => {
  async function aClosedSession() {
    const session = await aSession(app, { learners: [{}, { status: 'abandoned' }] })
    await mark(session)
    await admin.post(verb(session, 'close'))
    return session
  }

  it('confirms again who had completed it, and can be closed again', async () => {
    const session = await aClosedSession()
    const reopened = await admin.post(verb(session, 'reopen'), { reason: 'Feuille mal lue' })
    expect(reopened.body).toMatchObject({ status: 'open', statusReason: 'Feuille mal lue' })
    expect(await statusesOf(session)).toEqual(['abandoned', 'confirmed'])
    expect((await admin.post(verb(session, 'close'))).body).toMatchObject({
      status: 'closed',
      statusReason: null,
    })
    // The session forgets the reason when it is closed again; the audit does not.
    expect(await auditOf(app, session.id)).toContainEqual({
      action: 'session.reopen',
      changes: { status: ['closed', 'open'], reason: 'Feuille mal lue' },
    })
  })

  it('is refused while a certificate stands, and possible once it is revoked', async () => {
    const session = await aClosedSession()
    const [learner] = session.learners
    const issuedAt = app.system.now()
    const document = {
      id: newId(),
      createdAt: issuedAt,
      updatedAt: issuedAt,
      kind: 'certificate' as const,
      year: 2026,
      number: 1,
      sessionId: session.id,
      enrolmentId: learner?.enrolmentId ?? '',
      personId: learner?.personId ?? '',
      model: '{}',
      templateSource: '',
      templateVersion: '1',
      attendedMinutes: 420,
      issuedAt,
      verificationCode: 'ABCDEFGH',
    }
    await app.deps.db.insertInto('issuedDocument').values(document).execute()
    expect(await admin.post(verb(session, 'reopen'), { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'enrolment/certificate-stands' },
    })
    await app.deps.db
      .updateTable('issuedDocument')
      .set({ revokedAt: issuedAt, revokedReason: 'Nom mal écrit' })
      .where('id', '=', document.id)
      .execute()
    expect((await admin.post(verb(session, 'reopen'), { reason: 'x' })).status).toBe(200)
  })

  it('is for the admin alone', async () => {
    const chapterId = await addChapter(app)
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    const session = await aSession(app, { chapterId })
    expect((await ambassador.post(verb(session, 'close'))).status).toBe(200)
    expect((await ambassador.post(verb(session, 'reopen'), { reason: 'x' })).status).toBe(403)
  })
})

describe('a session', () => {
  const allowed: Record<string, readonly string[]> = {
    close: ['open'],
    cancel: ['draft', 'open'],
    reopen: ['closed'],
  }
  const cases = Object.keys(allowed).flatMap((name) =>
    (['draft', 'open', 'closed', 'cancelled'] as const).map((status) => ({ name, status })),
  )
  it.for(cases)('that is $status: $name', async ({ name, status }) => {
    const session = await aSession(app, { status })
    const answer = await admin.post(verb(session, name), name === 'close' ? undefined : { reason: 'Motif' })
    if (allowed[name]?.includes(status)) expect(answer.status).toBe(200)
    else expect(answer).toMatchObject({ status: 409, body: { code: 'planning/wrong-status' } })
  })

  it('is closed and cancelled by the ambassador of its chapter, and nobody else below the admin', async () => {
    const chapterId = await addChapter(app)
    const trainer = await app.signIn('trainer')
    const session = await aSession(app, { chapterId, trainer })
    const other = await app.signIn({ role: 'ambassador', chapterId: await addChapter(app) })
    for (const caller of [trainer, other, await app.signIn()]) {
      expect((await caller.post(verb(session, 'close'))).status).toBe(403)
      expect((await caller.post(verb(session, 'cancel'), { reason: 'x' })).status).toBe(403)
    }
    const hidden = await aSession(app, { chapterId, visibility: 'private' })
    expect((await other.post(verb(hidden, 'close'))).status).toBe(404)
  })

  it('is either closed or cancelled when both are asked for at once', async () => {
    const session = await aSession(app)
    const answers = await Promise.all([
      admin.post(verb(session, 'close')),
      admin.post(verb(session, 'cancel'), { reason: 'Motif' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
  })
})

describe('a session of the past that is imported', () => {
  it('takes its learners in one go, whatever its capacity, and none of them twice', async () => {
    const session = await aSession(app, { capacity: 1 })
    const people = await somePeople(app, 3)
    const rows = people.map((personId) => ({ personId, traineeType: null, employerClientId: null }))
    const add = () => inTransaction(app.system, (ctx) => addEnrolments(ctx, session, rows))
    const first = await add()
    expect(first.map((row) => row.status)).toEqual(['confirmed', 'confirmed', 'confirmed'])
    expect(first.map((row) => row.personId).sort()).toEqual([...people].sort())
    const again = await add()
    expect(again.map((row) => row.id).sort()).toEqual(first.map((row) => row.id).sort())
    expect(await auditOf(app, session.id)).toEqual([
      { action: 'enrolment.addHistory', changes: { added: 3 } },
    ])
    const count = (size: number) =>
      app.countQueries(() =>
        inTransaction(app.system, (ctx) => addEnrolments(ctx, session, rows.slice(0, size))),
      )
    expect(await count(1)).toBe(await count(3))
  })

  it('is closed if nothing is missing, and stays open if something is', async () => {
    const [complete, incomplete] = [
      await aSession(app, { learners: 1 }),
      await aSession(app, { learners: 1 }),
    ]
    await mark(complete)
    const close = (id: string) => inTransaction(app.system, (ctx) => closeIfComplete(ctx, id))
    expect(await close(complete.id)).toBe(true)
    expect(await close(complete.id)).toBe(false)
    expect(await close(incomplete.id)).toBe(false)
    expect(await statusesOf(complete)).toEqual(['completed'])
    expect(await statusesOf(incomplete)).toEqual(['confirmed'])
  })
})
