import { slotCancelled } from '../planning/planning.problems.ts'
import { stands } from '../planning/planning.rules.ts'
import type { SessionRow, SlotRow } from '../planning/session.queries.ts'
import { type Actor, isAdmin } from '../platform/access.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { invalidField, invalidFields } from '../platform/problems.ts'
import { attendancePermissions as may } from './attendance.permissions.ts'
import { sessionClosed, sessionNotHeld, slotNotStarted } from './attendance.problems.ts'
import type { MarkRow } from './attendance.queries.ts'
import * as queries from './attendance.queries.ts'
import { factsOf, isNews, markErrors } from './attendance.rules.ts'
import type { MarkInput, SlotAttendanceInput } from './attendance.schema.ts'
import { type AppendedEvent, appendEvents, ledgerTime } from './ledger/ledger.service.ts'
import { markKey } from './ledger/ledger-fold.ts'
import {
  addendumEntry,
  type CurrentMarks,
  decidedAfter,
  type MarkDecision,
  markEntry,
  projectMarks,
} from './mark-recording.ts'
import type { Seal } from './sealing/sealing.queries.ts'
import { assertNotSealed } from './sealing/sealing-state.ts'
import { lockSlotTo } from './slot-access.ts'

/**
 * Marks learners in one slot (*émargement par demi-journée*): all or nothing; what already stands makes no event.
 * Returns all marks of the slot, learners by name. Throws 409 before the slot starts, on a draft or cancelled session
 * and, unless an admin gives a reason, on a closed one, and for everybody once the slot is sealed; 422 with a pointer to
 * each mark that cannot be.
 */
export async function markSlot(ctx: Ctx, slotId: string, input: SlotAttendanceInput): Promise<MarkRow[]> {
  return inTransaction(ctx, async (ctx) => {
    const { session, slot } = await lockSlotTo(ctx, slotId, may['attendance.mark'])
    assertOpenTo(ctx.actor, session, input.reason)
    const news = await recordMarks(ctx, session, [{ slot, marks: input.marks }], { reason: input.reason })
    // What is sealed is not marked again, not even as it stands.
    if (news === 0) await assertNotSealed(ctx.db, [slotId])
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
 * Throws 409 for a slot that has not started or was cancelled, and for news of a sealed one unless they are an addendum
 * to that seal; 422 for what cannot be marked.
 */
export async function recordMarks(
  ctx: TrxCtx,
  session: SessionRow,
  slotMarks: readonly SlotMarks[],
  options: { reason?: string | null | undefined; addendumTo?: Seal } = {},
): Promise<number> {
  if (!slotMarks.every(({ slot }) => stands(slot))) throw slotCancelled()
  const notStarted = slotMarks.find(({ slot }) => Temporal.Instant.compare(ctx.now(), slot.startsAt) < 0)
  if (notStarted) throw slotNotStarted({ detail: `The slot starts at ${notStarted.slot.startsAt}.` })
  const current = await currentMarks(ctx, slotMarks)
  await assertMarkable(ctx, session, slotMarks, current)
  const news = findNews(ctx, session, slotMarks, current, options.reason ?? undefined)
  const appended = await append(ctx, session, news, options.addendumTo)
  await projectMarks(ctx, session, appended, current)
  return news.length
}

async function append(
  ctx: TrxCtx,
  session: SessionRow,
  news: readonly MarkDecision[],
  seal: Seal | undefined,
): Promise<AppendedEvent[]> {
  if (seal) {
    const entries = news.map((decision) => addendumEntry(decision, seal.eventId))
    return appendEvents(ctx, session.id, entries, 'attendance.addendum')
  }
  if (news.length > 0)
    await assertNotSealed(
      ctx.db,
      news.map(({ slot }) => slot.id),
    )
  return appendEvents(ctx, session.id, news.map(markEntry), 'attendance.mark')
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
      if (!isNews(standing, facts, slot)) return []
      const decidedAt = decidedAfter(now, standing)
      return [{ slot, enrolmentId, facts, source: 'decision' as const, decidedAt, reason }]
    }),
  )
}
