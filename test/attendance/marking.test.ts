import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordMarks, type SlotMarks } from '../../src/attendance/attendance.service.ts'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { listSlots, lockSession } from '../../src/planning/session.queries.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addSession, closeSession, type SessionFacts, type WorldSession } from '../support/world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z', maxConnections: 12 })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())

const session = (facts: SessionFacts = {}) => addSession(app, { trainer, ...facts })

type Mark = { enrolmentId?: string; status: string; [field: string]: unknown }

/** Marks the learners of a session in their order. */
function mark(who: Caller, { slots, learners }: WorldSession, marks: Mark[], extra: object = {}, slot = 0) {
  return who.put(`/api/slots/${slots[slot]?.id}/attendance`, {
    marks: marks.map((given, index) => ({ enrolmentId: learners[index]?.enrolmentId, ...given })),
    ...extra,
  })
}

async function eventsOf({ id }: WorldSession) {
  return app.deps.db
    .selectFrom('attendanceEvent')
    .selectAll()
    .where('sessionId', '=', id)
    .orderBy('sequence')
    .execute()
}

describe('marking a half-day', () => {
  it('counts the whole half-day for who was present, the minutes given for who came late, none for who was absent', async () => {
    const held = await session()
    const answer = await mark(trainer, held, [
      { status: 'present' },
      { status: 'partial', attendedMinutes: 125, reasonCode: 'transport', note: 'Train supprimé' },
      { status: 'absent', reasonCode: 'illness', justified: true },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body.marks).toMatchObject([
      {
        enrolmentId: held.learners[0]?.enrolmentId,
        status: 'present',
        attendedMinutes: 210,
        reasonCode: null,
      },
      { status: 'partial', attendedMinutes: 125, reasonCode: 'transport', note: 'Train supprimé' },
      { status: 'absent', attendedMinutes: 0, reasonCode: 'illness', justified: true, note: null },
    ])
  })

  it('answers with every mark of the half-day, also those of earlier calls', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }])
    const [, second] = held.learners
    const answer = await mark(trainer, held, [{ enrolmentId: second?.enrolmentId, status: 'absent' }])
    expect(answer.body.marks.map((one: { status: string }) => one.status)).toEqual(['present', 'absent'])
  })

  it('counts the minutes that pass when the clocks change in the night', async () => {
    const held = await session({ slots: ['2025-10-26 00:30-08:30', '2025-10-27 00:30-08:30'] })
    const answer = await mark(trainer, held, [{ status: 'present' }])
    expect(answer.body.marks[0].attendedMinutes).toBe(540)
  })

  it('keeps the date of the session’s own time zone', async () => {
    const held = await session({ slots: ['2026-01-15 02:00-03:00'], timeZone: 'Indian/Reunion' })
    await mark(trainer, held, [{ status: 'present' }])
    const row = await app.deps.db
      .selectFrom('attendanceMark')
      .select('heldOn')
      .where('sessionId', '=', held.id)
      .executeTakeFirst()
    expect(row?.heldOn).toBe('2026-01-15')
  })

  it.each([
    ['onsite', '', 'onsite'],
    ['hybrid', '', 'onsite'],
    ['remote', '', 'synchronous'],
    ['onsite', ' @remote', 'synchronous'],
    ['remote', ' @onsite', 'onsite'],
  ] as const)('files a half-day of a session %s,%s as %s', async (modality, slotModality, kind) => {
    const held = await session({ modality, slots: [`2026-03-02 09:00-12:00${slotModality}`] })
    await mark(trainer, held, [{ status: 'present' }])
    const row = await app.deps.db
      .selectFrom('attendanceMark')
      .select('kind')
      .where('sessionId', '=', held.id)
      .executeTakeFirst()
    expect(row?.kind).toBe(kind)
  })

  it('leaves what was attended as it was when the half-day is moved afterwards', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }])
    await app.deps.db
      .updateTable('slot')
      .set({ endsAt: Temporal.Instant.from('2026-03-02T10:00:00Z') })
      .where('id', '=', held.slots[0]?.id ?? '')
      .execute()
    const sheet = await admin.get(`/api/sessions/${held.id}/attendance`)
    expect(sheet.body.learners[0].attendedMinutes).toBe(210)
    const again = await mark(trainer, held, [{ status: 'present' }])
    expect(again.body.marks[0].attendedMinutes).toBe(120)
    expect(await eventsOf(held)).toHaveLength(2)
  })
})

