/** Half-day slots (*demi-journées, créneaux*): added, moved, cancelled, taken away. */
import { nothingFor } from '../platform/access.ts'
import { audit, auditAll, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { type ConstraintProblems, inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import { notFound } from '../platform/problems.ts'
import { withdrawSlot, withdrawTrainers } from './calendar.service.ts'
import { planningPermissions as may } from './planning.permissions.ts'
import { notReady, slotCancelled, slotHasMarks, slotsOverlap } from './planning.problems.ts'
import { stands } from './planning.rules.ts'
import type { NewSlot, SlotInput, SlotPatch } from './planning.schema.ts'
import {
  findSlot,
  listSlots,
  listTrainers,
  type SessionRow,
  type SlotRow,
  type TrainerRow,
  updateSpan,
} from './session.queries.ts'
import { assertChangeable, lockSessionTo } from './session-access.ts'
import { type SlotView, viewSlot, viewSlots } from './session-view.ts'
import * as queries from './slot.queries.ts'
import { type PlannedSlot, planSlots } from './slot-plan.ts'
import { assertNotBookedElsewhere } from './trainer.service.ts'

const constraints: ConstraintProblems = {
  slot_no_overlap: slotsOverlap,
  attendance_mark_slot_exists: slotHasMarks,
  attendance_event_slot_id_fkey: slotHasMarks,
  attendance_scan_slot_exists: slotHasMarks,
  justification_slot_exists: slotHasMarks,
}

/** Adds a slot to a session that is a draft or open. Throws as `planSlots`, 409 when a trainer is booked elsewhere. */
export async function createSlot(
  ctx: Ctx,
  sessionId: string,
  { acceptWarnings, ...slot }: NewSlot,
): Promise<SlotView> {
  return inTransaction(ctx, async (ctx) => {
    const session = await lockSessionTo(ctx, sessionId, may['session.change'])
    assertChangeable(session)
    const [added] = await addSlots(ctx, session, [slot], wholeBody)
    if (!added) throw notFound()
    const view = await viewSlot(ctx, session, added.id)
    await assertNotBookedElsewhere(
      ctx,
      { slotIds: [view.id], personIds: view.trainerPersonIds },
      acceptWarnings,
    )
    return view
  })
}

/** Where the only slot of a request stands. */
const wholeBody = () => ''

/**
 * Adds slots to a session whose lock is held. Part of other verbs (an import of history), which authorise; it asks
 * neither for the session's status nor whether a trainer is booked elsewhere. Returns the new slots in time.
 */
export async function addSlots(
  ctx: TrxCtx,
  session: SessionRow,
  slots: readonly SlotInput[],
  pointerOf?: (index: number) => string,
): Promise<SlotRow[]> {
  const trainers = await listTrainers(ctx.db, session.id)
  const around = {
    timeZone: session.timeZone,
    taken: (await listSlots(ctx.db, session.id)).filter(stands),
    trainerPersonIds: trainers.map((trainer) => trainer.personId),
  }
  const planned = planSlots(slots, around, pointerOf)
  return inTransaction(
    ctx,
    async (ctx) => {
      const added = await insertPlanned(ctx, session.id, planned, trainers)
      await updateSpan(ctx.db, session.id, ctx.now())
      await auditAll(
        ctx,
        added.map(({ id, sessionId, startsAt, endsAt, topic, modality, place }) => ({
          action: 'slot.create',
          subject: { kind: 'slot', id },
          changes: { sessionId, startsAt, endsAt, topic, modality, place },
        })),
      )
      return added
    },
    constraints,
  )
}

/** Slots and their own trainers, one statement each. Returns the rows in time. */
export async function insertPlanned(
  ctx: TrxCtx,
  sessionId: string,
  planned: readonly PlannedSlot[],
  trainers: readonly TrainerRow[],
): Promise<SlotRow[]> {
  if (planned.length === 0) return []
  const now = ctx.now()
  const withIds = planned.map((slot) => ({ ...slot, id: ctx.newId() }))
  const rows = await queries.insertSlots(
    ctx.db,
    withIds.map(({ trainerPersonIds: _, ...slot }) => ({
      ...slot,
      sessionId,
      createdAt: now,
      updatedAt: now,
    })),
  )
  await queries.insertSlotTrainers(
    ctx.db,
    withIds.flatMap((slot) => assignmentsOf(slot, trainers)),
  )
  return rows.sort((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt))
}

function assignmentsOf(
  slot: { id: string; trainerPersonIds: readonly string[] },
  trainers: readonly TrainerRow[],
): { slotId: string; assignmentId: string }[] {
  return trainers
    .filter((trainer) => slot.trainerPersonIds.includes(trainer.personId))
    .map((trainer) => ({ slotId: slot.id, assignmentId: trainer.id }))
}

/**
 * Names trainers of the session for slots that so far had all of them, so that a trainer who joins later teaches the
 * later slots only. Part of an import, which authorises and holds the session's lock.
 */
export async function nameTrainersOfSlots(
  ctx: TrxCtx,
  sessionId: string,
  slots: readonly { id: string; trainerPersonIds: readonly string[] }[],
): Promise<void> {
  if (slots.length === 0) return
  const trainers = await listTrainers(ctx.db, sessionId)
  await queries.insertSlotTrainers(
    ctx.db,
    slots.flatMap((slot) => assignmentsOf(slot, trainers)),
  )
  await auditAll(
    ctx,
    slots.map(({ id, trainerPersonIds }) => ({
      action: 'slot.change',
      subject: { kind: 'slot', id },
      changes: { trainerPersonIds },
    })),
  )
}

/**
 * Before a session's trainers change: slots of which attendance has been recorded name those whom they had, who held
 * them whatever comes.
 */
export async function keepTrainersOfRecordedSlots(ctx: TrxCtx, sessionId: string): Promise<void> {
  const slotIds = await queries.listRecordedSlotsOfAllTrainers(ctx.db, sessionId)
  if (slotIds.length === 0) return
  const trainerPersonIds = (await listTrainers(ctx.db, sessionId)).map((trainer) => trainer.personId)
  const slots = slotIds.map((id) => ({ id, trainerPersonIds }))
  if (trainerPersonIds.length > 0) await nameTrainersOfSlots(ctx, sessionId, slots)
}

/**
 * Moves a slot or changes what it says; times are local to the session. Marks that were made keep their own minutes: it
 * is a part of `slot-changes.ts`, which knows of marks. Throws as `planSlots`, 409 when a trainer is booked elsewhere at
 * its time or the slot is cancelled, 412 on another version.
 */
export async function changeSlot(
  ctx: Ctx | TrxCtx,
  id: string,
  { acceptWarnings, reason, ...patch }: SlotPatch,
  ifMatch: number | '*',
): Promise<SlotView> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const { session, slot: row } = await lockSlotTo(ctx, id)
      assertVersion(row, ifMatch)
      assertChangeable(session)
      if (!stands(row)) throw slotCancelled()
      const slots = await viewSlots(ctx, session)
      const before = slots.find((slot) => slot.id === id)
      if (!before) throw notFound()
      const changes = changedFields<SlotPatchFields>(before, patch)
      // Naming all trainers is not the same as naming none, though it looks the same now.
      if (Object.keys(changes).length === 0 && !patch.trainerPersonIds) return before
      await writeSlot(ctx, session, before, patch, slots)
      const after = await viewSlot(ctx, session, id)
      if (['date', 'startTime', 'endTime', 'trainerPersonIds'].some((field) => field in changes))
        await assertNotBookedElsewhere(
          ctx,
          { slotIds: [id], personIds: after.trainerPersonIds },
          acceptWarnings,
        )
      await audit(ctx, {
        action: 'slot.change',
        subject: { kind: 'slot', id },
        changes: { ...changes, ...(reason !== undefined && { reason: 'redacted' }) },
      })
      return after
    },
    constraints,
  )
}

