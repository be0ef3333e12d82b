/** Funders are told of start, interruption and end within their delays (Code du travail, art. L6353-10). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NoticeRow } from '../../src/enrolment/funder-notice.queries.ts'
import { type FundedWay, factsOf, noticesOf, type Payer } from '../../src/enrolment/funder-notice.rules.ts'
import { refreshNotices } from '../../src/enrolment/funder-notice.service.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { waitingJobs } from '../support/jobs.ts'
import { addSession, describeOrganisation, type WorldSession } from '../support/world.ts'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-03-01T12:00:00Z' })
  await describeOrganisation(app)
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const during = '2026-03-02T09:00:00Z'
const after = '2026-03-03T18:00:00Z'

/** Two days, Monday and Tuesday, with two learners. */
async function aSession(): Promise<WorldSession> {
  return addSession(app, {
    slots: ['2026-03-02 09:00-12:30', '2026-03-03 09:00-12:30'],
    learners: 2,
  })
}

async function fund(session: WorldSession, lines: readonly object[], learner?: number): Promise<void> {
  const target =
    learner === undefined ? `sessions/${session.id}` : `enrolments/${session.learners[learner]?.enrolmentId}`
  const { status } = await admin.put(`/api/${target}/funding-lines`, { fundingLines: lines })
  expect(status).toBe(200)
}

const faf = { source: 'fundSelfEmployed', payerName: 'FAF des indépendants', amountCents: 65_000 }
const cpf = { source: 'fundCpf', amountCents: 120_000 }

/** As the hourly round does. */
async function round(now: string): Promise<void> {
  app.setNow(now)
  await refreshNotices(app.system, app.system.newId())
}

/** `learner funder kind date → due`, learner by learner and by kind. */
async function noticesOfSession(session: WorldSession, status = ''): Promise<string[]> {
  const { body } = await admin.get(`/api/funder-notices?sessionId=${session.id}&status=${status}`)
  const notices: string[] = body.items.map(
    (notice: NoticeRow & { funder: string | null; status: string }) => {
      const who = session.learners.findIndex(({ enrolmentId }) => enrolmentId === notice.enrolmentId) + 1
      return `${who} ${notice.funder ?? notice.source} ${notice.kind} ${notice.happenedOn} → ${notice.dueOn}`
    },
  )
  return notices.sort()
}

async function mark(session: WorldSession, slot: number, statuses: readonly string[]): Promise<void> {
  const marks = statuses.map((status, index) => ({
    enrolmentId: session.learners[index]?.enrolmentId,
    status,
    ...(status === 'absent' && { reasonCode: 'illness' }),
  }))
  const { status } = await admin.put(`/api/slots/${session.slots[slot]?.id}/attendance`, { marks })
  expect(status).toBe(200)
}

