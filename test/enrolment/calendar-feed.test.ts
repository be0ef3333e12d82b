/** Somebody's own calendar, by its secret address and as calendar programs read it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tidyCalendars } from '../../src/planning/calendar.service.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { type ReadEvent, readCalendar } from '../support/calendars.ts'
import { made } from '../support/route-world.ts'
import {
  addSession,
  addTrainer,
  describeOrganisation,
  type SessionFacts,
  type WorldSession,
} from '../support/world.ts'

const noBreak = '\u00a0'
const remoteUrl = 'https://visio.example/salle;cle=1,2'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-02-01T08:00:00Z' })
  admin = await app.signIn('admin')
  await describeOrganisation(app, { tradeName: 'Les Communs, Lyon' })
})
afterAll(() => app.close())
beforeEach(() => app.setNow('2026-02-01T08:00:00Z'))

async function subscribe(caller: Caller): Promise<string> {
  const { url } = made(await (await app.inBrowser(caller)).post('/api/me/calendar-feed'))
  return url.replace('https://preau.example', '')
}

async function calendarAt(path: string): Promise<ReturnType<typeof readCalendar>> {
  const { status, body, headers } = await app.anonymous.get(path)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
  return readCalendar(body)
}

async function eventsAt(path: string): Promise<ReadEvent[]> {
  return (await calendarAt(path)).events
}

async function statesAt(path: string): Promise<Record<string, string | undefined>> {
  return Object.fromEntries((await eventsAt(path)).map(({ uid, status }) => [uid, status]))
}

/** One that is held remotely on 2 March 2026 in two half-days, with this learner or trainer. */
async function aSession(
  { learner, trainer }: { learner?: Caller; trainer?: Caller },
  facts: SessionFacts = {},
): Promise<WorldSession & { morning: string; afternoon: string }> {
  const session = await addSession(app, {
    modality: 'remote',
    learners: learner ? [{ personId: learner.personId }] : 0,
    ...(trainer && { trainer: { personId: trainer.personId } }),
    ...facts,
  })
  await app.deps.db.updateTable('trainingSession').set({ remoteUrl }).where('id', '=', session.id).execute()
  const [morning, afternoon] = session.slots
  return { ...session, morning: morning?.id ?? '', afternoon: afternoon?.id ?? '' }
}

const changed = { 'if-match': '*' }