describe('a call repeated', () => {
  it('makes no event when nothing is new, and one for each mark that is', async () => {
    const held = await session()
    const marks = [
      { status: 'present' },
      { status: 'partial', attendedMinutes: 60, note: 'Départ à 10 h' },
      { status: 'absent', reasonCode: 'work', justified: false },
    ]
    const first = await mark(trainer, held, marks)
    const second = await mark(trainer, held, marks)
    expect(second.body).toEqual(first.body)
    expect(await eventsOf(held)).toHaveLength(3)
    await mark(admin, held, [{ status: 'present' }, { status: 'present' }, marks[2] as Mark])
    expect(await eventsOf(held)).toHaveLength(4)
  })

  it.each([
    ['another note', { note: 'Prévenue la veille' }],
    ['no note any more', { note: null }],
    ['another reason', { reasonCode: 'family' }],
    ['a proof', { justified: true }],
  ])('makes an event for %s', async (_, change) => {
    const held = await session({ learners: 1 })
    const absent = { status: 'absent', reasonCode: 'work', note: 'Sans nouvelles' }
    await mark(trainer, held, [absent])
    await mark(trainer, held, [{ ...absent, ...change }])
    expect(await eventsOf(held)).toHaveLength(2)
  })
})

describe('a call that cannot be accepted', () => {
  it.each([
    ['partial without minutes', [{ status: 'partial' }], '/marks/0/attendedMinutes'],
    [
      'partial for the whole half-day',
      [{ status: 'partial', attendedMinutes: 210 }],
      '/marks/0/attendedMinutes',
    ],
    ['partial of no minute', [{ status: 'partial', attendedMinutes: 0 }], '/marks/0/attendedMinutes'],
    ['half a minute', [{ status: 'partial', attendedMinutes: 1.5 }], '/marks/0/attendedMinutes'],
    ['present with minutes', [{ status: 'present', attendedMinutes: 210 }], '/marks/0/attendedMinutes'],
    ['present with a reason', [{ status: 'present', reasonCode: 'illness' }], '/marks/0/reasonCode'],
    ['a reason that is not one', [{ status: 'absent', reasonCode: 'holiday' }], '/marks/0/reasonCode'],
    ['an unknown status', [{ status: 'present' }, { status: 'late' }], '/marks/1/status'],
    ['an unknown field', [{ status: 'present', minutes: 3 }], '/marks/0/minutes'],
    ['no mark at all', [], '/marks'],
  ])('is refused for %s, with the place of the fault', async (_, marks, pointer) => {
    const held = await session()
    const answer = await mark(trainer, held, marks)
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
  })

  it('is refused as a whole: one bad mark among good ones leaves no trace', async () => {
    const held = await session()
    const [learner] = held.learners
    const marks = [
      { status: 'present' },
      { status: 'absent' },
      { enrolmentId: learner?.enrolmentId, status: 'absent' },
    ]
    const twice = await mark(trainer, held, marks)
    expect(twice.status).toBe(422)
    expect(twice.body.errors).toMatchObject([{ pointer: '/marks/2/enrolmentId' }])
    const tooLong = await mark(trainer, held, [
      { status: 'present' },
      { status: 'partial', attendedMinutes: 400 },
    ])
    expect(tooLong.status).toBe(422)
    expect(tooLong.body.errors).toMatchObject([{ pointer: '/marks/1/attendedMinutes', code: 'too-big' }])
    expect(await eventsOf(held)).toEqual([])
  })

  it('knows one learner in two spellings of the id', async () => {
    const held = await session()
    const id = held.learners[0]?.enrolmentId ?? ''
    const answer = await mark(trainer, held, [
      { enrolmentId: id, status: 'present' },
      { enrolmentId: id.toUpperCase(), status: 'absent' },
    ])
    expect(answer.status).toBe(422)
    const alone = await mark(trainer, held, [{ enrolmentId: id.toUpperCase(), status: 'present' }])
    expect(alone.body.marks).toMatchObject([{ enrolmentId: id, status: 'present' }])
  })

  it('is refused for a learner of another session, and for one nobody knows', async () => {
    const [held, other] = [await session(), await session()]
    for (const enrolmentId of [other.learners[0]?.enrolmentId, '01980000-0000-7000-8000-000000000000']) {
      const answer = await mark(trainer, held, [{ status: 'present' }, { enrolmentId, status: 'present' }])
      expect(answer.status).toBe(422)
      expect(answer.body.errors).toMatchObject([
        { pointer: '/marks/1/enrolmentId', code: 'not-of-this-session' },
      ])
    }
  })

  it.each(['requested', 'waitlisted', 'refused', 'cancelled', 'completed', 'abandoned'] as const)(
    'is refused for a learner who is %s while the session is open',
    async (status) => {
      const held = await session({ learners: [{ status }] })
      const answer = await mark(trainer, held, [{ status: 'present' }])
      expect(answer.status).toBe(422)
      expect(answer.body.errors).toMatchObject([{ pointer: '/marks/0/enrolmentId', code: 'not-confirmed' }])
    },
  )

  it('takes five hundred learners, and not one more', async () => {
    const held = await session({ learners: 501 })
    const all = held.learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' }))
    const tooMany = await mark(trainer, held, all)
    expect(tooMany.status).toBe(422)
    expect(tooMany.body.errors).toMatchObject([{ pointer: '/marks' }])
    const answer = await mark(trainer, held, all.slice(0, 500))
    expect(answer.body.marks).toHaveLength(500)
  })
})

