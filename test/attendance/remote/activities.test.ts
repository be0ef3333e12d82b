import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEvents } from '../../../src/attendance/ledger/ledger.queries.ts'
import type { EventBody } from '../../../src/attendance/ledger/ledger-event.ts'
import { foldActivities } from '../../../src/attendance/ledger/ledger-fold.ts'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { addSession, closeSession, describeOrganisation, type WorldSession } from '../../support/world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller
let learner: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-03-05T17:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  learner = await app.signIn('member')
})
afterAll(() => app.close())

const [quiz, report] = [newId(), newId()]
const activities = [
  { id: quiz, title: 'Répondre au questionnaire', estimatedMinutes: 30, instructions: null },
  { id: report, title: 'Mesurer trois pages', estimatedMinutes: 90, instructions: 'Rendre les mesures.' },
]

/** The learner who signs in, and another one. */
async function sessionWithActivities(facts: Parameters<typeof addSession>[1] = {}): Promise<WorldSession> {
  const held = await addSession(app, { trainer, learners: [{ personId: learner.personId }, {}], ...facts })
  await app.deps.db.transaction().execute(async (trx) => {
    // Published versions do not change; this one has them from the beginning.
    await sql`set local session_replication_role = replica`.execute(trx)
    await sql`update training_version set activities = ${JSON.stringify(activities)}
      where id = (select training_version_id from training_session where id = ${held.id})`.execute(trx)
  })
  return held
}

let session: WorldSession
beforeEach(async () => {
  session = await sessionWithActivities()
})

const own = () => session.learners[0]?.enrolmentId ?? ''
const put = (who: Caller, body: object, { activityId = report, enrolmentId = own() } = {}) =>
  who.put(`/api/enrolments/${enrolmentId}/activities/${activityId}`, body)
const done = { done: true, doneOn: '2026-03-04' }
const decided = { ...done, evidence: 'workHandedIn' }
const events = () => listEvents(app.deps.db, session.id)
const attendedTime = async (enrolmentId = own()) =>
  (await admin.get(`/api/enrolments/${enrolmentId}/attended-time`)).body

describe('the activities of a training', () => {
  const listOf = async (id: string) => (await admin.get(`/api/trainings/${id}`)).body.activities
  const draft = async () =>
    (await admin.post('/api/trainings', { code: `A-${newId()}`, title: 'À distance' })).body

  it('are named by their title or their id, and what is not in the list goes', async () => {
    const { id } = await draft()
    const set = (list: object[]) =>
      admin.patch(`/api/trainings/${id}`, { activities: list }, { 'if-match': '*' })
    await set([
      { title: 'Lire', estimatedMinutes: 20 },
      { title: 'Écrire', estimatedMinutes: 40 },
    ])
    const [read, write] = await listOf(id)
    expect(read).toEqual({ id: read.id, title: 'Lire', estimatedMinutes: 20, instructions: null })
    const { version } = (await admin.get(`/api/trainings/${id}`)).body
    const again = await set([
      { title: 'Lire', estimatedMinutes: 20 },
      { title: 'Écrire', estimatedMinutes: 40 },
    ])
    expect(again.body).toMatchObject({ version, activities: [read, write] })
    await set([{ id: write.id, title: 'Rédiger', estimatedMinutes: 45 }])
    expect(await listOf(id)).toEqual([{ ...write, title: 'Rédiger', estimatedMinutes: 45 }])
    const unknown = await set([{ id: newId(), title: 'Autre', estimatedMinutes: 5 }])
    expect(unknown.body.errors).toMatchObject([{ pointer: '/activities/0/id', code: 'no-such-activity' }])
    const twice = [
      { title: 'Lire', estimatedMinutes: 5 },
      { title: 'Lire', estimatedMinutes: 6 },
    ]
    expect((await set(twice)).body.errors).toMatchObject([{ pointer: '/activities/1/title' }])
  })
})