describe('somebody’s calendar', () => {
  it('holds the half-days that they learn in and those that they teach, and no others', async () => {
    const somebody = await app.signIn('trainer')
    const learned = await aSession({ learner: somebody }, { title: 'Accessibilité' })
    const taught = await aSession({ trainer: somebody }, { slots: ['2026-03-03 09:00-12:30'] })
    await aSession({ learner: await app.signIn() })
    const { name, events } = await calendarAt(await subscribe(somebody))
    expect(name).toBe(`Formations${noBreak}: Les Communs, Lyon`)
    expect(events).toMatchObject([
      {
        uid: learned.morning,
        start: '2026-03-02T08:00:00Z',
        end: '2026-03-02T11:30:00Z',
        status: 'CONFIRMED',
      },
      { uid: learned.afternoon, summary: 'Accessibilité', conference: remoteUrl },
      { uid: taught.slots[0]?.id, start: '2026-03-03T08:00:00Z', status: 'CONFIRMED', conference: remoteUrl },
    ])
  })

  it('is a calendar also while it is empty', async () => {
    expect(await eventsAt(await subscribe(await app.signIn()))).toEqual([])
  })

  it('holds of a session only the half-days that the trainer teaches, and names who teaches to learners', async () => {
    const [maud, yann, learner] = [
      await app.signIn('trainer'),
      await app.signIn('trainer'),
      await app.signIn(),
    ]
    const session = await aSession({ trainer: maud, learner })
    await addTrainer(app, session.id, yann.personId)
    made(await admin.patch(`/api/slots/${session.afternoon}`, { trainerPersonIds: [yann.personId] }, changed))
    expect(await statesAt(await subscribe(yann))).toEqual({
      [session.morning]: 'CONFIRMED',
      [session.afternoon]: 'CONFIRMED',
    })
    // Maud had both, and her calendar learns that the afternoon is no longer hers.
    expect(await statesAt(await subscribe(maud))).toEqual({
      [session.morning]: 'CONFIRMED',
      [session.afternoon]: 'CANCELLED',
    })
    const [morning, afternoon] = await eventsAt(await subscribe(learner))
    expect(morning?.description).toMatch(/Avec Claude Martin-\d+ et Claude Martin-\d+/)
    expect(afternoon?.description).toMatch(/Avec Claude Martin-\d+$/m)
  })

  it('is told before a seat is certain, without the virtual room', async () => {
    const [waiting, asking] = [await app.signIn(), await app.signIn()]
    const learners = [
      { personId: waiting.personId, status: 'waitlisted' as const },
      { personId: asking.personId, status: 'requested' as const },
    ]
    await aSession({}, { learners })
    for (const caller of [waiting, asking]) {
      const path = await subscribe(caller)
      expect(await eventsAt(path)).toMatchObject([
        { status: 'TENTATIVE', summary: `À confirmer${noBreak}: Éco-conception web`, location: undefined },
        { status: 'TENTATIVE' },
      ])
      expect((await app.anonymous.get(path)).body).not.toContain('visio.example')
    }
  })

  it('holds what is still a draft for its trainer, not certain yet', async () => {
    const trainer = await app.signIn('trainer')
    const session = await aSession({ trainer }, { status: 'draft' })
    const path = await subscribe(trainer)
    expect(new Set(Object.values(await statesAt(path)))).toEqual(new Set(['TENTATIVE']))
    made(await admin.post(`/api/sessions/${session.id}/open`))
    expect(new Set(Object.values(await statesAt(path)))).toEqual(new Set(['CONFIRMED']))
  })

  it('moves a half-day that was moved: the same one, a later version of it', async () => {
    const learner = await app.signIn()
    const session = await aSession({ learner })
    const path = await subscribe(learner)
    const [before] = await eventsAt(path)
    app.setNow('2026-02-03T10:00:00Z')
    // After the clocks went forward.
    const moved = {
      date: '2026-03-30',
      startTime: '10:00',
      endTime: '12:00',
      topic: 'Mesurer, réduire ; choisir',
    }
    made(await admin.patch(`/api/slots/${session.morning}`, moved, changed))
    const after = (await eventsAt(path)).find(({ uid }) => uid === session.morning)
    expect(after).toMatchObject({
      start: '2026-03-30T08:00:00Z',
      end: '2026-03-30T10:00:00Z',
      changedAt: '2026-02-03T10:00:00Z',
    })
    expect(after?.description).toContain(moved.topic)
    expect(after?.sequence).toBeGreaterThan(before?.sequence ?? Number.NaN)
  })

  it('tells a new place as a later version, too', async () => {
    const learner = await app.signIn()
    const session = await aSession({ learner }, { modality: 'onsite' })
    const path = await subscribe(learner)
    const [before] = await eventsAt(path)
    made(await admin.patch(`/api/sessions/${session.id}`, { place: 'La Fabrique, Lyon' }, changed))
    const [after] = await eventsAt(path)
    expect(after).toMatchObject({ uid: before?.uid, location: 'La Fabrique, Lyon', conference: undefined })
    expect(after?.sequence).toBeGreaterThan(before?.sequence ?? Number.NaN)
  })
})