describe('the time of marking', () => {
  it('begins when the half-day does', async () => {
    const held = await session({ slots: ['2026-03-02 18:00-20:00'] })
    app.setNow('2026-03-02T16:59:59Z')
    const early = await mark(trainer, held, [{ status: 'present' }])
    expect([early.status, early.body.code]).toEqual([409, 'attendance/slot-not-started'])
    app.setNow('2026-03-02T17:00:00Z')
    expect((await mark(trainer, held, [{ status: 'present' }])).status).toBe(200)
  })

  it('never comes for a session that is a draft', async () => {
    const held = await session({ status: 'draft' })
    const answer = await mark(admin, held, [{ status: 'present' }], { reason: 'Relevé papier' })
    expect([answer.status, answer.body.code]).toEqual([409, 'attendance/session-not-held'])
  })
})

describe('a mark that stands', () => {
  it('can still be corrected by an admin when the session has been cancelled, and no other can be added', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }])
    await admin.post(`/api/sessions/${held.id}/cancel`, { reason: 'Salle inondée' })
    expect((await mark(trainer, held, [{ status: 'absent' }])).body.code).toBe('attendance/session-not-held')
    const both = await mark(admin, held, [{ status: 'absent' }, { status: 'present' }], { reason: 'Erreur' })
    expect(both.body.errors).toMatchObject([{ pointer: '/marks/1/enrolmentId', code: 'not-confirmed' }])
    expect((await mark(admin, held, [{ status: 'absent' }], { reason: 'Erreur' })).status).toBe(200)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('can still be corrected by an admin when its enrolment has been cancelled', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }])
    await admin.post(`/api/enrolments/${held.learners[0]?.enrolmentId}/cancel`)
    expect((await mark(trainer, held, [{ status: 'absent' }])).status).toBe(422)
    expect((await mark(admin, held, [{ status: 'absent' }])).status).toBe(200)
  })

  it('keeps a learner from cancelling as if nothing had been attended; the organisation still can', async () => {
    const learner = await app.signIn()
    const held = await session({ learners: [{ personId: learner.personId }] })
    await mark(trainer, held, [{ status: 'present' }])
    const path = `/api/enrolments/${held.learners[0]?.enrolmentId}/cancel`
    expect((await learner.post(path)).body).toMatchObject({ status: 409, code: 'enrolment/has-attended' })
    expect((await admin.post(path)).status).toBe(200)
  })
})

