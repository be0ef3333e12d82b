import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sessionPatch } from '../../src/planning/planning.schema.ts'
import { newId } from '../../src/platform/ids.ts'
import {
  aSession,
  aTrainer,
  change,
  enrol,
  lastAudit,
  made,
  type PlanningWorld,
  planningWorld,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld()
})
afterAll(() => world.app.close())

/** The problem with which a change is refused. */
async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (error) => error,
  )
  return { status: error?.definition.status, code: error?.definition.code, ...error?.details }
}

const pointing = (pointer: string) => ({ status: 422, errors: [{ pointer }] })

describe('a change of a session', () => {
  it('keeps what it does not speak of, counts the version up and is written down', async () => {
    const session = await aSession(world, { place: 'La Fabrique', remoteUrl: 'https://visio.example/a' })
    world.app.setNow('2026-02-02T08:00:00Z')
    const after = await change(world, session.id, {
      reference: 'Printemps 26',
      capacity: 12,
      place: null,
      remoteUrl: 'https://visio.example/b',
      approval: 'manual',
    })
    expect(after).toMatchObject({
      version: 2,
      reference: 'Printemps 26',
      capacity: 12,
      seatsLeft: 12,
      place: null,
      approval: 'manual',
      modality: 'onsite',
      chapterId: world.lyonId,
    })
    expect(after.slots.map((slot) => slot.id)).toEqual(session.slots.map((slot: { id: string }) => slot.id))
    expect(String(after.updatedAt)).toBe('2026-02-02T08:00:00Z')
    expect(await lastAudit(world, session.id)).toEqual({
      action: 'session.change',
      actorAccountId: world.admin.accountId,
      changes: {
        reference: [session.reference, 'Printemps 26'],
        capacity: [10, 12],
        place: ['La Fabrique', null],
        remoteUrl: 'redacted',
        approval: ['automatic', 'manual'],
      },
    })
  })

  it('that says nothing new changes nothing', async () => {
    const trainers = [{ personId: await aTrainer(world.app), engagement: 'internal' }]
    const session = await aSession(world, { trainers })
    const after = await change(world, session.id, { capacity: 10, trainers, visibility: 'public' })
    expect(after.version).toBe(1)
    expect(await lastAudit(world, session.id)).toMatchObject({ action: 'session.create' })
  })

  it('needs the version that was read', async () => {
    const session = await aSession(world)
    await change(world, session.id, { capacity: 11 }, { ifMatch: 1 })
    expect(await refusal(change(world, session.id, { capacity: 12 }, { ifMatch: 1 }))).toMatchObject({
      status: 412,
    })
  })

  it('does not take another session’s reference', async () => {
    await aSession(world, { reference: 'Prise' })
    const session = await aSession(world)
    expect(await refusal(change(world, session.id, { reference: 'PRISE' }))).toMatchObject({
      code: 'planning/reference-taken',
    })
    expect((await change(world, session.id, { reference: 'Libre' })).reference).toBe('Libre')
  })

  it('does not go below the seats that are taken, by who asked, began or is enrolled', async () => {
    const session = await aSession(world, { capacity: 5 })
    for (const status of ['confirmed', 'requested', 'waitlisted', 'cancelled'] as const)
      await enrol(world, session.id, await aTrainer(world.app), status)
    expect(await refusal(change(world, session.id, { capacity: 1 }))).toMatchObject({
      status: 409,
      code: 'planning/capacity-below-seats',
      extra: { seatsTaken: 2 },
    })
    expect(await change(world, session.id, { capacity: 2 })).toMatchObject({ seatsLeft: 0, waitlisted: 1 })
  })

  it('moves the clock only while no slot is on it', async () => {
    const session = await aSession(world)
    const patch = { timeZone: 'Indian/Reunion' }
    expect(await refusal(change(world, session.id, patch))).toMatchObject(pointing('/timeZone'))
    const empty = await aSession(world, { slots: [] })
    expect(await change(world, empty.id, patch)).toMatchObject(patch)
  })

  it.each([
    [{ chapterId: newId() }, '/chapterId'],
    [{ minimumLearners: 11 }, '/minimumLearners'],
    [{ bpfScope: 'excluded' }, '/bpfScopeReason'],
    [{ subcontracting: 'givenOut' }, '/subcontractClientId'],
    [{ subcontracting: 'received', subcontractClientId: newId() }, '/subcontractClientId'],
    [{ visibility: 'public', privateClientId: newId() }, '/privateClientId'],
  ])('to %o is refused with its pointer', async (patch, pointer) => {
    const session = await aSession(world)
    expect(await refusal(change(world, session.id, patch))).toMatchObject(pointing(pointer))
  })

  it('drops what has lost its meaning', async () => {
    const company = made(await world.admin.post('/api/clients', { kind: 'company', name: 'Kerdoncuff' }))
    const other = made(await world.admin.post('/api/clients', { kind: 'trainingOrganisation', name: 'OF' }))
    const session = await aSession(world, {
      visibility: 'private',
      privateClientId: company.id,
      subcontracting: 'received',
      subcontractClientId: other.id,
      bpfScope: 'excluded',
      bpfScopeReason: 'atelier bénévole',
    })
    const patch = { visibility: 'public', subcontracting: 'none', bpfScope: 'included' }
    expect(await change(world, session.id, patch)).toMatchObject({
      ...patch,
      privateClientId: null,
      subcontractClientId: null,
      bpfScopeReason: null,
    })
  })
})

describe('the classification copied from the training', () => {
  it('is corrected with a reason that is written down', async () => {
    const session = await aSession(world)
    const after = await change(world, session.id, {
      nsfCode: '320',
      objective: 'other',
      certificationLevel: null,
      classificationReason: 'Erreur de codification',
    })
    expect(after).toMatchObject({ nsfCode: '320', objective: 'other', certificationLevel: null })
    expect(await lastAudit(world, session.id)).toMatchObject({
      changes: {
        nsfCode: ['326t', '320'],
        objective: ['rs', 'other'],
        certificationLevel: ['5', null],
        classificationReason: 'Erreur de codification',
      },
    })
  })

  it.each([{ nsfCode: '320' }, { objective: 'other' }, { certificationLevel: '6' }])(
    'is not corrected to %o without one',
    (patch) => {
      const result = sessionPatch.safeParse(patch)
      expect(result.error?.issues.map((issue) => issue.path)).toEqual([['classificationReason']])
    },
  )

  it('is an NSF code', () => {
    const issues = (nsfCode: string) =>
      sessionPatch.safeParse({ nsfCode, classificationReason: 'x' }).error?.issues.map((issue) => issue.path)
    expect(issues('326t')).toBeUndefined()
    expect(issues('32')).toEqual([['nsfCode']])
  })
})