describe('what is gone', () => {
  /** What each way of going does to the calendar of a learner and of a trainer of the session. */
  const ways: Record<
    string,
    {
      go(session: Awaited<ReturnType<typeof aSession>>): Promise<unknown>
      learner: string[]
      trainer: string[]
    }
  > = {
    'a half-day that was deleted': {
      go: ({ morning }) => admin.delete(`/api/slots/${morning}`),
      learner: ['CANCELLED', 'CONFIRMED'],
      trainer: ['CANCELLED', 'CONFIRMED'],
    },
    'a half-day that was cancelled': {
      go: ({ afternoon }) => admin.post(`/api/slots/${afternoon}/cancel`, { reason: 'Salle inondée' }),
      learner: ['CONFIRMED', 'CANCELLED'],
      trainer: ['CONFIRMED', 'CANCELLED'],
    },
    'a session that was cancelled': {
      go: ({ id }) => admin.post(`/api/sessions/${id}/cancel`, { reason: 'Trop peu d’inscrits' }),
      learner: ['CANCELLED', 'CANCELLED'],
      trainer: ['CANCELLED', 'CANCELLED'],
    },
    'an enrolment that was cancelled': {
      go: ({ learners }) => admin.post(`/api/enrolments/${learners[0]?.enrolmentId}/cancel`, {}),
      learner: ['CANCELLED', 'CANCELLED'],
      trainer: ['CONFIRMED', 'CONFIRMED'],
    },
    'a trainer who was replaced': {
      go: async ({ id }) => {
        const { personId } = await app.signIn('trainer')
        return admin.patch(
          `/api/sessions/${id}`,
          { trainers: [{ personId, engagement: 'external' }] },
          changed,
        )
      },
      learner: ['CONFIRMED', 'CONFIRMED'],
      trainer: ['CANCELLED', 'CANCELLED'],
    },
  }

  it.for(Object.entries(ways))(
    '%s is told as cancelled, by a later version',
    async ([, { go, ...expected }]) => {
      const people = { learner: await app.signIn(), trainer: await app.signIn('trainer') }
      const session = await aSession(people)
      const paths = { learner: await subscribe(people.learner), trainer: await subscribe(people.trainer) }
      const before = { learner: await eventsAt(paths.learner), trainer: await eventsAt(paths.trainer) }
      app.setNow('2026-02-05T08:00:00Z')
      made((await go(session)) as Awaited<ReturnType<Caller['post']>>)
      for (const who of ['learner', 'trainer'] as const) {
        const events = await eventsAt(paths[who])
        expect(
          events.map(({ uid }) => uid),
          who,
        ).toEqual([session.morning, session.afternoon])
        expect(
          events.map(({ status }) => status),
          who,
        ).toEqual(expected[who])
        for (const [index, event] of events.entries()) {
          if (event.status !== 'CANCELLED') continue
          expect(event.sequence, who).toBeGreaterThan(before[who][index]?.sequence ?? Number.NaN)
          expect(event).toMatchObject({ changedAt: '2026-02-05T08:00:00Z', start: before[who][index]?.start })
        }
      }
    },
  )

  it('is told for ninety days and then forgotten', async () => {
    const learner = await app.signIn()
    const session = await aSession(
      { learner },
      { slots: ['2026-06-01 09:00-12:30', '2026-06-02 09:00-12:30'] },
    )
    const path = await subscribe(learner)
    made(await admin.delete(`/api/slots/${session.morning}`))
    app.setNow('2026-05-02T07:00:00Z')
    expect(await tidyCalendars(app.system)).toBe(0)
    expect((await statesAt(path))[session.morning]).toBe('CANCELLED')
    app.setNow('2026-05-02T09:00:00Z')
    expect(await eventsAt(path)).toMatchObject([{ uid: session.afternoon, status: 'CONFIRMED' }])
    expect(await tidyCalendars(app.system)).toBeGreaterThan(0)
  })

  it('comes back as a later version when a trainer or a learner comes back', async () => {
    const trainer = await app.signIn('trainer')
    const session = await aSession({ trainer })
    const path = await subscribe(trainer)
    const { personId: other } = await app.signIn('trainer')
    const trained = (personId: string) =>
      admin.patch(
        `/api/sessions/${session.id}`,
        { trainers: [{ personId, engagement: 'internal' }] },
        changed,
      )
    const sequences = [(await eventsAt(path))[0]?.sequence]
    for (const personId of [other, trainer.personId, other]) {
      made(await trained(personId))
      sequences.push((await eventsAt(path))[0]?.sequence)
    }
    expect(await statesAt(path)).toEqual({ [session.morning]: 'CANCELLED', [session.afternoon]: 'CANCELLED' })
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a = 0, b = 0) => a - b))

    // Who taught comes back to learn.
    const enrolled = { personId: trainer.personId, traineeType: 'other' }
    const enrolments = `/api/sessions/${session.id}/enrolments`
    const { id } = made(await admin.post(enrolments, enrolled))
    const learning = (await eventsAt(path))[0]
    expect(learning).toMatchObject({ status: 'CONFIRMED' })
    expect(learning?.sequence).toBeGreaterThan(sequences.at(-1) ?? Number.NaN)
    made(await admin.post(`/api/enrolments/${id}/cancel`, {}))
    const left = (await eventsAt(path))[0]
    made(await admin.post(enrolments, enrolled))
    const again = (await eventsAt(path))[0]
    expect([left?.status, again?.status]).toEqual(['CANCELLED', 'CONFIRMED'])
    expect(again?.sequence).toBeGreaterThan(left?.sequence ?? Number.NaN)
  })

  it('are, for who comes in on the second day or stops after the first, the days without them', async () => {
    const [late, early] = [await app.signIn(), await app.signIn()]
    const session = await aSession(
      {},
      {
        slots: ['2026-03-02 09:00-12:30', '2026-03-03 09:00-12:30'],
        learners: [
          { personId: late.personId },
          { personId: early.personId, status: 'abandoned', interruptedOn: '2026-03-02' },
        ],
      },
    )
    const [first, second] = session.slots.map(({ id }) => id)
    const enrolmentId = session.learners[0]?.enrolmentId
    made(await admin.patch(`/api/enrolments/${enrolmentId}`, { startedOn: '2026-03-03' }, changed))
    expect(await statesAt(await subscribe(late))).toEqual({ [second ?? '']: 'CONFIRMED' })
    expect(await statesAt(await subscribe(early))).toEqual({
      [first ?? '']: 'CONFIRMED',
      [second ?? '']: 'CANCELLED',
    })
  })
})