describe('a closed session', () => {
  it('is corrected by an admin with a reason, and by nobody else', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }, { status: 'present' }, { status: 'present' }])
    await closeSession(app, held.id)
    const byTrainer = await mark(trainer, held, [{ status: 'absent' }], { reason: 'Erreur' })
    expect([byTrainer.status, byTrainer.body.code]).toEqual([409, 'attendance/session-closed'])
    const withoutReason = await mark(admin, held, [{ status: 'absent' }])
    expect(withoutReason.status).toBe(422)
    expect(withoutReason.body.errors).toMatchObject([{ pointer: '/reason' }])
    const corrected = await mark(admin, held, [{ status: 'absent' }], { reason: 'Confusion de noms' })
    expect(corrected.body.marks[0]).toMatchObject({ status: 'absent', attendedMinutes: 0 })
    const payloads = await app.deps.db
      .selectFrom('attendancePayload')
      .innerJoin('attendanceEvent', 'attendanceEvent.id', 'attendancePayload.eventId')
      .select('content')
      .where('sessionId', '=', held.id)
      .execute()
    expect(payloads).toEqual([{ content: { reason: 'Confusion de noms' } }])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('lets an admin correct what a learner attended until the day they left', async () => {
    const held = await session({
      slots: ['2026-02-23 09:00-12:00', '2026-02-24 09:00-12:00', '2026-02-25 09:00-12:00'],
      learners: [{ status: 'abandoned', interruptedOn: '2026-02-24' }],
    })
    const statuses = []
    for (const slot of [0, 1, 2])
      statuses.push((await mark(admin, held, [{ status: 'present' }], {}, slot)).status)
    expect(statuses).toEqual([200, 200, 422])
    expect((await mark(trainer, held, [{ status: 'absent' }])).status).toBe(422)
  })
})

