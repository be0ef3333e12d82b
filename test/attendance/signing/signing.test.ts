/** Learners sign their half-days: what a signature records, when it can be given, and by whom. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { made } from '../../support/route-world.ts'
import { addChapter, addLearners, addSession, addTrainer, closeSession } from '../../support/world.ts'
import { aSignature } from './signatures.ts'
import {
  aScreenLink,
  aSignedSession,
  ledgerOf,
  type SignedSession,
  sealed,
  sign,
  signaturesOf,
  signByLink,
} from './signing-world.ts'

const duringMorning = '2026-03-02T09:00:00.123Z'

let app: TestApp
let admin: Caller
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now: duringMorning, maxConnections: 12 })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())
beforeEach(() => app.setNow(duringMorning))

const aSession = (facts: Parameters<typeof aSignedSession>[2] = {}) => aSignedSession(app, trainer, facts)

async function marksOf({ id }: SignedSession) {
  const { body } = await admin.get(`/api/sessions/${id}/attendance`)
  return body.learners[0].marks.map(({ status, attendedMinutes, source }: Record<string, unknown>) => ({
    status,
    attendedMinutes,
    source,
  }))
}

const mark = (session: SignedSession, status: string) =>
  trainer.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
    marks: [{ enrolmentId: session.learners[0]?.enrolmentId, status }],
  })

describe('a signature', () => {
  it('leaves who signed, when by both clocks, how, with what device, and what was drawn', async () => {
    const session = await aSession()
    const [learner] = session.people
    const strokes = aSignature(5)
    const answer = await sign(learner!, session, {
      strokes,
      deviceAt: '2026-03-02T10:03:00+01:00',
      headers: { 'user-agent': 'Fairphone' },
    })
    expect(answer).toMatchObject({
      status: 201,
      body: {
        enrolmentId: session.learners[0]?.enrolmentId,
        way: 'ownDevice',
        signedAt: '2026-03-02T09:00:00.123Z',
        deviceAt: '2026-03-02T09:03:00Z',
      },
    })
    const [event] = await ledgerOf(app, session)
    expect(event).toMatchObject({
      kind: 'signature',
      slotId: session.slots[0]?.id,
      personId: learner?.personId,
      recordedBy: learner?.accountId,
      way: 'ownDevice',
      signedAt: '2026-03-02T09:00:00.123Z',
      deviceAt: '2026-03-02T09:03:00Z',
      handedOverBy: null,
      linkId: null,
      isLate: false,
      payload: { strokes, userAgent: 'Fairphone' },
    })
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('bears the time of the device, unless that names no moment of our times', async () => {
    const session = await aSession()
    for (const deviceAt of [
      '2026-03-02T10:03:00.1234567891Z',
      '1999-12-31T23:59:59Z',
      '2026-02-29T10:00:00Z',
    ])
      expect(await sign(session.people[0]!, session, { deviceAt })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/deviceAt' }] },
      })
    expect(await signaturesOf(app, session)).toEqual([])
    const answer = await sign(session.people[0]!, session, { deviceAt: '2026-03-02T10:03:00.123456789Z' })
    expect(answer).toMatchObject({ status: 201, body: { deviceAt: '2026-03-02T10:03:00.123Z' } })
  })

  it('makes present whom nobody has decided on, and leaves a decision as it is', async () => {
    const session = await aSession()
    made(await sign(session.people[0]!, session))
    expect(await marksOf(session)).toEqual([{ status: 'present', attendedMinutes: 210, source: 'signature' }])
    const absent = await aSession()
    made(await mark(absent, 'absent'))
    made(await sign(absent.people[0]!, absent))
    expect(await marksOf(absent)).toEqual([{ status: 'absent', attendedMinutes: 0, source: 'decision' }])
    expect(await signaturesOf(app, absent)).toHaveLength(1)
    expect(await verifySessionLedger(app.deps.db, absent.id)).toBeUndefined()
  })

  it('is given once: the same strokes again are answered with it, others are a conflict', async () => {
    const session = await aSession()
    const [learner] = session.people
    const first = made(await sign(learner!, session))
    app.setNow('2026-03-02T09:30:00Z')
    expect(await sign(learner!, session)).toMatchObject({ status: 201, body: first })
    expect(await sign(learner!, session, { strokes: aSignature(2) })).toMatchObject({
      status: 409,
      body: { code: 'attendance/already-signed' },
    })
    expect(await signaturesOf(app, session)).toHaveLength(1)
  })

  it('that is none is refused with a pointer to what is wrong', async () => {
    const session = await aSession()
    const refusal = async (body: object) => {
      const answer = await sign(session.people[0]!, session, { ...body })
      return [answer.status, answer.body.errors?.[0]?.pointer]
    }
    expect(await refusal({ strokes: [] })).toEqual([422, '/strokes'])
    expect(await refusal({ strokes: [[500, 200]] })).toEqual([422, '/strokes'])
    expect(await refusal({ strokes: [[0, 0, 500, 401]] })).toEqual([422, '/strokes/0/3'])
    expect(await refusal({ strokes: Array(61).fill([0, 0, 9, 9]) })).toEqual([422, '/strokes'])
    expect(await refusal({ deviceAt: '0001-01-01T00:00:00Z' })).toEqual([422, '/deviceAt'])
    expect(await refusal({ code: '12345' })).toEqual([422, '/code'])
    expect(await signaturesOf(app, session)).toEqual([])
  })
})

describe('a half-day is signed', () => {
  const codeOf = async (session: SignedSession, extra = {}) =>
    (await sign(session.people[0]!, session, extra)).body.code

  it('not before it begins', async () => {
    expect(await codeOf(await aSession(), { slot: 1 })).toBe('attendance/slot-not-started')
  })

  it('not once it is sealed, unless it had been signed', async () => {
    const session = await aSession({ people: 2 })
    made(await sign(session.people[0]!, session))
    await sealed(app, session)
    expect((await sign(session.people[1]!, session)).body.code).toBe('attendance/sheet-sealed')
    expect((await sign(session.people[0]!, session)).status).toBe(201)
  })

  it('not when it was cancelled', async () => {
    const session = await aSession()
    await app.deps.db
      .updateTable('slot')
      .set({ cancelledAt: app.deps.clock(), cancelledReason: 'Salle inondée' })
      .where('id', '=', session.slots[0]?.id ?? '')
      .execute()
    expect(await codeOf(session)).toBe('planning/slot-cancelled')
  })

  it('in a session that is closed by who was marked, late; not in one that is a draft or cancelled', async () => {
    const closed = await aSession()
    made(await mark(closed, 'present'))
    await closeSession(app, closed.id)
    expect((await sign(closed.people[0]!, closed)).status).toBe(201)
    const unmarked = await aSession()
    await closeSession(app, unmarked.id)
    expect(await codeOf(unmarked)).toBe('attendance/session-closed')
    expect(await codeOf(await aSession({ status: 'draft' }))).toBe('attendance/session-not-held')
    expect(await codeOf(await aSession({ status: 'cancelled' }))).toBe('attendance/session-not-held')
  })

  it('by confirmed learners of the session alone', async () => {
    const session = await aSession()
    for (const status of ['requested', 'waitlisted', 'abandoned'] as const) {
      const person = await app.signIn()
      const [other] = await addLearners(app, session.id, [{ personId: person.personId, status }])
      expect((await sign(person, session)).status, status).toBe(403)
      const handed = await sign(trainer, session, { enrolmentId: other?.enrolmentId })
      expect(handed.body.errors, status).toMatchObject([{ pointer: '/enrolmentId', code: 'not-confirmed' }])
    }
    const elsewhere = await addSession(app, { learners: 1 })
    const handed = await sign(trainer, session, { enrolmentId: elsewhere.learners[0]?.enrolmentId })
    expect(handed.body.errors).toMatchObject([{ pointer: '/enrolmentId', code: 'not-confirmed' }])
  })
})

describe('nobody signs for another person', () => {
  it('whatever their role and whatever the way; a trainer hands over a device, and the ledger says so', async () => {
    const chapterId = await addChapter(app)
    const session = await aSession({ people: 2, chapterId })
    const [learner, other] = session.people
    const callers: Record<string, Caller> = {
      anonymous: app.anonymous,
      stranger: await app.signIn(),
      'the learner': learner!,
      'another learner': other!,
      trainer,
      'trainer of another session': await app.signIn('trainer'),
      ambassador: await app.signIn({ role: 'ambassador', chapterId }),
      admin,
      'an admin who also trains': await app.signIn('admin', 'trainer'),
    }
    const enrolmentId = session.learners[0]?.enrolmentId
    const { code } = made(await trainer.get(`/api/slots/${session.slots[0]?.id}/code`))
    const link = await aScreenLink(trainer, session)
    /** Each on a half-day that nobody has signed: for the status alone. */
    const ways: Record<string, (who: Caller) => Promise<{ status: number }>> = {
      'for oneself': (who) => sign(who, session),
      'for the learner': (who) => sign(who, session, { enrolmentId }),
      'by the code, for the learner': (who) => sign(who, session, { enrolmentId, code }),
      'by the learner’s link': (who) => signByLink(who, link, session),
    }
    const may: Record<string, Record<string, number>> = {}
    for (const [role, who] of Object.entries(callers)) {
      const statuses: Record<string, number> = {}
      // Nothing may stand that an earlier caller signed: strokes that are none get as far as the right to sign.
      for (const [way, attempt] of Object.entries(ways)) statuses[way] = (await attempt(dotting(who))).status
      may[role] = statuses
    }
    const all = (status: number, byLink = status, forOneself = status) => ({
      'for oneself': forOneself,
      'for the learner': status,
      'by the code, for the learner': status,
      'by the learner’s link': byLink,
    })
    expect(may).toEqual({
      anonymous: all(401, 422),
      stranger: all(404, 403),
      'the learner': all(403, 422, 422),
      'another learner': all(403, 403, 422),
      trainer: all(422, 403, 422),
      'trainer of another session': all(404, 403),
      ambassador: all(403),
      admin: all(403),
      'an admin who also trains': all(403),
    })
    expect(await ledgerOf(app, session)).toEqual([])
    made(await sign(trainer, session, { enrolmentId }))
    const [event] = await ledgerOf(app, session)
    expect(event).toMatchObject({
      way: 'trainerDevice',
      handedOverBy: trainer.personId,
      recordedBy: trainer.accountId,
      personId: learner?.personId,
    })
  })

  it('nor may a learner name somebody, or a trainer forget to', async () => {
    const session = await aSession({ people: 2 })
    const [first, second] = session.learners
    expect((await sign(session.people[1]!, session, { enrolmentId: first?.enrolmentId })).status).toBe(403)
    expect((await sign(session.people[1]!, session, { enrolmentId: second?.enrolmentId })).status).toBe(403)
    expect((await sign(trainer, session)).body.errors).toMatchObject([
      { pointer: '/enrolmentId', code: 'required' },
    ])
    expect((await sign(admin, session)).status).toBe(403)
  })

  it('not even who trains besides, in another session', async () => {
    const session = await aSession()
    const elsewhere = await addSession(app)
    const colleague = await app.signIn('trainer')
    await addTrainer(app, elsewhere.id, colleague.personId)
    expect((await sign(colleague, session, { enrolmentId: session.learners[0]?.enrolmentId })).status).toBe(
      404,
    )
  })
})