describe('an activity of a learner', () => {
  it('that the learner declares is worth nothing until a trainer has looked at it', async () => {
    const declared = await put(learner, { ...done, note: 'Mesures envoyées à Inès' })
    expect(declared.body).toMatchObject({ state: 'declared', minutes: 0, note: 'Mesures envoyées à Inès' })
    expect(await attendedTime()).toMatchObject({ attendedMinutes: 0 })
    const confirmed = await put(trainer, decided)
    expect(confirmed.body).toMatchObject({
      state: 'done',
      doneOn: '2026-03-04',
      minutes: 90,
      evidence: 'workHandedIn',
    })
    expect(await attendedTime()).toMatchObject({ asynchronousMinutes: 90, attendedMinutes: 90 })
    expect((await events()).map(({ kind }) => kind)).toEqual(['activity', 'activity'])
    expect((await events())[0]?.body).not.toContain('Inès')
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('needs evidence, a day that has come, and is never decided by the learner', async () => {
    expect((await put(trainer, done)).body.errors).toMatchObject([{ pointer: '/evidence', code: 'required' }])
    expect((await put(trainer, { ...decided, doneOn: '2026-03-06' })).body.errors).toMatchObject([
      { pointer: '/doneOn', code: 'in-the-future' },
    ])
    expect((await put(learner, decided)).body.errors).toMatchObject([
      { pointer: '/evidence', code: 'not-yours' },
    ])
    expect((await put(trainer, { done: true, evidence: 'other' })).status).toBe(422)
  })

  it('that was decided stands against what the learner says', async () => {
    expect((await put(trainer, { done: false })).body).toMatchObject({ state: 'notDone', minutes: 0 })
    expect((await put(learner, done)).body.code).toBe('attendance/activity-decided')
    await put(trainer, decided)
    expect((await put(learner, done)).body).toMatchObject({ state: 'done', minutes: 90 })
    expect(await events()).toHaveLength(2)
  })

  it('that is said again is no event, and can be taken back', async () => {
    await put(learner, { done: false })
    await put(learner, done)
    await put(learner, done)
    expect(await events()).toHaveLength(1)
    expect((await put(learner, { done: false })).body).toMatchObject({ state: 'open', doneOn: null })
    await put(admin, decided)
    await put(admin, decided)
    await put(admin, { done: false })
    expect(await events()).toHaveLength(4)
    expect(await attendedTime()).toMatchObject({ attendedMinutes: 0 })
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('is no longer open to learners and trainers on a closed session, and to an admin with a reason', async () => {
    await closeSession(app, session.id)
    expect((await put(learner, done)).body.code).toBe('attendance/session-closed')
    expect((await put(trainer, decided)).body.code).toBe('attendance/session-closed')
    expect((await put(admin, decided)).body.errors).toMatchObject([{ pointer: '/reason' }])
    expect((await put(admin, { ...decided, reason: 'Travail retrouvé' })).body).toMatchObject({ minutes: 90 })
  })

  it('is of who takes part, and one of the session’s training', async () => {
    session = await sessionWithActivities({ learners: [{ status: 'waitlisted' }] })
    expect((await put(admin, decided)).body.code).toBe('attendance/not-taking-part')
    expect((await put(admin, decided, { activityId: newId() })).status).toBe(404)
  })

  it('is listed for the learner, and for the session with everybody', async () => {
    await put(learner, done)
    const mine = await learner.get(`/api/enrolments/${own()}/activities`)
    expect(mine.body.activities).toMatchObject([
      { activityId: quiz, title: 'Répondre au questionnaire', state: 'open' },
      { activityId: report, state: 'declared', doneOn: '2026-03-04' },
    ])
    expect((await learner.get(`/api/enrolments/${session.learners[1]?.enrolmentId}/activities`)).status).toBe(
      404,
    )
    const all = (await trainer.get(`/api/sessions/${session.id}/activities`)).body
    expect(all.activities.map((one: { estimatedMinutes: number }) => one.estimatedMinutes)).toEqual([30, 90])
    expect(all.learners).toHaveLength(2)
  })

  it('comes out the same in whatever order its events arrive', () => {
    const event = fc.record({
      source: fc.constantFrom('declaration' as const, 'decision' as const),
      activityId: fc.constantFrom('a', 'b'),
    })
    const body = ({ source, activityId }: { source: string; activityId: string }, index: number) =>
      ({
        format: 2,
        kind: 'activity',
        enrolmentId: 'e',
        source,
        activityId,
        sequence: index + 1,
      }) as EventBody
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 10 }).chain((all) => {
          const bodies = all.map(body)
          return fc.tuple(
            fc.constant(bodies),
            fc.shuffledSubarray(bodies, { minLength: bodies.length, maxLength: bodies.length }),
          )
        }),
        ([inOrder, shuffled]) => {
          const state = foldActivities(inOrder)
          expect([...foldActivities(shuffled)].sort()).toEqual([...state].sort())
          for (const [key, { source }] of state) {
            const isDecided = inOrder.some(
              (one) => one.kind === 'activity' && key.endsWith(one.activityId) && one.source === 'decision',
            )
            expect(source).toBe(isDecided ? 'decision' : 'declaration')
          }
        },
      ),
    )
  })
})

