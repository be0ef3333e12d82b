import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import {
  addSession,
  addTrainer,
  closeSession,
  type SessionFacts,
  type WorldSession,
} from '../../support/world.ts'
import { countersign, seal, sealSlot } from '../sealing-world.ts'
import { aSignature } from '../signing/signatures.ts'

const now = '2026-03-02T17:00:00Z'

let app: TestApp
let admin: Caller
let trainer: Caller
let learner: Caller
let stranger: Caller

beforeAll(async () => {
  app = await testApp({ now, maxConnections: 8 })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  learner = await app.signIn()
  stranger = await app.signIn('trainer')
})
afterAll(() => app.close())

const session = (facts: SessionFacts = {}) =>
  addSession(app, { trainer, learners: [{ personId: learner.personId }, {}], ...facts })

type Told = { type: string; [field: string]: unknown }

/** At ten past nine in the first half-day, unless told otherwise. */
function event(held: WorldSession, told: Told) {
  const slotId = held.slots[0]?.id
  return { clientId: randomUUID(), slotId, at: '2026-03-02T08:10:00Z', ...told }
}
const markOf = (held: WorldSession, status: string, more: object = {}) =>
  event(held, { type: 'mark', enrolmentId: held.learners[0]?.enrolmentId, status, ...more })
const signatureOf = (held: WorldSession, more: object = {}) =>
  event(held, { type: 'signature', strokes: aSignature(7), ...more })
const handedTo = (held: WorldSession, index = 0) => ({ enrolmentId: held.learners[index]?.enrolmentId })

const send = (who: Caller, events: object[], deviceNow = now) =>
  who.post('/api/attendance/events', { deviceNow, events })
const outcomes = async (who: Caller, ...events: object[]) =>
  (await send(who, events)).body.results.map(({ outcome, code }: { outcome: string; code?: string }) =>
    code === undefined ? outcome : `${outcome}: ${code}`,
  )
const sheetOf = async (held: WorldSession) => (await admin.get(`/api/sessions/${held.id}/attendance`)).body
const countEvents = async (held: WorldSession) =>
  (
    await app.deps.db
      .selectFrom('attendanceEvent')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('sessionId', '=', held.id)
      .executeTakeFirstOrThrow()
  ).count