/** The same caller, whose pen only ever makes a dot. */
function dotting(who: Caller): Caller {
  return {
    ...who,
    post: (path, body, headers) => who.post(path, { ...(body as object), strokes: [[1, 1]] }, headers),
  }
}

describe('fifty requests at once', () => {
  it('of one learner make one signature, and all but other strokes are answered with it', async () => {
    const session = await aSession()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        sign(session.people[0]!, session, { strokes: aSignature(1 + (index % 2)) }),
      ),
    )
    const signed = answers.filter(({ status }) => status === 201)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(25)
    expect(signed).toHaveLength(25)
    expect(new Set(signed.map(({ body }) => body.signedAt)).size).toBe(1)
    expect((await ledgerOf(app, session)).map(({ kind }) => kind)).toEqual(['signature', 'mark'])
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })
})

describe('strokes that are too much alike', () => {
  const warningsOf = async ({ slots }: SignedSession, slot = 0) => {
    const { body } = await trainer.get(`/api/slots/${slots[slot]?.id}/signatures`)
    return body.warnings
  }

  it('are pointed out, of two people at any size, and of one person who drew exactly the same again', async () => {
    const session = await aSession({ people: 3, slots: ['2026-03-02 08:00-09:00', '2026-03-02 09:00-12:30'] })
    const [one, two, three] = session.people
    const smaller = aSignature(9).map((stroke) => stroke.map((value) => Math.round(value / 2) + 20))
    made(await sign(one!, session, { strokes: aSignature(9) }))
    expect(await warningsOf(session)).toEqual([])
    made(await sign(two!, session, { strokes: smaller }))
    made(await sign(three!, session, { strokes: aSignature(10) }))
    made(await sign(three!, session, { strokes: aSignature(10), slot: 1 }))
    const [first, second, third] = session.learners.map(({ enrolmentId }) => enrolmentId)
    const [slot, later] = session.slots.map(({ id }) => id)
    const repeated = { kind: 'repeated-strokes', enrolmentIds: [third], slotIds: [slot, later] }
    expect(await warningsOf(session)).toEqual([
      { kind: 'same-strokes', enrolmentIds: [first, second], slotIds: [slot] },
      repeated,
    ])
    expect(await warningsOf(session, 1)).toEqual([repeated])
  })
})
