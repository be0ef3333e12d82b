import type { EnrolmentStatus } from '../enrolment/enrolment.schema.ts'
import { findSlot, listSlots, type SessionRow, type SlotRow } from '../planning/session.queries.ts'
import { authoriseOnSession, findSessionTo } from '../planning/session-access.ts'
import { type Actor, isAdmin, nothingFor } from '../platform/access.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inSnapshot } from '../platform/db/snapshot.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { invalidField, invalidFields } from '../platform/problems.ts'
import { sum } from '../platform/sum.ts'
import { attendancePermissions as may } from './attendance.permissions.ts'
import { sessionClosed, sessionNotHeld, slotNotStarted } from './attendance.problems.ts'
import type { MarkRow } from './attendance.queries.ts'
import * as queries from './attendance.queries.ts'
import { factsOf, isNews, markErrors } from './attendance.rules.ts'
import type { MarkInput, SlotAttendanceInput } from './attendance.schema.ts'
import { appendEvents, ledgerTime } from './ledger.service.ts'
import { markKey } from './ledger-fold.ts'
import {
  type CurrentMarks,
  decidedAfter,
  type MarkDecision,
  markEntry,
  projectMarks,
} from './mark-recording.ts'

/**
 * Marks learners in one slot (*émargement par demi-journée*): all or nothing; what already stands makes no event.
 * Returns all marks of the slot, learners by name. Throws 409 before the slot starts, on a draft or cancelled session
 * and, unless an admin gives a reason, on a closed one; 422 with a pointer to each mark that cannot be.
 */
export async function markSlot(ctx: Ctx, slotId: string, input: SlotAttendanceInput): Promise<MarkRow[]> {
  return inTransaction(ctx, async (ctx) => {
    const session = await queries.lockSessionOfSlot(ctx.db, slotId)
    if (!session) throw nothingFor(ctx.actor)
    await authoriseOnSession(ctx, session, may['attendance.mark'])
    assertOpenTo(ctx.actor, session, input.reason)
    const slot = await findSlot(ctx.db, slotId)
    if (!slot) throw nothingFor(ctx.actor)
    await recordMarks(ctx, session, [{ slot, marks: input.marks }], { reason: input.reason })
    return queries.listMarks(ctx.db, { slotIds: [slotId] })
  })
}

/** The end of a session settles its attendance: from then on a change is a correction, an admin's, and has a reason. */
function assertOpenTo(actor: Actor, session: SessionRow, reason: string | null | undefined): void {
  if (session.status === 'open') return
  if (session.status === 'draft') throw sessionNotHeld()
  if (!isAdmin(actor)) throw session.status === 'closed' ? sessionClosed() : sessionNotHeld()
  if (!reason) throw invalidField('/reason', 'required', `is needed on a ${session.status} session`)
}

export type SlotMarks = {
  slot: SlotRow
  marks: readonly MarkInput[]
  /** Where these marks stand in the request, for errors; `/marks` unless given. */
  pointer?: string
}

/**
 * Records marks of any number of slots of one session in a constant number of statements; returns how many were news.
 * Part of other verbs (one slot by hand, a whole file at import), which authorise, have locked the session and name
 * each slot once and each learner once in it.
 * Throws 409 for a slot that has not started, 422 for what cannot be marked.
 */
export async function recordMarks(
  ctx: TrxCtx,
  session: SessionRow,
  slotMarks: readonly SlotMarks[],
  options: { reason?: string | null | undefined } = {},
): Promise<number> {
  const notStarted = slotMarks.find(({ slot }) => Temporal.Instant.compare(ctx.now(), slot.startsAt) < 0)
  if (notStarted) throw slotNotStarted({ detail: `The slot starts at ${notStarted.slot.startsAt}.` })
  const current = await currentMarks(ctx, slotMarks)
  await assertMarkable(ctx, session, slotMarks, current)
  const news = findNews(ctx, session, slotMarks, current, options.reason ?? undefined)
  const appended = await appendEvents(ctx, session.id, news.map(markEntry), 'attendance.mark')
  await projectMarks(ctx, session, appended, current)
  return news.length
}