type SlotPatchFields = Omit<SlotPatch, 'acceptWarnings' | 'reason'>

async function writeSlot(
  ctx: TrxCtx,
  session: SessionRow,
  before: SlotView,
  patch: SlotPatchFields,
  slots: readonly SlotView[],
): Promise<void> {
  const trainers = await listTrainers(ctx.db, session.id)
  const { trainerPersonIds, ...fields } = patch
  const wanted = {
    date: before.date,
    startTime: before.startTime,
    endTime: before.endTime,
    topic: before.topic,
    modality: before.modality,
    place: before.place,
    ...fields,
    ...(trainerPersonIds && { trainerPersonIds }),
  }
  const around = {
    timeZone: session.timeZone,
    taken: slots.filter((slot) => slot.id !== before.id && stands(slot)),
    trainerPersonIds: trainers.map((trainer) => trainer.personId),
  }
  const [planned] = planSlots([wanted], around, wholeBody)
  if (!planned) return
  const { trainerPersonIds: _, ...columns } = planned
  await queries.updateSlot(ctx.db, before.id, { ...columns, updatedAt: ctx.now() })
  if (trainerPersonIds) {
    const gone = before.trainerPersonIds.filter((personId) => !trainerPersonIds.includes(personId))
    if (trainerPersonIds.length > 0) await withdrawTrainers(ctx, session.id, gone, before.id)
    await queries.deleteSlotTrainers(ctx.db, before.id)
    await queries.insertSlotTrainers(ctx.db, assignmentsOf({ id: before.id, trainerPersonIds }, trainers))
  }
  await updateSpan(ctx.db, session.id, ctx.now())
}