describe('a funder', () => {
  it('is to be told that a learner began within three days, the CPF within three working days, once each', async () => {
    const session = await aSession()
    app.setNow('2026-03-01T12:00:00Z')
    await fund(session, [faf], 0)
    await fund(session, [cpf], 1)
    await round('2026-03-01T12:00:00Z')
    expect(await noticesOfSession(session)).toEqual([])
    app.setNow(during)
    const anyId = app.system.newId()
    await Promise.all([refreshNotices(app.system, anyId), refreshNotices(app.system, session.id)])
    await refreshNotices(app.system, anyId)
    expect(await noticesOfSession(session)).toEqual([
      '1 FAF des indépendants start 2026-03-02 → 2026-03-05',
      '2 fundCpf start 2026-03-02 → 2026-03-05',
    ])
    await round(after)
    expect(await noticesOfSession(session)).toEqual([
      '1 FAF des indépendants end 2026-03-03 → 2026-03-06',
      '1 FAF des indépendants start 2026-03-02 → 2026-03-05',
      '2 fundCpf end 2026-03-03 → 2026-03-06',
      '2 fundCpf start 2026-03-02 → 2026-03-05',
    ])
  })

  it('is told of who came on the second day that they began then, also where it was said otherwise first', async () => {
    const session = await aSession()
    await fund(session, [faf])
    await round(during)
    const start = (await admin.get(`/api/funder-notices?sessionId=${session.id}`)).body.items
    const firstLearner = start.find(
      (notice: NoticeRow) => notice.enrolmentId === session.learners[0]?.enrolmentId,
    )
    await admin.post(`/api/funder-notices/${firstLearner.id}/done`, { how: 'Courriel' })
    await mark(session, 0, ['absent', 'absent'])
    app.setNow(after)
    await mark(session, 1, ['present', 'present'])
    await round(after)
    expect(await noticesOfSession(session)).toEqual([
      '1 FAF des indépendants end 2026-03-03 → 2026-03-06',
      '1 FAF des indépendants start 2026-03-02 → 2026-03-05',
      '1 FAF des indépendants start 2026-03-03 → 2026-03-06',
      '2 FAF des indépendants end 2026-03-03 → 2026-03-06',
      '2 FAF des indépendants start 2026-03-03 → 2026-03-06',
    ])
  })

  it('is told of who gives up by a job that the verb itself asks for, and of no end after it', async () => {
    const session = await aSession()
    await fund(session, [faf], 0)
    app.setNow(during)
    await mark(session, 0, ['present', 'present'])
    const { status } = await admin.post(`/api/enrolments/${session.learners[0]?.enrolmentId}/abandon`, {
      on: '2026-03-02',
      reason: 'Un nouvel emploi',
    })
    expect(status).toBe(200)
    expect(await waitingJobs(app, 'funder-notices')).toContain(session.id)
    app.setNow(after)
    await refreshNotices(app.system, session.id)
    expect(await noticesOfSession(session)).toEqual([
      '1 FAF des indépendants interruption 2026-03-02 → 2026-03-05',
      '1 FAF des indépendants start 2026-03-02 → 2026-03-05',
    ])
  })

  it('that pays nothing any more is to be told nothing; an employer and the learner are no funders', async () => {
    const session = await aSession()
    await fund(session, [faf, { source: 'employer', payerName: 'Atelier', amountCents: 100 }], 0)
    await fund(session, [{ source: 'individual', amountCents: 100 }], 1)
    await round(during)
    expect(await noticesOfSession(session)).toHaveLength(1)
    await fund(session, [faf, { ...faf, amountCents: -65_000 }], 0)
    await refreshNotices(app.system, session.id)
    expect(await noticesOfSession(session)).toEqual([])
  })

  it('of a session of long ago was told by other means', async () => {
    const session = await addSession(app, { slots: ['2026-01-12 09:00-12:30'], learners: 1 })
    await fund(session, [faf])
    await round(after)
    await refreshNotices(app.system, session.id)
    expect(await noticesOfSession(session)).toEqual([])
  })

  it('is told once; what was written down stands, and what is late is shown as late', async () => {
    const session = await aSession()
    await fund(session, [faf], 0)
    await round(during)
    const [notice] = (await admin.get(`/api/funder-notices?sessionId=${session.id}&status=due`)).body.items
    app.setNow('2026-03-06T09:00:00Z')
    expect(await noticesOfSession(session, 'overdue')).toHaveLength(1)
    const done = await admin.post(`/api/funder-notices/${notice.id}/done`, { how: 'EDOF' })
    expect(done.body).toMatchObject({ status: 'told', toldHow: 'EDOF', version: 2 })
    const again = await admin.post(`/api/funder-notices/${notice.id}/done`, { how: 'Téléphone' })
    expect(again.body).toEqual(done.body)
    expect(await noticesOfSession(session, 'overdue')).toEqual([])
    expect(await noticesOfSession(session, 'told')).toHaveLength(1)
  })

  it('is told within the days of the settings', async () => {
    const { body } = await admin.get('/api/organisation')
    expect(body).toMatchObject({ funderNoticeDays: 3, cpfNoticeWorkingDays: 3 })
    const session = await aSession()
    await fund(session, [cpf])
    await describeOrganisation(app, { funderNoticeDays: 10, cpfNoticeWorkingDays: 5 })
    await round(during)
    await describeOrganisation(app, { funderNoticeDays: 3, cpfNoticeWorkingDays: 3 })
    expect(await noticesOfSession(session)).toContain('1 fundCpf start 2026-03-02 → 2026-03-09')
    await round(during)
    expect(await noticesOfSession(session)).toContain('1 fundCpf start 2026-03-02 → 2026-03-05')
  })
})

const way: FundedWay = {
  ...{ enrolmentId: 'e', sessionId: 's', status: 'confirmed', startedOn: null, interruptedOn: null },
  ...{ endedOn: null, firstAttendedOn: null, lastAttendedOn: null, firstUnmarkedOn: null },
  ...{ lastDay: '2026-03-03', isSessionOver: false },
}
const attended = { firstAttendedOn: '2026-03-02', lastAttendedOn: '2026-03-02' }

describe('of a learner', () => {
  it.for<[string, Partial<FundedWay>, string[]]>([
    ['who has not begun, nothing is told', {}, []],
    ['who was absent all the time, nothing is told', { isSessionOver: true }, []],
    [
      'who is not marked yet, the start is told in time',
      { firstUnmarkedOn: '2026-03-02' },
      ['start 2026-03-02'],
    ],
    [
      'who finished, start and end are told',
      { ...attended, status: 'completed', isSessionOver: true },
      ['start 2026-03-02', 'end 2026-03-03'],
    ],
    [
      'who came in and left by dates of their own, these are told',
      { ...attended, startedOn: '2026-03-01', endedOn: '2026-03-02', isSessionOver: true },
      ['start 2026-03-01', 'end 2026-03-02'],
    ],
    [
      'who paused and came back, all three are told',
      { ...attended, interruptedOn: '2026-03-02', isSessionOver: true },
      ['start 2026-03-02', 'interruption 2026-03-02', 'end 2026-03-03'],
    ],
    [
      'whose session was cancelled on the way, the last day attended is told',
      { ...attended, status: 'cancelled' },
      ['start 2026-03-02', 'interruption 2026-03-02'],
    ],
    ['who left before coming, nothing is told', { status: 'cancelled', firstUnmarkedOn: '2026-03-02' }, []],
  ])('%s', ([, facts, told]) => {
    expect(factsOf({ ...way, ...facts }).map(({ kind, happenedOn }) => `${kind} ${happenedOn}`)).toEqual(told)
  })

  it('a funder that pays in two ways is told once, by the shorter delay', () => {
    const payer: Payer = {
      sessionId: 's',
      enrolmentId: null,
      clientId: 'c',
      clientKind: 'fundBody',
      source: 'state',
    }
    const payers: Payer[] = [payer, { ...payer, enrolmentId: 'e', source: 'fundCpf' }]
    const delays = { funderNoticeDays: 30, cpfNoticeWorkingDays: 3 }
    const notices = noticesOf([{ ...way, ...attended }], payers, delays)
    expect(notices).toMatchObject([{ kind: 'start', source: 'fundCpf', dueOn: '2026-03-05' }])
  })
})