describe('the four lines of attended time', () => {
  it('tell on site alone, on site with others, remote and one’s own time apart, and add up to the one figure', async () => {
    session = await sessionWithActivities({
      slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30', '2026-03-03 09:00-12:00 @remote'],
    })
    const [alone, together, remote] = session.slots.map(({ id }) => `/api/slots/${id}/attendance`)
    const [first, second] = session.learners.map(({ enrolmentId }) => enrolmentId)
    const mark = (path = '', enrolmentId = '', status = 'present') =>
      admin.put(path, { marks: [{ enrolmentId, status }] })
    await mark(alone, first)
    await mark(alone, second, 'absent')
    for (const enrolmentId of [first, second])
      for (const path of [together, remote]) await mark(path, enrolmentId)
    await put(trainer, decided, { enrolmentId: first })
    expect(await attendedTime(first)).toEqual({
      enrolmentId: first,
      onsiteIndividualMinutes: 210,
      onsiteGroupMinutes: 210,
      synchronousMinutes: 180,
      asynchronousMinutes: 90,
      attendedMinutes: 690,
    })
    expect(await attendedTime(second)).toMatchObject({ onsiteIndividualMinutes: 0, onsiteGroupMinutes: 210 })
    const { learners, attendedMinutes } = (await admin.get(`/api/sessions/${session.id}/attendance`)).body
    expect(learners.map((one: { attendedMinutes: number }) => one.attendedMinutes)).toEqual([690, 390])
    expect(attendedMinutes).toBe(1_080)
    expect(learners[0].attendedLines).toEqual({
      onsiteIndividualMinutes: 210,
      onsiteGroupMinutes: 210,
      synchronousMinutes: 180,
      asynchronousMinutes: 90,
    })
    // Three half-days of 600 minutes in all, and both activities.
    expect(learners[0].plannedMinutes).toBe(720)
  })

  it('add up to it whatever was attended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(210), { minLength: 2, maxLength: 2 }), { minLength: 4, maxLength: 4 }),
        async (all) => {
          const held = await sessionWithActivities({
            slots: ['02 09:00-12:30', '02 14:00-17:30 @remote', '03 09:00-12:30', '04 09:00-12:30'].map(
              (slot) => `2026-03-${slot}`,
            ),
          })
          for (const [index, minutes] of all.entries())
            await admin.put(`/api/slots/${held.slots[index]?.id}/attendance`, {
              marks: minutes.map((attendedMinutes, learner) => ({
                enrolmentId: held.learners[learner]?.enrolmentId,
                ...(attendedMinutes === 0
                  ? { status: 'absent' }
                  : attendedMinutes === 210
                    ? { status: 'present' }
                    : { status: 'partial', attendedMinutes }),
              })),
            })
          for (const [learner, { enrolmentId }] of held.learners.entries()) {
            const time = await attendedTime(enrolmentId)
            const total = all.reduce((sum, minutes) => sum + (minutes[learner] ?? 0), 0)
            const { enrolmentId: _, attendedMinutes, ...lines } = time
            expect(attendedMinutes).toBe(total)
            expect(Object.values(lines as Record<string, number>).reduce((sum, part) => sum + part, 0)).toBe(
              total,
            )
            expect(time.synchronousMinutes).toBe(all[1]?.[learner])
          }
        },
      ),
      { numRuns: 4 },
    )
  })
})

describe('work done alone', () => {
  it('is certified, and taking it back makes the certificate outdated', async () => {
    await describeOrganisation(app)
    await put(trainer, decided)
    await closeSession(app, session.id)
    const { issued } = (await admin.post(`/api/sessions/${session.id}/certificates`)).body
    expect(issued).toMatchObject([{ enrolmentId: own() }])
    const certificate = async () => (await admin.get(`/api/certificates/${issued[0].id}`)).body
    expect(await certificate()).toMatchObject({ attendedMinutes: 90, outdated: false })
    await put(admin, { done: false, reason: 'Travail d’une autre personne' })
    expect(await certificate()).toMatchObject({ attendedMinutes: 90, outdated: true })
  })

  it('is in the minutes of the BPF, and is nobody’s half-day', async () => {
    const bpf = async () => (await admin.get('/api/reports/bpf?from=2026-01-01&to=2026-12-31')).body.frames
    const before = await bpf()
    await put(trainer, decided)
    const after = await bpf()
    expect(after.F1.total.count - before.F1.total.count).toBe(1)
    expect(after.E).toEqual(before.E)
    const { rows } = (await admin.get('/api/reports/bpf/lines/F1/total?from=2026-01-01&to=2026-12-31')).body
    expect(rows.filter((row: { sessionId: string }) => row.sessionId === session.id)).toEqual([
      { enrolmentId: own(), sessionId: session.id, activityId: report, heldOn: '2026-03-04', minutes: 90 },
    ])
  })

  it.for([
    ['minutes = 95', 'activity-differs'],
    ["done_on = date '2026-03-03'", 'activity-differs'],
    ["evidence = 'exchange'", 'activity-differs'],
  ] as const)('altered behind the back of Préau is found: %s', async ([change, code]) => {
    await put(trainer, decided)
    await app.deps.db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`update activity_completion set ${sql.raw(change)} where session_id = ${session.id}`.execute(
        trx,
      )
    })
    expect(await verifySessionLedger(app.deps.db, session.id)).toMatchObject({ code, sequence: 1 })
  })

  it('slipped in or taken away is found', async () => {
    await put(trainer, decided)
    const change = (statement: ReturnType<typeof sql>) =>
      app.deps.db.transaction().execute(async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx)
        await statement.execute(trx)
      })
    await change(sql`insert into activity_completion
      select enrolment_id, ${quiz}, session_id, source, is_done, done_on, 30, evidence, decided_at, event_id
      from activity_completion where session_id = ${session.id}`)
    expect(await verifySessionLedger(app.deps.db, session.id)).toMatchObject({ code: 'activity-unfounded' })
    await change(sql`delete from activity_completion where session_id = ${session.id}`)
    expect(await verifySessionLedger(app.deps.db, session.id)).toMatchObject({ code: 'activity-missing' })
  })
})