/**
 * Cancels a slot (*annuler une demi-journée*): it stays in sight with what was recorded in it, and counts nowhere. Part
 * of `slot-changes.ts`, which knows of seals. Throws 409 when it is cancelled already or the last of an open session.
 */
export async function cancelSlot(ctx: Ctx | TrxCtx, id: string, reason: string): Promise<SlotView> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, id)
    assertChangeable(session)
    if (!stands(slot)) throw slotCancelled()
    const now = ctx.now()
    await queries.updateSlot(ctx.db, id, { cancelledAt: now, cancelledReason: reason, updatedAt: now })
    await assertKeepsSlot(ctx, session)
    await updateSpan(ctx.db, session.id, now)
    await audit(ctx, {
      action: 'slot.cancel',
      subject: { kind: 'slot', id },
      changes: { sessionId: session.id, cancelledAt: [null, now], reason: 'redacted' },
    })
    return viewSlot(ctx, session, id)
  })
}

async function assertKeepsSlot(ctx: TrxCtx, session: SessionRow): Promise<void> {
  if (session.status !== 'open' || (await listSlots(ctx.db, session.id)).some(stands)) return
  throw notReady({ detail: 'An open session keeps a slot.', extra: { missing: ['slots'] } })
}

/** Takes a slot away. Throws 409 when attendance has been marked in it, or it is the last of an open session. */
export async function deleteSlot(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(
    ctx,
    async (ctx) => {
      const { session, slot } = await lockSlotTo(ctx, id)
      assertChangeable(session)
      await withdrawSlot(ctx, session, slot)
      await queries.deleteSlot(ctx.db, id)
      await assertKeepsSlot(ctx, session)
      await updateSpan(ctx.db, session.id, ctx.now())
      const { sessionId, startsAt, endsAt } = slot
      await audit(ctx, {
        action: 'slot.delete',
        subject: { kind: 'slot', id },
        changes: { sessionId, startsAt, endsAt },
      })
    },
    constraints,
  )
}

/** The session's lock comes first, and the slot may be gone by the time it is held. */
async function lockSlotTo(ctx: TrxCtx, id: string): Promise<{ session: SessionRow; slot: SlotRow }> {
  const found = await findSlot(ctx.db, id)
  if (!found) throw nothingFor(ctx.actor)
  const session = await lockSessionTo(ctx, found.sessionId, may['session.change'])
  const slot = await findSlot(ctx.db, id)
  if (!slot) throw notFound()
  return { session, slot }
}
