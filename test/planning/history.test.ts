/** What an import of history is made with: sessions and slots added inside a larger transaction. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createArchivedTraining } from '../../src/catalogue/catalogue.service.ts'
import { lockSession } from '../../src/planning/session.queries.ts'
import { addSession, type SessionToAdd } from '../../src/planning/session.service.ts'
import { addSlots } from '../../src/planning/slot.service.ts'
import { addTrainers } from '../../src/planning/trainer.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import {
  aMorning,
  anAfternoon,
  aTrainer,
  lastAudit,
  type PlanningWorld,
  planningWorld,
  slot,
} from './planning-world.ts'

let world: PlanningWorld
beforeAll(async () => {
  world = await planningWorld()
})
afterAll(() => world.app.close())

function aPastSession(trainingVersionId: string, fields: Partial<SessionToAdd> = {}): SessionToAdd {
  return {
    trainingVersionId,
    status: 'open',
    modality: 'onsite',
    capacity: 12,
    approval: 'automatic',
    visibility: 'private',
    subcontracting: 'none',
    bpfScope: 'included',
    trainers: [],
    slots: [aMorning],
    ...fields,
  }
}

it('a session of the past is open at once, on the version of an archived training, with a trainer booked elsewhere', async () => {
  const trainer = await aTrainer(world.app)
  const trainers = [{ personId: trainer, engagement: 'external' as const }]
  const added = await inTransaction(world.app.system, async (ctx) => {
    const { versionId } = await createArchivedTraining(ctx, { code: 'ANC', title: 'Ancienne' })
    await addSession(ctx, aPastSession(versionId, { reference: 'H-1', trainers }))
    return addSession(ctx, aPastSession(versionId, { reference: 'H-2', trainers }))
  })
  expect(added.session).toMatchObject({ reference: 'H-2', status: 'open', nsfCode: null, objective: null })
  expect(added.slots).toMatchObject([{ heldOn: '2026-03-02', durationMinutes: 210 }])
  const { body } = await world.admin.get(`/api/sessions/${added.session.id}`)
  expect(body).toMatchObject({ title: 'Ancienne', trainers: [{ engagement: 'external' }] })
})

it('another file adds slots and a trainer to a session that is there', async () => {
  const [first, second] = [await aTrainer(world.app), await aTrainer(world.app)]
  const slots = await inTransaction(world.app.system, async (ctx) => {
    const { versionId } = await createArchivedTraining(ctx, { code: 'ANC-2', title: 'Ancienne' })
    const { session } = await addSession(
      ctx,
      aPastSession(versionId, { trainers: [{ personId: first, engagement: 'internal' }] }),
    )
    await addTrainers(ctx, session.id, [
      { personId: first, engagement: 'external' },
      { personId: second, engagement: 'external' },
    ])
    const locked = await lockSession(ctx.db, session.id)
    if (!locked) throw new Error('the session is gone')
    return addSlots(ctx, locked, [
      { ...slot('2026-03-03 09:00-12:00'), trainerPersonIds: [second] },
      anAfternoon,
    ])
  })
  expect(slots.map((slot) => slot.heldOn)).toEqual(['2026-03-02', '2026-03-03'])
  const { body } = await world.admin.get(`/api/sessions/${slots[0]?.sessionId}`)
  expect(body.trainers).toMatchObject([
    { personId: first, engagement: 'internal' },
    { personId: second, engagement: 'external' },
  ])
  expect(await lastAudit(world, body.id)).toMatchObject({
    action: 'session.change',
    changes: { addedTrainers: [{ personId: second, engagement: 'external' }] },
  })
  expect(body.slots.map((slot: { trainerPersonIds: string[] }) => slot.trainerPersonIds)).toEqual([
    [first, second],
    [first, second],
    [second],
  ])
  expect(body).toMatchObject({ startsOn: '2026-03-02', endsOn: '2026-03-03' })
})

it('slots that overlap undo the whole import', async () => {
  const work = inTransaction(world.app.system, async (ctx) => {
    const { versionId } = await createArchivedTraining(ctx, { code: 'ANC-3', title: 'Ancienne' })
    const { session } = await addSession(ctx, aPastSession(versionId, { reference: 'H-3' }))
    await addSlots(ctx, session, [slot('2026-03-02 12:00-13:00')])
  })
  await expect(work).rejects.toMatchObject({ definition: { code: 'planning/slots-overlap' } })
  const rows = await world.app.deps.db
    .selectFrom('trainingSession')
    .select('id')
    .where('reference', '=', 'H-3')
    .execute()
  expect(rows).toEqual([])
})
