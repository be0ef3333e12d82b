/** Training sessions (*sessions de formation*): made, changed, opened. */
import { readTimeZone } from '../organisation/organisation.service.ts'
import { authorise } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import { invalidField, invalidFields } from '../platform/problems.ts'
import { planningPermissions as may } from './planning.permissions.ts'
import {
  capacityBelowSeats,
  noSuchChapter,
  noSuchClient,
  noSuchTraining,
  referenceTaken,
  wrongStatus,
} from './planning.problems.ts'
import { faultsOf, impliedBy, type SessionTerms, spanOf } from './planning.rules.ts'
import type { SessionInput, SessionPatch, TrainerInput } from './planning.schema.ts'
import { listSlots, listTrainers, type SessionRow, type SlotRow, updateSession } from './session.queries.ts'
import { assertChangeable, assertReady, lockSessionTo } from './session-access.ts'
import { countSeatsTaken } from './session-details.queries.ts'
import * as lookup from './session-lookup.queries.ts'
import { insertReferenced } from './session-reference.ts'
import { readSession, type SessionView } from './session-view.ts'
import { sealedSlotGoesBy } from './slot.queries.ts'
import { insertPlanned, keepTrainersOfRecordedSlots } from './slot.service.ts'
import { planSlots } from './slot-plan.ts'
import { assertNotBookedElsewhere, assignTrainers, replaceTrainers, type Warning } from './trainer.service.ts'

/** The audit outlives the session's people: an address may carry a key to the room. */
const personalFields = ['remoteUrl'] as const

/**
 * A new session, as a draft, held by the training's published version. An ambassador names a chapter of the own
 * mandate. Throws 422 with a pointer to what does not fit, 409 when the reference is taken or a trainer is booked
 * elsewhere.
 */
export async function createSession(ctx: Ctx, input: SessionInput): Promise<SessionView> {
  authorise(ctx.actor, may['session.create'], { chapterId: input.chapterId ?? null })
  return inTransaction(ctx, async (ctx) => {
    const { trainingId, acceptWarnings, ...given } = input
    const trainingVersionId = await lookup.findPublishedVersionId(ctx.db, trainingId)
    if (!trainingVersionId) throw noSuchTraining({ errors: [trainingFault] })
    const { session, slots } = await addSession(ctx, { ...given, trainingVersionId, status: 'draft' })
    await assertNotBookedElsewhere(
      ctx,
      {
        slotIds: slots.map((slot) => slot.id),
        personIds: input.trainers.map((trainer) => trainer.personId),
      },
      acceptWarnings,
    )
    return readSession(ctx, session.id)
  })
}

const trainingFault = {
  pointer: '/trainingId',
  code: 'no-such-training',
  detail: 'is not a published training',
}

export type SessionToAdd = Omit<SessionInput, 'trainingId' | 'acceptWarnings'> & {
  /** Any version, that of an archived training too. */
  trainingVersionId: string
  status: 'draft' | 'open'
}

/**
 * Part of other verbs (an import of history), which authorise: it asks neither who may nor whether a trainer is booked
 * elsewhere. Without a reference it makes one; without a zone it takes the organisation's. Throws as `createSession`.
 */
export async function addSession(
  ctx: TrxCtx,
  input: SessionToAdd,
): Promise<{ session: SessionRow; slots: SlotRow[] }> {
  const version = await lookup.findVersionToHold(ctx.db, input.trainingVersionId)
  if (!version) throw noSuchTraining({ errors: [trainingFault] })
  const { reference, trainers, slots: wantedSlots, ...fields } = input
  const columns = columnsOf(fields)
  assertFits(columns)
  await assertNamedExist(ctx, columns)
  const timeZone = fields.timeZone ?? (await readTimeZone(ctx))
  const trainerPersonIds = trainers.map((trainer) => trainer.personId)
  const planned = planSlots(wantedSlots, { timeZone, taken: [], trainerPersonIds })
  const now = ctx.now()
  const { trainingCode, ...classification } = version
  const session = await insertReferenced(
    ctx,
    {
      ...classification,
      ...columns,
      ...spanOf(planned),
      openedAt: input.status === 'open' ? now : null,
      id: ctx.newId(),
      createdAt: now,
      updatedAt: now,
      timeZone,
    },
    { wanted: reference, trainingCode, dates: planned.map((slot) => slot.heldOn) },
  )
  const slots = await insertPlanned(ctx, session.id, planned, await assignTrainers(ctx, session.id, trainers))
  await audit(ctx, {
    action: 'session.create',
    subject: { kind: 'session', id: session.id },
    changes: changedFields(undefined, { ...input, reference: session.reference, timeZone }, personalFields),
  })
  return { session, slots }
}

function columnsOf(given: Omit<SessionToAdd, 'reference' | 'timeZone' | 'trainers' | 'slots'>) {
  return {
    trainingVersionId: given.trainingVersionId,
    status: given.status,
    modality: given.modality,
    chapterId: given.chapterId ?? null,
    place: given.place ?? null,
    remoteUrl: given.remoteUrl ?? null,
    capacity: given.capacity,
    minimumLearners: given.minimumLearners ?? null,
    approval: given.approval,
    visibility: given.visibility,
    privateClientId: given.privateClientId ?? null,
    subcontracting: given.subcontracting,
    subcontractClientId: given.subcontractClientId ?? null,
    bpfScope: given.bpfScope,
    bpfScopeReason: given.bpfScopeReason ?? null,
  }
}

function assertFits(terms: SessionTerms): void {
  const faults = faultsOf(terms)
  if (faults.length > 0) throw invalidFields(faults)
}

