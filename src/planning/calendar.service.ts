/** Half-days in people's own calendars: what is told of them, and that what is gone is told as cancelled for a while. */
import { civilDateOf } from '../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import * as queries from './calendar.queries.ts'
import {
  type CalendarEntry,
  type CalendarPart,
  type CalendarSession,
  entryOf,
  latest,
  plainPart,
  writeCalendar,
} from './calendar.ts'
import type { SessionRow, SlotRow } from './session.queries.ts'
import { readSession } from './session-view.ts'
import { listSlotTrainers } from './slot.queries.ts'

/** How long calendars are told of what is cancelled: programs that nobody opened for a season learn it still. */
const daysTold = 90
/** How far back a feed goes; programs show what it holds, and forget the rest. */
const daysBack = 366

const daysAgo = (ctx: Ctx | TrxCtx, days: number) => ctx.now().subtract({ hours: days * 24 })

/** The part that somebody has in a half-day of a session they learn in; undefined where it is none of theirs. */
export type PartIn = (slot: Pick<SlotRow, 'heldOn' | 'startsAt'>) => CalendarPart | undefined

/**
 * The half-days of one session as a file, for whoever may see the session; the address of its virtual room is for those
 * who take part. Throws 401 and 404 as `readSession`.
 */
export async function readSessionCalendar(
  ctx: Ctx,
  id: string,
): Promise<{ reference: string; text: string }> {
  const session = await readSession(ctx, id)
  const names = new Map(session.trainers.map((trainer) => [trainer.personId, nameOf(trainer)]))
  const standing = session.slots.map((slot) => {
    const trainers = slot.trainerPersonIds.flatMap((personId) => names.get(personId) ?? [])
    return entryOf(slot, session, trainers, plainPart)
  })
  const withdrawn = await queries.listWithdrawals(
    ctx.db,
    { sessionIds: [id], trainerPersonId: null },
    daysAgo(ctx, daysTold),
  )
  const gone = withdrawn.map((row) => withdrawnEntry(row, session, plainPart))
  return {
    reference: session.reference,
    text: await writeCalendar(session.title, [...standing, ...gone].filter(isStillTold(ctx))),
  }
}

/**
 * The half-days that somebody teaches, and those of the sessions they learn in. Part of another slice's verb, which
 * authorises and knows of `learning`: their part by session.
 */
export async function listEntriesOf(
  ctx: Ctx,
  personId: string,
  learning: ReadonlyMap<string, PartIn>,
): Promise<CalendarEntry[]> {
  const whose = { sessionIds: [...learning.keys()], trainerPersonId: personId }
  const slots = await queries.listSlotsWith(ctx.db, whose, daysAgo(ctx, daysBack))
  const withdrawals = await queries.listWithdrawals(ctx.db, whose, daysAgo(ctx, daysTold))
  const sessionIds = [...new Set([...slots, ...withdrawals].map((row) => row.sessionId))]
  const sessions = new Map(
    (await queries.listCalendarSessions(ctx.db, sessionIds)).map((session) => [session.id, session]),
  )
  const trainers = Map.groupBy(
    await queries.listTrainersOfSlots(ctx.db, sessionIds),
    (trainer) => trainer.slotId,
  )
  const entries = new Map<string, CalendarEntry>()
  for (const row of withdrawals) {
    const session = sessions.get(row.sessionId)
    const part = session && partIn(learning, { ...row, heldOn: civilDateOf(row.startsAt, session.timeZone) })
    if (session && part) entries.set(row.slotId, withdrawnEntry(row, session, part))
  }
  // What stands again counts, and not that it was withdrawn.
  for (const slot of slots) {
    const session = sessions.get(slot.sessionId)
    const part = session && partIn(learning, slot)
    if (session && part)
      entries.set(slot.id, entryOf(slot, session, (trainers.get(slot.id) ?? []).map(nameOf), part))
  }
  return [...entries.values()].filter(isStillTold(ctx))
}

/** Who teaches now may have learned in the session before: what calendars were told then counts on. */
function partIn(
  learning: ReadonlyMap<string, PartIn>,
  slot: Pick<SlotRow, 'sessionId' | 'heldOn' | 'startsAt'> & { isTaught?: boolean; personId?: string | null },
): CalendarPart | undefined {
  const part = learning.get(slot.sessionId)?.(slot)
  const isTrainers = slot.isTaught || slot.personId != null
  return isTrainers ? { ...plainPart, revision: part?.revision ?? 0 } : part
}

function withdrawnEntry(
  row: Awaited<ReturnType<typeof queries.listWithdrawals>>[number],
  session: CalendarSession,
  part: CalendarPart,
): CalendarEntry {
  return {
    slotId: row.slotId,
    revision: row.revision + part.revision,
    changedAt: latest(row.withdrawnAt, part.changedAt),
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    timeZone: session.timeZone,
    title: session.title,
    reference: session.reference,
    ...{ topic: null, place: null, remoteUrl: null, trainers: [] },
    isTentative: false,
    cancelledAt: row.withdrawnAt,
  }
}

function isStillTold(ctx: Ctx): (entry: CalendarEntry) => boolean {
  const since = daysAgo(ctx, daysTold)
  return ({ cancelledAt }) => cancelledAt === null || Temporal.Instant.compare(cancelledAt, since) >= 0
}

function nameOf({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return `${firstName} ${lastName}`
}

/** Before a slot is deleted: its learners and trainers are told. Part of that verb, which audits. */
export async function withdrawSlot(ctx: TrxCtx, session: SessionRow, slot: SlotRow): Promise<void> {
  const taught = await listSlotTrainers(ctx.db, session.id)
  const trainers = taught.filter(({ slotId }) => slotId === slot.id).map(({ personId }) => personId)
  await queries.upsertWithdrawals(
    ctx.db,
    [null, ...trainers].map((personId) => ({
      id: ctx.newId(),
      sessionId: session.id,
      slotId: slot.id,
      personId,
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      // One more than calendars were told last.
      revision: slot.version + session.version - 1,
      withdrawnAt: ctx.now(),
    })),
  )
}

/**
 * Before people leave the trainers of a session, or of one of its slots, and after its version has grown: their
 * calendars are told. Part of that verb, which audits.
 */
export async function withdrawTrainers(
  ctx: TrxCtx,
  sessionId: string,
  personIds: readonly string[],
  slotId?: string,
): Promise<void> {
  const taught = await queries.listTaught(ctx.db, sessionId, personIds)
  await queries.upsertWithdrawals(
    ctx.db,
    taught
      .filter((slot) => slotId === undefined || slot.id === slotId)
      .map(({ id: slotId, ...slot }) => ({
        ...slot,
        id: ctx.newId(),
        sessionId,
        slotId,
        withdrawnAt: ctx.now(),
      })),
  )
}

/** Forgets what calendars have been told of for long enough; returns how many. A job calls it. */
export async function tidyCalendars(ctx: Ctx): Promise<number> {
  return queries.deleteOldWithdrawals(ctx.db, daysAgo(ctx, daysTold))
}