describe('who marks', () => {
  it('is a trainer of the session or an admin', async () => {
    const chapter = await app.deps.db
      .insertInto('chapter')
      .values({
        id: app.system.newId(),
        createdAt: app.system.now(),
        updatedAt: app.system.now(),
        name: 'Nantes',
        city: 'Nantes',
        regionCode: '52',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const learner = await app.signIn()
    const held = await session({ chapterId: chapter.id, learners: [{ personId: learner.personId }] })
    const ambassador = await app.signIn({ role: 'ambassador', chapterId: chapter.id })
    const otherTrainer = await app.signIn('trainer')
    const present = [{ status: 'present' }]
    expect((await mark(app.anonymous, held, present)).status).toBe(401)
    expect((await mark(learner, held, present)).status).toBe(403)
    expect((await mark(ambassador, held, present)).status).toBe(403)
    expect((await mark(otherTrainer, held, present)).status).toBe(404)
    expect((await mark(trainer, held, present)).status).toBe(200)
    expect((await mark(admin, held, present)).status).toBe(200)
  })

  it('stands in the ledger and in the audit', async () => {
    const held = await session({ learners: 2 })
    await mark(trainer, held, [{ status: 'present' }, { status: 'absent', note: 'Grippe' }])
    const events = await eventsOf(held)
    expect(events.map((event) => [event.sequence, event.recordedBy])).toEqual([
      [1, trainer.accountId],
      [2, trainer.accountId],
    ])
    const audited = await app.deps.db
      .selectFrom('auditEntry')
      .select(['action', 'actorAccountId', 'changes'])
      .where('subjectId', '=', held.id)
      .execute()
    expect(audited).toEqual([
      {
        action: 'attendance.mark',
        actorAccountId: trainer.accountId,
        changes: { slotIds: [held.slots[0]?.id], events: [1, 2] },
      },
    ])
  })

  it('does not find a half-day that is not there', async () => {
    const answer = await admin.put('/api/slots/01980000-0000-7000-8000-000000000000/attendance', {
      marks: [{ enrolmentId: '01980000-0000-7000-8000-000000000000', status: 'present' }],
    })
    expect(answer.status).toBe(404)
  })
})

/** How many connections wait for a lock. */
async function countWaiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(app.deps.db)
  return rows[0]?.count ?? 0
}

describe('many at once', () => {
  it('ends in the state of one call, with a ledger in order whose chain holds', async () => {
    const held = await session({ learners: 5 })
    const calls = Array.from({ length: 20 }, (_, call) =>
      held.learners.map((_, index) =>
        (call + index) % 3 === 0
          ? { status: 'absent', note: `appel ${call}` }
          : { status: 'partial', attendedMinutes: 10 + call, note: `appel ${call}` },
      ),
    )
    const answers = await Promise.all(
      calls.map((marks, call) => mark(call % 2 ? trainer : admin, held, marks)),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200))
    const { body } = await admin.get(`/api/sessions/${held.id}/attendance`)
    const notes = new Set(
      body.learners.map((learner: { marks: { note: string }[] }) => learner.marks[0]?.note),
    )
    expect(notes.size).toBe(1)
    const events = await eventsOf(held)
    expect(events.map((event) => event.sequence)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('never mixes two calls that each change another learner', async () => {
    const held = await session({ learners: 5 })
    const everyone = held.learners.map(() => ({ status: 'present' }))
    await mark(trainer, held, everyone)
    // Holding the end of the ledger makes every call wait wherever it would have to.
    const calls = await app.deps.db.transaction().execute(async (trx) => {
      await trx
        .selectFrom('ledgerHead')
        .select('sequence')
        .where('sessionId', '=', held.id)
        .forUpdate()
        .execute()
      const started = held.learners.map((_, absent) =>
        mark(
          trainer,
          held,
          everyone.map((present, index) => (index === absent ? { status: 'absent' } : present)),
        ),
      )
      while ((await countWaiting()) < started.length) await setTimeout(5)
      return started
    })
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200)
    const { body } = await admin.get(`/api/sessions/${held.id}/attendance`)
    expect(body.attendedMinutes).toBe(4 * 210)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })
})

describe('a whole session at once', () => {
  const everyone = async ({ id, learners }: WorldSession) => {
    const slots = await listSlots(app.deps.db, id)
    return slots.map((slot) => ({
      slot,
      marks: learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' as const })),
    }))
  }
  const record = (held: WorldSession, marks: SlotMarks[]) =>
    inTransaction(app.system, async (ctx) => {
      const locked = await lockSession(ctx.db, held.id)
      if (!locked) throw new Error('no session')
      return recordMarks(ctx, locked, marks)
    })

  it('is recorded like half-day by half-day, and repeating it makes no event', async () => {
    const held = await session()
    const marks = await everyone(held)
    expect(await record(held, marks)).toBe(6)
    expect(await record(held, marks)).toBe(0)
    expect(await eventsOf(held)).toHaveLength(6)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
    const { body } = await admin.get(`/api/sessions/${held.id}/attendance`)
    expect(body.attendedMinutes).toBe(6 * 210)
  })

  it('costs as many statements for twenty half-days as for one, and takes thousands of marks', async () => {
    const slots = Array.from(
      { length: 20 },
      (_, day) => `2026-01-${String(day + 1).padStart(2, '0')} 09:00-12:00`,
    )
    const [small, large] = [
      await session({ slots: slots.slice(0, 1) }),
      await session({ slots, learners: 40 }),
    ]
    const [few, many] = [await everyone(small), await everyone(large)]
    const costOfFew = await app.countQueries(() => record(small, few))
    expect(await app.countQueries(() => record(large, many))).toBe(costOfFew)
    const huge = await session({ slots, learners: 220 })
    expect(await record(huge, await everyone(huge))).toBe(4_400)
    expect(await verifySessionLedger(app.deps.db, huge.id)).toBeUndefined()
  })

  it('names the place of a fault in a whole session', async () => {
    const held = await session({ learners: [{}, { status: 'cancelled' }] })
    const marks = (await everyone(held)).map((one, index) => ({ ...one, pointer: `/slots/${index}/marks` }))
    await expect(record(held, marks)).rejects.toMatchObject({
      details: {
        errors: [{ pointer: '/slots/0/marks/1/enrolmentId' }, { pointer: '/slots/1/marks/1/enrolmentId' }],
      },
    })
    expect(await eventsOf(held)).toEqual([])
  })
})

describe('the cost of marking', () => {
  it('is the same number of statements for 12 and for 40 learners', async () => {
    const cost = async (learners: number) => {
      const held = await session({ learners })
      const marks = held.learners.map((_, index) => ({
        status: index % 2 ? 'present' : 'absent',
        note: `note ${index}`,
      }))
      return app.countQueries(async () => {
        expect((await mark(trainer, held, marks)).status).toBe(200)
      })
    }
    const [few, many] = [await cost(12), await cost(40)]
    expect(many).toBe(few)
    expect(few).toBeLessThanOrEqual(16)
  })
})