describe('the address of a calendar', () => {
  it('is kept as a hash alone', async () => {
    const caller = await app.signIn()
    const path = await subscribe(caller)
    const token = /^\/calendar\/([\w-]{43})\.ics$/.exec(path)?.[1] ?? ''
    const stored = await app.deps.db
      .selectFrom('calendarFeed')
      .selectAll()
      .where('accountId', '=', caller.accountId)
      .executeTakeFirstOrThrow()
    expect(stored.tokenHash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(stored)).not.toContain(token)
    expect((await app.anonymous.get(`/calendar/${stored.tokenHash}.ics`)).status).toBe(404)
    const audited = await app.deps.db
      .selectFrom('auditEntry')
      .selectAll()
      .where('subjectId', '=', caller.accountId)
      .execute()
    expect(audited.map(({ action }) => action)).toContain('calendarFeed.open')
    expect(JSON.stringify(audited)).not.toContain(token)
  })

  it('that nobody has, or that lacks its ending, looks like any page that does not exist', async () => {
    const path = await subscribe(await app.signIn())
    for (const wrong of [
      '/calendar/x.ics',
      '/calendar/.ics',
      `/calendar/${'A'.repeat(43)}.ics`,
      `/calendar/${'é'.repeat(200)}.ics`,
      '/calendar/%00.ics',
      path.replace('.ics', ''),
      path.replace('.ics', 'A.ics'),
      path.replace('.ics', '.icsx'),
      path.toUpperCase().replace('CALENDAR', 'calendar').replace('ICS', 'ics'),
    ])
      expect((await app.anonymous.get(wrong)).status, wrong).toBe(404)
  })

  it('ends when a new one is asked for, when it is ended, and with a new password', async () => {
    const caller = await app.signIn()
    const browser = await app.inBrowser(caller)
    const first = await subscribe(caller)
    const second = await subscribe(caller)
    expect((await app.anonymous.get(first)).status).toBe(404)
    expect((await app.anonymous.get(second)).status).toBe(200)
    expect((await browser.delete('/api/me/calendar-feed')).status).toBe(204)
    expect((await app.anonymous.get(second)).status).toBe(404)
    expect((await browser.delete('/api/me/calendar-feed')).status).toBe(204)

    const email = `agenda-${newId()}@courriel.example`
    const password = 'trois mots et une orange'
    const person = { email, firstName: 'Noé', lastName: 'Perrin', roleGrants: [{ role: 'member' }] }
    const account = made(await admin.post('/api/accounts', { ...person, password }))
    const noe = await app.inBrowser({ ...caller, accountId: account.id, personId: account.personId })
    const { url } = made(await noe.post('/api/me/calendar-feed'))
    const third = new URL(url).pathname
    expect((await app.anonymous.get(third)).status).toBe(200)
    const change = { currentPassword: password, newPassword: 'quatre saisons sous le préau' }
    made(await noe.put('/api/me/password', change))
    expect((await app.anonymous.get(third)).status).toBe(404)
  })

  it('is not for API tokens to ask for, which it would outlive, nor for nobody', async () => {
    const caller = await app.signIn()
    expect((await caller.post('/api/me/calendar-feed')).status).toBe(403)
    expect((await app.anonymous.post('/api/me/calendar-feed')).status).toBe(401)
    expect((await app.anonymous.delete('/api/me/calendar-feed')).status).toBe(401)
    const path = await subscribe(caller)
    expect((await caller.delete('/api/me/calendar-feed')).status).toBe(204)
    expect((await app.anonymous.get(path)).status).toBe(404)
  })

  it('answers who has the calendar already with 304, until something changes', async () => {
    const learner = await app.signIn()
    const session = await aSession({ learner })
    const path = await subscribe(learner)
    const { headers, body } = await app.anonymous.get(path)
    const known = { 'if-none-match': headers.get('etag') ?? '' }
    expect(headers.get('cache-control')).toBe('no-store')
    app.setNow('2026-02-02T08:00:00Z')
    expect((await app.anonymous.get(path, known)).status).toBe(304)
    const head = await app.app.request(path, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, headers.get('etag'), ''])
    expect((await app.app.request('/calendar/x.ics', { method: 'HEAD' })).status).toBe(404)
    made(await admin.patch(`/api/slots/${session.morning}`, { topic: 'Mesurer' }, changed))
    const after = await app.anonymous.get(path, known)
    expect(after.status).toBe(200)
    expect(after.body).not.toBe(body)
  })

  it('takes no more statements for many sessions than for one', async () => {
    const trainer = await app.signIn('trainer')
    const path = await subscribe(trainer)
    await aSession({ trainer })
    const one = await app.countQueries(() => app.anonymous.get(path))
    for (let day = 1; day <= 5; day++)
      await aSession({ trainer, learner: admin }, { slots: [`2026-04-0${day} 09:00-12:30`] })
    expect(await app.countQueries(() => app.anonymous.get(path))).toBe(one)
  })
})