async function currentMarks(ctx: TrxCtx, slotMarks: readonly SlotMarks[]): Promise<CurrentMarks> {
  const rows = await queries.listMarks(ctx.db, { slotIds: slotMarks.map(({ slot }) => slot.id) })
  return new Map(rows.map((row) => [markKey(row), row]))
}

async function assertMarkable(
  ctx: TrxCtx,
  session: SessionRow,
  slotMarks: readonly SlotMarks[],
  current: CurrentMarks,
): Promise<void> {
  const ids = new Set(slotMarks.flatMap(({ marks }) => marks.map((mark) => mark.enrolmentId)))
  const rows = await queries.lockEnrolments(ctx.db, [...ids])
  const enrolments = new Map(rows.map((row) => [row.id, row]))
  const errors = slotMarks.flatMap(({ slot, marks, pointer = '/marks' }) =>
    markErrors(marks, enrolments, slot, session, {
      isAdmin: isAdmin(ctx.actor),
      hasMark: (enrolmentId) => current.has(markKey({ slotId: slot.id, enrolmentId })),
      pointer,
    }),
  )
  if (errors.length > 0) throw invalidFields(errors)
}

function findNews(
  ctx: TrxCtx,
  session: SessionRow,
  slotMarks: readonly SlotMarks[],
  current: CurrentMarks,
  reason: string | undefined,
): MarkDecision[] {
  const now = ledgerTime(ctx)
  return slotMarks.flatMap(({ slot, marks }) =>
    marks.flatMap((mark) => {
      const { enrolmentId } = mark
      const facts = factsOf(mark, slot, session)
      const standing = current.get(markKey({ slotId: slot.id, enrolmentId }))
      if (!isNews(standing, facts)) return []
      const decidedAt = decidedAfter(now, standing)
      return [{ slot, enrolmentId, facts, source: 'decision' as const, decidedAt, reason }]
    }),
  )
}

export type Sheet = {
  sessionId: string
  slots: (Pick<SlotRow, 'id' | 'halfDay' | 'startsAt' | 'endsAt' | 'durationMinutes' | 'topic'> & {
    date: string
  })[]
  learners: {
    enrolmentId: string
    personId: string
    name: string
    status: EnrolmentStatus
    marks: MarkRow[]
    attendedMinutes: number
    plannedMinutes: number
  }[]
  attendedMinutes: number
}

/** The attendance sheet (*feuille d'émargement*): slots in time, learners by name, minutes from the one view. */
export async function readSheet(ctx: Ctx, sessionId: string): Promise<Sheet> {
  await findSessionTo(ctx, sessionId, may['attendance.read'])
  const { slots, learners, marks, attended } = await inSnapshot(ctx.db, async (db) => ({
    slots: await listSlots(db, sessionId),
    learners: await queries.listSheetLearners(db, sessionId),
    marks: await queries.listMarks(db, { sessionId }),
    attended: await queries.attendedMinutesByEnrolment(db, sessionId),
  }))
  const marksOf = Map.groupBy(marks, (mark) => mark.enrolmentId)
  const position = new Map(slots.map((slot, index) => [slot.id, index]))
  const inOrder = (a: MarkRow, b: MarkRow) => (position.get(a.slotId) ?? 0) - (position.get(b.slotId) ?? 0)
  return {
    sessionId,
    slots: slots.map((slot) => ({ ...slot, date: slot.heldOn })),
    learners: learners.map(({ firstName, lastName, ...learner }) => ({
      ...learner,
      name: `${firstName} ${lastName}`,
      marks: (marksOf.get(learner.enrolmentId) ?? []).sort(inOrder),
      attendedMinutes: attended.get(learner.enrolmentId) ?? 0,
      plannedMinutes: sum(slots.map((slot) => slot.durationMinutes)),
    })),
    attendedMinutes: sum([...attended.values()]),
  }
}