describe('a batch recorded without a network', () => {
  it('marks, signs and countersigns as of when it happened, with the time of the device beside it', async () => {
    const held = await session()
    const signed = signatureOf(held)
    const { status, body } = await send(
      learner,
      [{ ...signed, at: '2026-03-02T07:25:10Z' }],
      '2026-03-02T16:15:00Z',
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      serverNow: now,
      clockOffsetSeconds: 2_700,
      results: [{ outcome: 'recorded' }],
    })
    const row = await app.deps.db
      .selectFrom('attendanceSignature')
      .selectAll()
      .where('sessionId', '=', held.id)
      .executeTakeFirstOrThrow()
    expect([row.way, `${row.signedAt}`, `${row.deviceAt}`]).toEqual([
      'ownDevice',
      '2026-03-02T08:10:10Z',
      '2026-03-02T07:25:10Z',
    ])
    const sheet = await sheetOf(held)
    expect(sheet.learners[0].marks).toMatchObject([{ status: 'present', attendedMinutes: 210 }])
    expect(sheet.conflicts).toMatchObject([{ kind: 'clock-off', ...handedTo(held) }])
  })

  it('takes late arrivals as times, and reasons and notes as they were written', async () => {
    const held = await session()
    const late = markOf(held, 'partial', {
      arrivedAt: '10:00',
      reasonCode: 'transport',
      note: 'Train supprimé',
    })
    expect(await outcomes(trainer, late)).toEqual(['recorded'])
    expect((await sheetOf(held)).learners[0].marks).toMatchObject([
      { status: 'partial', attendedMinutes: 150, reasonCode: 'transport', note: 'Train supprimé' },
    ])
  })

  it('is recorded once, also when two connections bring it at the same moment', async () => {
    const held = await session()
    const events = [markOf(held, 'present'), signatureOf(held, handedTo(held, 1))]
    const answers = await Promise.all([1, 2, 3].map(() => send(trainer, events)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const told = answers.flatMap(({ body }) =>
      body.results.map(({ outcome }: { outcome: string }) => outcome),
    )
    expect(told.sort()).toEqual(['recorded', 'recorded', 'repeated', 'repeated', 'repeated', 'repeated'])
    // A signature of whom nobody has marked marks them.
    expect(await countEvents(held)).toBe(3)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('costs as many statements for a hundred events as for three', async () => {
    const held = await session({ learners: 60 })
    const marks = held.learners.map(({ enrolmentId }) => markOf(held, 'present', { enrolmentId }))
    const signatures = held.learners.map((_, index) => signatureOf(held, handedTo(held, index)))
    const few = await app.countQueries(() => send(trainer, [...marks.slice(0, 2), ...signatures.slice(0, 1)]))
    const many = await app.countQueries(() => send(trainer, [...marks.slice(2), ...signatures.slice(1)]))
    expect(many).toBe(few)
  })

  it('goes to as many sessions as it speaks of, and what is refused keeps nothing else out', async () => {
    const [one, other] = [await session(), await session()]
    expect(
      await outcomes(
        trainer,
        markOf(one, 'present'),
        markOf(other, 'absent', { slotId: randomUUID() }),
        markOf(other, 'present', { at: '2026-03-02T07:50:00Z' }),
        markOf(other, 'present', { at: '2026-03-02T17:03:00Z' }),
        markOf(other, 'partial', { attendedMinutes: 400 }),
        markOf(other, 'present', handedTo(one)),
        markOf(other, 'absent'),
      ),
    ).toEqual([
      'recorded',
      'refused: platform/not-found',
      'refused: attendance/slot-not-started',
      'refused: attendance/in-the-future',
      'refused: too-big',
      'refused: not-of-this-session',
      'recorded',
    ])
  })

  it('is taken from who recorded it, not from who signs in on the same device afterwards', async () => {
    const held = await session()
    const events = [event(held, { type: 'countersignature', strokes: aSignature(3) })]
    const sent = { deviceNow: now, personId: trainer.personId, events }
    const cotrainer = await app.signIn('trainer')
    await addTrainer(app, held.id, cotrainer.personId)
    expect(await cotrainer.post('/api/attendance/events', sent)).toMatchObject({
      status: 403,
      body: { code: 'attendance/recorded-by-another' },
    })
    expect(await countEvents(held)).toBe(0)
    expect((await trainer.post('/api/attendance/events', sent)).body.results).toMatchObject([
      { outcome: 'recorded' },
    ])
  })

  it('is of half-days that have begun, whatever the clock of the device says', async () => {
    const held = await session()
    app.setNow('2026-03-02T07:59:00Z')
    const signed = signatureOf(held, { at: '2026-03-02T08:00:00Z' })
    for (const deviceNow of ['2026-03-02T07:59:00Z', '2026-03-02T08:00:00Z', '2026-03-02T07:00:00Z'])
      expect((await send(learner, [signed], deviceNow)).body.results).toMatchObject([
        { outcome: 'refused', code: 'attendance/slot-not-started' },
      ])
    app.setNow(now)
    expect(await countEvents(held)).toBe(0)
  })

  it.each([
    ['no event', { events: [] }, '/events'],
    ['another kind of event', { events: [{ type: 'seal' }] }, '/events/0/type'],
    ['a mark without a learner', { events: [{ type: 'mark', status: 'present' }] }, '/events/0/enrolmentId'],
    [
      'minutes beside a time',
      { events: [{ type: 'mark', status: 'partial', attendedMinutes: 5, leftAt: '10:00' }] },
      '/events/0/leftAt',
    ],
    ['a dot for a signature', { events: [{ type: 'signature', strokes: [[10, 10]] }] }, '/events/0/strokes'],
    ['a device without a clock', { deviceNow: 'hier', events: [{ type: 'mark' }] }, '/deviceNow'],
  ])('is refused as a whole for %s, with the place of the fault', async (_, { events, ...more }, pointer) => {
    const held = await session()
    const whole = events.map((told) => ({
      ...event(held, told),
      ...('strokes' in told ? {} : handedTo(held)),
      ...told,
    }))
    const sent = pointer.endsWith('enrolmentId')
      ? whole.map(({ enrolmentId: _, ...rest }: { enrolmentId?: unknown }) => rest)
      : whole
    const answer = await trainer.post('/api/attendance/events', { deviceNow: now, events: sent, ...more })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
    expect(await countEvents(held)).toBe(0)
  })
})

describe('a client id', () => {
  it('sent again with other content is refused, also within one batch', async () => {
    const held = await session()
    const present = markOf(held, 'present')
    const other = { ...present, status: 'absent' }
    expect(await outcomes(trainer, present, present, other)).toEqual([
      'recorded',
      'repeated',
      'refused: attendance/client-id-reused',
    ])
    expect(await outcomes(trainer, other, present)).toEqual([
      'refused: attendance/client-id-reused',
      'repeated',
    ])
  })

  it('of several learners at the same moment is one learner’s, and nothing breaks', async () => {
    const learners = [learner, await app.signIn(), await app.signIn(), await app.signIn()]
    const held = await session({ learners: learners.map(({ personId }) => ({ personId })) })
    const clientId = randomUUID()
    const sendAll = () =>
      Promise.all(
        learners.map((who, hand) => send(who, [signatureOf(held, { clientId, strokes: aSignature(hand) })])),
      )
    for (const { status } of await sendAll()) expect([200, 409]).toContain(status)
    const outcomes = (await sendAll()).map(({ body }) => body.results[0].outcome)
    expect(outcomes.toSorted()).toEqual(['refused', 'refused', 'refused', 'repeated'])
  })

  it('is still known when the text of its event has been deleted in its time', async () => {
    const held = await session()
    const present = markOf(held, 'present', { note: 'Assis au fond' })
    await outcomes(trainer, present)
    await app.deps.db
      .deleteFrom('attendancePayload')
      .where('eventId', 'in', (eb) =>
        eb.selectFrom('attendanceEvent').select('id').where('sessionId', '=', held.id),
      )
      .execute()
    expect(await outcomes(trainer, present, { ...present, at: '2026-03-02T08:11:00Z' })).toEqual([
      'repeated',
      'refused: attendance/client-id-reused',
    ])
  })
})

describe('nobody marks or signs for another', () => {
  it('but a trainer who hands over the device, and that is written down', async () => {
    const held = await session()
    expect(await outcomes(trainer, signatureOf(held, handedTo(held, 1)), signatureOf(held))).toEqual([
      'recorded',
      'refused: required',
    ])
    const [row] = await app.deps.db
      .selectFrom('attendanceEvent')
      .select('body')
      .where('sessionId', '=', held.id)
      .where('kind', '=', 'signature')
      .execute()
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      way: 'trainerDevice',
      handedOverBy: trainer.personId,
    })
  })

  it('neither a learner, nor an admin, nor who has no part in the session, to whom it looks as if it were not there', async () => {
    const held = await session()
    const countersignature = event(held, { type: 'countersignature', strokes: aSignature(1) })
    const all = [markOf(held, 'present'), signatureOf(held, handedTo(held, 1)), countersignature]
    const forbidden = 'refused: platform/forbidden'
    const nothing = 'refused: platform/not-found'
    expect(await outcomes(learner, ...all)).toEqual([forbidden, forbidden, forbidden])
    expect(await outcomes(admin, ...all)).toEqual(['recorded', forbidden, forbidden])
    expect(await outcomes(stranger, ...all, signatureOf(held))).toEqual([nothing, nothing, nothing, nothing])
  })
})

describe('a learner’s own signature', () => {
  it('is not replaced by one on the trainer’s device, however early that says it was, and replaces it', async () => {
    const [first, second] = [await session(), await session()]
    const slotOf = ({ slots }: WorldSession) => `/api/slots/${slots[0]?.id}/signatures`
    const handed = { ...{ at: '2026-03-02T08:00:01Z', strokes: aSignature(99) }, ...handedTo(first) }
    expect((await learner.post(slotOf(first), { strokes: aSignature(1) })).status).toBe(201)
    expect(await outcomes(trainer, signatureOf(first, handed))).toEqual(['recorded'])
    await outcomes(trainer, signatureOf(second, { ...handed, ...handedTo(second) }))
    expect(await outcomes(learner, signatureOf(second))).toEqual(['recorded'])
    for (const held of [first, second]) {
      const { signatures } = (await admin.get(slotOf(held))).body
      expect(signatures).toMatchObject([{ way: 'ownDevice', handedOverBy: null }])
      expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
    }
  })
})

describe('what does not go together', () => {
  it('is recorded and shown: the trainer says absent, the learner has signed', async () => {
    const held = await session()
    const absent = markOf(held, 'absent', { reasonCode: 'unknown' })
    const signed = signatureOf(held)
    expect(await outcomes(learner, signed)).toEqual(['recorded'])
    expect(await outcomes(trainer, absent)).toEqual(['conflict: attendance/signed-but-absent'])
    expect(await outcomes(learner, signed)).toEqual(['repeated: attendance/signed-but-absent'])
    const sheet = await sheetOf(held)
    expect(sheet.conflicts).toMatchObject([{ kind: 'signed-but-absent', ...handedTo(held) }])
    expect(sheet.learners[0].marks).toMatchObject([{ status: 'absent' }])
  })

  it('and what arrives after the half-day was sealed, which it does not change', async () => {
    const held = await session()
    await sealSlot(trainer, held)
    const before = (await sheetOf(held)).learners
    const late = [markOf(held, 'absent'), event(held, { type: 'countersignature', strokes: aSignature(3) })]
    const sealed = 'conflict: attendance/sheet-sealed'
    expect(await outcomes(trainer, ...late)).toEqual([sealed, sealed])
    expect(await outcomes(learner, signatureOf(held))).toEqual([sealed])
    const sheet = await sheetOf(held)
    expect(sheet.learners).toEqual(before)
    expect(sheet.conflicts.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'late-countersignature',
      'late-mark',
      'late-signature',
    ])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('and what arrives once the session is closed, the half-day cancelled or the learner gone', async () => {
    const [closed, cancelled, left] = [await session(), await session(), await session()]
    await closeSession(app, closed.id)
    await admin.post(`/api/slots/${cancelled.slots[0]?.id}/cancel`, { reason: 'Salle fermée' })
    await admin.post(`/api/enrolments/${left.learners[0]?.enrolmentId}/cancel`, { reason: 'Désistement' })
    expect(
      await outcomes(
        trainer,
        markOf(closed, 'present'),
        markOf(cancelled, 'present'),
        markOf(left, 'present'),
      ),
    ).toEqual([
      'conflict: attendance/session-closed',
      'conflict: planning/slot-cancelled',
      'conflict: not-confirmed',
    ])
    expect(await outcomes(learner, signatureOf(left))).toEqual(['conflict: not-confirmed'])
    for (const held of [closed, cancelled, left]) expect((await sheetOf(held)).attendedMinutes).toBe(0)
  })

  it('while a half-day countersigned earlier without a network keeps the earlier time, and can be sealed by it', async () => {
    const held = await session({ learners: 1 })
    await outcomes(trainer, markOf(held, 'absent', { reasonCode: 'illness' }))
    expect((await countersign(trainer, held)).status).toBeLessThan(300)
    const earlier = event(held, {
      type: 'countersignature',
      strokes: aSignature(3),
      at: '2026-03-02T11:31:00Z',
    })
    expect(await outcomes(trainer, earlier)).toEqual(['recorded'])
    const [slot] = (await sheetOf(held)).slots
    expect(slot.trainers).toMatchObject([{ signedAt: '2026-03-02T11:31:00Z' }])
    expect((await seal(trainer, held)).status).toBeLessThan(300)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })
})