describe('the file of a session', () => {
  it('is the same half-days, with the virtual room for who takes part alone', async () => {
    const [learner, stranger] = [await app.signIn(), await app.signIn()]
    const session = await aSession({ learner }, { visibility: 'public' })
    const path = `/api/sessions/${session.id}/calendar.ics`
    const own = await learner.get(path)
    expect(own.headers.get('content-disposition')).toBe(
      `attachment; filename="session-${session.reference}.ics"`,
    )
    expect(readCalendar(own.body)).toMatchObject({
      name: 'Éco-conception web',
      events: [
        { uid: session.morning, status: 'CONFIRMED', conference: remoteUrl },
        { uid: session.afternoon, status: 'CONFIRMED', conference: remoteUrl },
      ],
    })
    const seen = await stranger.get(path)
    expect(readCalendar(seen.body).events).toMatchObject([
      { uid: session.morning },
      { uid: session.afternoon },
    ])
    expect(seen.body).not.toContain('visio.example')
    expect((await app.anonymous.get(path)).status).toBe(401)
    expect((await stranger.get(`/api/sessions/${newId()}/calendar.ics`)).status).toBe(404)
  })

  it('of a private session does not exist for strangers', async () => {
    const session = await aSession({})
    expect((await (await app.signIn()).get(`/api/sessions/${session.id}/calendar.ics`)).status).toBe(404)
  })

  it('tells of a half-day that was deleted as cancelled', async () => {
    const session = await aSession({})
    made(await admin.delete(`/api/slots/${session.morning}`))
    const { body } = await admin.get(`/api/sessions/${session.id}/calendar.ics`)
    expect(readCalendar(body).events).toMatchObject([
      { uid: session.morning, status: 'CANCELLED' },
      { uid: session.afternoon, status: 'CONFIRMED' },
    ])
  })
})