async function assertNamedExist(ctx: TrxCtx, named: lookup.Named): Promise<void> {
  if (!named.chapterId && !named.privateClientId && !named.subcontractClientId) return
  const found = await lookup.findNamed(ctx.db, named)
  const missing = (field: keyof lookup.Named) => ({
    errors: [{ pointer: `/${field}`, code: 'does-not-exist', detail: 'does not exist' }],
  })
  if (named.chapterId && !found.chapterId) throw noSuchChapter(missing('chapterId'))
  if (named.privateClientId && !found.privateClientId) throw noSuchClient(missing('privateClientId'))
  if (named.subcontractClientId && !found.subcontractKind) throw noSuchClient(missing('subcontractClientId'))
  if (named.subcontractClientId && found.subcontractKind !== 'trainingOrganisation')
    throw invalidField('/subcontractClientId', 'wrong-kind', 'must be a training organisation')
}

/**
 * Changes a session that is a draft or open; what already stands so changes nothing. Whoever calls it in a larger
 * transaction seats those who wait when the capacity has grown. Throws 409 below the seats taken or when a new trainer
 * is booked elsewhere, 412 on another version, 422 with pointers.
 */
export async function changeSession(
  ctx: Ctx | TrxCtx,
  id: string,
  patch: SessionPatch,
  ifMatch: number | '*',
): Promise<SessionView> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const session = await lockSessionTo(ctx, id, may['session.change'])
      if (patch.chapterId !== undefined)
        authorise(ctx.actor, may['session.change'], { chapterId: patch.chapterId })
      assertVersion(session, ifMatch)
      assertChangeable(session)
      const { acceptWarnings, classificationReason, trainers, ...given } = patch
      const fields = { ...impliedBy(given), ...given }
      const changes = changedFields<Record<string, unknown>>(
        { ...session, ...(trainers && { trainers: await trainersOf(ctx, id) }) },
        { ...fields, ...(trainers && { trainers }) },
        personalFields,
      )
      if (Object.keys(changes).length === 0) return readSession(ctx, id)
      await assertMayBecome(ctx, session, fields)
      await updateSession(ctx.db, id, { ...fields, updatedAt: ctx.now() })
      if (trainers) await changeTrainers(ctx, id, trainers, acceptWarnings)
      if (session.status === 'open' && (trainers || fields.subcontracting))
        await assertReady(ctx, { ...session, ...fields })
      await audit(ctx, {
        action: 'session.change',
        subject: { kind: 'session', id },
        changes: { ...changes, ...(classificationReason !== undefined && { classificationReason }) },
      })
      return readSession(ctx, id)
    },
    { training_session_reference_unique: referenceTaken },
  )
}

type SessionFields = Omit<SessionPatch, 'acceptWarnings' | 'classificationReason' | 'trainers'>

async function assertMayBecome(ctx: TrxCtx, session: SessionRow, fields: SessionFields): Promise<void> {
  assertFits({ ...session, ...fields })
  await assertNamedExist(ctx, fields)
  if (fields.timeZone !== undefined && fields.timeZone !== session.timeZone && session.firstSlotStartsAt)
    throw invalidField('/timeZone', 'slots-stand', 'cannot change while there are slots on its clock')
  await assertSealedStay(ctx, session, fields)
  if (fields.capacity !== undefined && fields.capacity < session.capacity) {
    const seatsTaken = await countSeatsTaken(ctx.db, session.id)
    if (fields.capacity < seatsTaken) throw capacityBelowSeats({ extra: { seatsTaken } })
  }
}

/** A sealed sheet shows where and how its half-day was held: what comes later is said of the half-days to come. */
async function assertSealedStay(ctx: TrxCtx, before: SessionRow, fields: SessionFields): Promise<void> {
  const after = { ...before, ...fields }
  const changed = {
    modality: (after.modality === 'remote') !== (before.modality === 'remote'),
    place: after.place !== before.place,
  }
  for (const field of ['modality', 'place'] as const)
    if (changed[field] && (await sealedSlotGoesBy(ctx.db, before.id, field)))
      throw invalidField(`/${field}`, 'sealed', 'cannot change where sealed slots go by it')
}

async function trainersOf(ctx: TrxCtx, id: string): Promise<TrainerInput[]> {
  const trainers = await listTrainers(ctx.db, id)
  return trainers.map(({ personId, engagement }) => ({ personId, engagement }))
}

async function changeTrainers(
  ctx: TrxCtx,
  id: string,
  trainers: readonly TrainerInput[],
  acceptWarnings: readonly Warning[],
): Promise<void> {
  await keepTrainersOfRecordedSlots(ctx, id)
  const added = await replaceTrainers(ctx, id, trainers)
  const slots = await listSlots(ctx.db, id)
  await assertNotBookedElsewhere(
    ctx,
    { slotIds: slots.map((slot) => slot.id), personIds: added },
    acceptWarnings,
  )
}

/** Opens a draft for enrolment. Throws 409 with what is `missing`: a slot, or a trainer unless it is given out. */
export async function openSession(ctx: Ctx, id: string): Promise<SessionView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await lockSessionTo(ctx, id, may['session.open'])
    if (session.status !== 'draft') throw wrongStatus({ detail: `The session is ${session.status}.` })
    await assertReady(ctx, session)
    await updateSession(ctx.db, id, { status: 'open', openedAt: ctx.now(), updatedAt: ctx.now() })
    await audit(ctx, {
      action: 'session.open',
      subject: { kind: 'session', id },
      changes: { status: ['draft', 'open'] },
    })
    return readSession(ctx, id)
  })
}
