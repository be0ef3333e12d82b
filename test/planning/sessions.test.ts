import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { anOrganisation } from '../support/facts.ts'
import {
  aMorning,
  anAfternoon,
  anOpenSession,
  aProgramme,
  aSession,
  aTrainer,
  lastAudit,
  made,
  type PlanningWorld,
  planningWorld,
  publishedTraining,
  requestSession,
  setStatus,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld()
})
afterAll(() => world.app.close())

const pointersOf = (answer: { body: { errors?: { pointer: string }[] } }) =>
  (answer.body.errors ?? []).map((error) => error.pointer)

describe('a new session', () => {
  it('is a draft that says all of itself, with its slots in time and its trainers by name', async () => {
    const trainer = await aTrainer(world.app, { lastName: 'Kervella' })
    const answer = await requestSession(world, {
      place: 'La Fabrique',
      minimumLearners: 4,
      trainers: [{ personId: trainer, engagement: 'external' }],
      slots: [anAfternoon, { ...aMorning, topic: 'Mesurer', modality: 'remote', place: 'Salle 2' }],
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('etag')).toMatch(/^"1-/)
    expect(answer.body).toMatchObject({
      version: 1,
      createdAt: '2026-02-01T08:00:00Z',
      status: 'draft',
      trainingId: world.trainingId,
      trainingCode: 'NR',
      title: aProgramme.title,
      timeZone: 'Europe/Paris',
      modality: 'onsite',
      chapterId: world.lyonId,
      place: 'La Fabrique',
      capacity: 10,
      seatsLeft: 10,
      waitlisted: 0,
      minimumLearners: 4,
      approval: 'automatic',
      visibility: 'public',
      subcontracting: 'none',
      bpfScope: 'included',
      nsfCode: '326t',
      objective: 'rs',
      certificationLevel: '5',
      startsOn: '2026-03-02',
      endsOn: '2026-03-02',
      firstSlotStartsAt: '2026-03-02T08:00:00Z',
      lastSlotEndsAt: '2026-03-02T16:30:00Z',
      trainers: [{ personId: trainer, engagement: 'external', firstName: 'Maud', lastName: 'Kervella' }],
      slots: [
        {
          version: 1,
          sessionId: answer.body.id,
          date: '2026-03-02',
          halfDay: 'morning',
          startTime: '09:00',
          endTime: '12:30',
          startsAt: '2026-03-02T08:00:00Z',
          endsAt: '2026-03-02T11:30:00Z',
          durationMinutes: 210,
          topic: 'Mesurer',
          modality: 'remote',
          place: 'Salle 2',
          trainerPersonIds: [trainer],
        },
        { halfDay: 'afternoon', durationMinutes: 210, topic: null, modality: null, place: null },
      ],
    })
    const read = await world.admin.get(`/api/sessions/${answer.body.id}`)
    expect(read.body).toEqual(answer.body)
    expect(read.headers.get('etag')).toMatch(/^"1-/)
  })

  it('may lie in the past, lack slots and trainers, and be at night', async () => {
    expect(await aSession(world, { slots: [slot('2019-01-07 20:00-23:30')] })).toMatchObject({
      startsOn: '2019-01-07',
      slots: [{ halfDay: 'evening' }],
    })
    expect(await aSession(world, { slots: [] })).toMatchObject({
      startsOn: null,
      firstSlotStartsAt: null,
      slots: [],
    })
  })

  it('keeps to the version of the training that was published when it was made', async () => {
    const trainingId = await publishedTraining(world.admin, 'VERS')
    const before = await aSession(world, { trainingId })
    const path = `/api/trainings/${trainingId}`
    made(await world.admin.patch(path, { title: 'Un autre titre', nsfCode: '320' }, { 'if-match': '*' }))
    expect(await aSession(world, { trainingId })).toMatchObject({ title: aProgramme.title })
    made(await world.admin.post(`${path}/publish`))
    expect(await aSession(world, { trainingId })).toMatchObject({ title: 'Un autre titre', nsfCode: '320' })
    const { body } = await world.admin.get(`/api/sessions/${before.id}`)
    expect(body).toMatchObject({ title: aProgramme.title, nsfCode: '326t' })
  })

  it('needs a training that is published', async () => {
    const draft = made(await world.admin.post('/api/trainings', { code: 'DRAFT', title: 'À venir' }))
    const archived = await publishedTraining(world.admin, 'ARCH')
    await world.app.deps.db
      .updateTable('training')
      .set({ status: 'archived' })
      .where('id', '=', archived)
      .execute()
    for (const trainingId of [draft.id, archived, newId(), world.lyonId]) {
      const answer = await requestSession(world, { trainingId })
      expect(answer).toMatchObject({ status: 422, body: { code: 'planning/no-such-training' } })
      expect(pointersOf(answer)).toEqual(['/trainingId'])
    }
  })

  it('is written down with who made it, without the address of the virtual room', async () => {
    const session = await aSession(world, { remoteUrl: 'https://visio.example/a?key=secret' })
    const entry = await lastAudit(world, session.id)
    expect(entry).toMatchObject({ action: 'session.create', actorAccountId: world.admin.accountId })
    expect(entry?.changes).toMatchObject({
      capacity: 10,
      remoteUrl: 'redacted',
      reference: session.reference,
    })
  })
})

describe('the time zone', () => {
  it('is the organisation’s where none is given', async () => {
    const own = await planningWorld()
    try {
      made(await own.admin.put('/api/organisation', { ...anOrganisation, timeZone: 'Indian/Reunion' }))
      expect(await aSession(own)).toMatchObject({
        timeZone: 'Indian/Reunion',
        slots: [{ startsAt: '2026-03-02T05:00:00Z', startTime: '09:00' }, {}],
      })
      expect(await aSession(own, { timeZone: 'America/Martinique' })).toMatchObject({
        slots: [{ startsAt: '2026-03-02T13:00:00Z', startTime: '09:00' }, {}],
      })
    } finally {
      await own.app.close()
    }
  })

  it.each([
    ['Europe/Paris', '2026-03-29 00:30-08:30', 420],
    ['Indian/Reunion', '2026-03-29 00:30-08:30', 480],
    ['Europe/Paris', '2026-10-25 00:30-04:00', 270],
  ])('of %s gives the slot %s %i minutes', async (timeZone, text, durationMinutes) => {
    const session = await aSession(world, { timeZone, slots: [slot(text)] })
    expect(session.slots).toMatchObject([{ durationMinutes, date: text.slice(0, 10), halfDay: 'morning' }])
  })

  it('gives the civil date of the place, though it is another day in UTC', async () => {
    const session = await aSession(world, {
      timeZone: 'Pacific/Auckland',
      slots: [slot('2026-03-02 08:00-11:00')],
    })
    expect(session).toMatchObject({
      startsOn: '2026-03-02',
      slots: [{ date: '2026-03-02', startsAt: '2026-03-01T19:00:00Z' }],
    })
  })
})

describe('slots in a request', () => {
  it('must not overlap, whatever their order; touching is no overlap', async () => {
    const overlap = await requestSession(world, {
      slots: [anAfternoon, aMorning, slot('2026-03-02 12:00-13:00'), slot('2026-03-02 17:00-18:00')],
    })
    expect(overlap).toMatchObject({ status: 422, body: { code: 'planning/slots-overlap' } })
    expect(pointersOf(overlap)).toEqual(['/slots/2', '/slots/3'])
    expect((await requestSession(world, { slots: [aMorning, slot('2026-03-02 12:30-14:00')] })).status).toBe(
      201,
    )
  })

  it('end after they start', async () => {
    const answer = await requestSession(world, {
      slots: [aMorning, slot('2026-03-03 22:00-02:00'), slot('2026-03-04 09:00-09:00')],
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'platform/invalid' } })
    expect(pointersOf(answer)).toEqual(['/slots/1/endTime', '/slots/2/endTime'])
  })

  it('are not in the hour that the clocks skip', async () => {
    const answer = await requestSession(world, {
      slots: [aMorning, slot('2026-03-29 02:30-04:00'), slot('2026-03-29 00:30-02:15')],
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'planning/no-such-local-time' } })
    expect(pointersOf(answer)).toEqual(['/slots/1/startTime', '/slots/2/endTime'])
  })

  it.each([
    [{ slots: [{ ...aMorning, date: '2026-02-30' }] }, '/slots/0/date'],
    [{ slots: [{ ...aMorning, startTime: '25:00' }] }, '/slots/0/startTime'],
    [{ slots: [{ ...aMorning, startTime: '9:00' }] }, '/slots/0/startTime'],
    [{ slots: [{ ...aMorning, modality: 'hybrid' }] }, '/slots/0/modality'],
    [{ slots: [{ ...aMorning, topic: 'x\u0000' }] }, '/slots/0/topic'],
    [{ slots: [{ ...aMorning, room: 'B' }] }, '/slots/0/room'],
    [{ slots: [{ ...aMorning, trainerPersonIds: [newId()] }] }, '/slots/0/trainerPersonIds/0'],
    [{ slots: Array.from({ length: 201 }, () => aMorning) }, '/slots'],
    [{ timeZone: 'Europe/Atlantis' }, '/timeZone'],
    [{ capacity: 0 }, '/capacity'],
    [{ capacity: '10' }, '/capacity'],
    [{ minimumLearners: 11 }, '/minimumLearners'],
    [{ remoteUrl: 'javascript:alert(1)' }, '/remoteUrl'],
    [{ remoteUrl: 'visio.example' }, '/remoteUrl'],
    [{ reference: '' }, '/reference'],
    [{ reference: 'R'.repeat(61) }, '/reference'],
    [{ status: 'open' }, '/status'],
    [{ bpfScope: 'excluded' }, '/bpfScopeReason'],
    [{ subcontracting: 'received' }, '/subcontractClientId'],
    [{ privateClientId: newId() }, '/privateClientId'],
    [{ trainers: [{ personId: newId() }] }, '/trainers/0/engagement'],
    [{ acceptWarnings: ['all'] }, '/acceptWarnings/0'],
  ])('%o is refused with its pointer', async (fields, pointer) => {
    const answer = await requestSession(world, fields)
    expect(answer.status).toBe(422)
    expect(pointersOf(answer)).toContain(pointer)
  })

  it('are two hundred at most, written by as many statements as two', async () => {
    const days = (count: number) =>
      Array.from({ length: count }, (_, day) => ({
        ...aMorning,
        date: Temporal.PlainDate.from('2027-01-01').add({ days: day }).toString(),
      }))
    const few = await world.app.countQueries(() => aSession(world, { reference: 'FEW', slots: days(2) }))
    const many = await world.app.countQueries(() => aSession(world, { reference: 'MANY', slots: days(200) }))
    expect(many).toBe(few)
  })
})

describe('what a session names', () => {
  it('exists', async () => {
    for (const [fields, code] of [
      [{ chapterId: newId() }, 'planning/no-such-chapter'],
      [{ visibility: 'private', privateClientId: newId() }, 'planning/no-such-client'],
      [{ subcontracting: 'received', subcontractClientId: newId() }, 'planning/no-such-client'],
    ] as const) {
      const answer = await requestSession(world, fields)
      expect(answer).toMatchObject({ status: 422, body: { code } })
      expect(pointersOf(answer)).toEqual([`/${Object.keys(fields).at(-1)}`])
    }
  })

  it('is, for subcontracting, a training organisation', async () => {
    const company = made(await world.admin.post('/api/clients', { kind: 'company', name: 'Atelier' }))
    const other = made(
      await world.admin.post('/api/clients', { kind: 'trainingOrganisation', name: 'Autre OF' }),
    )
    const wrong = await requestSession(world, {
      subcontracting: 'givenOut',
      subcontractClientId: company.id,
    })
    expect(wrong.status).toBe(422)
    expect(pointersOf(wrong)).toEqual(['/subcontractClientId'])
    const right = await aSession(world, { subcontracting: 'givenOut', subcontractClientId: other.id })
    expect(right).toMatchObject({ subcontracting: 'givenOut', subcontractClientId: other.id })
  })

  it('may be the company that a private session is for', async () => {
    const company = made(await world.admin.post('/api/clients', { kind: 'company', name: 'Kerdoncuff' }))
    const session = await aSession(world, { visibility: 'private', privateClientId: company.id })
    expect(session).toMatchObject({ visibility: 'private', privateClientId: company.id })
  })
})

describe('the reference', () => {
  it('is made from the training’s code and the first date, and numbered when that is taken', async () => {
    const trainingId = await publishedTraining(world.admin, 'REF')
    const slots = [slot('2026-05-04 09:00-12:00'), slot('2026-04-30 09:00-12:00')]
    const references = []
    for (let round = 0; round < 3; round++)
      references.push((await aSession(world, { trainingId, slots })).reference)
    expect(references).toEqual(['REF-2026-04-30', 'REF-2026-04-30-2', 'REF-2026-04-30-3'])
  })

  it('is made from today where there is no slot', async () => {
    const trainingId = await publishedTraining(world.admin, 'TODAY')
    expect(await aSession(world, { trainingId, slots: [] })).toMatchObject({ reference: 'TODAY-2026-02-01' })
  })

  it('is no other session’s, whatever its case', async () => {
    await aSession(world, { reference: 'Printemps' })
    const answer = await requestSession(world, { reference: 'PRINTEMPS' })
    expect(answer).toMatchObject({ status: 409, body: { code: 'planning/reference-taken' } })
  })
})

describe('opening a session', () => {
  it('needs a slot and a trainer, and says what is missing', async () => {
    const empty = await aSession(world, { slots: [] })
    expect(await world.admin.post(`/api/sessions/${empty.id}/open`)).toMatchObject({
      status: 409,
      body: { code: 'planning/not-ready', missing: ['slots', 'trainers'] },
    })
    const untaught = await aSession(world)
    expect(await world.admin.post(`/api/sessions/${untaught.id}/open`, {})).toMatchObject({
      status: 409,
      body: { missing: ['trainers'] },
    })
  })

  it('needs no trainer of ours when it is given out', async () => {
    const other = made(
      await world.admin.post('/api/clients', { kind: 'trainingOrganisation', name: 'Ailleurs' }),
    )
    const session = await aSession(world, { subcontracting: 'givenOut', subcontractClientId: other.id })
    expect(await world.admin.post(`/api/sessions/${session.id}/open`)).toMatchObject({
      status: 200,
      body: { status: 'open' },
    })
  })

  it('counts the version up and is written down', async () => {
    const session = await anOpenSession(world)
    expect(session).toMatchObject({ status: 'open', version: 2 })
    expect(await lastAudit(world, session.id)).toMatchObject({
      action: 'session.open',
      changes: { status: ['draft', 'open'] },
    })
  })

  it.each(['open', 'closed', 'cancelled'] as const)('is refused when it is %s', async (status) => {
    const session = await anOpenSession(world)
    await setStatus(world, session.id, status)
    const answer = await world.admin.post(`/api/sessions/${session.id}/open`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'planning/wrong-status' } })
  })
})
