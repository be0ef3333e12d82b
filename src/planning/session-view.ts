/** Sessions as they are shown: with training, seats, trainers and slots, as far as the one who asks may see. */
import {
  authorise,
  authoriseOn,
  can,
  isAdmin,
  mandatedChapterIds,
  nothingFor,
  personIdOf,
} from '../platform/access.ts'
import { civilDateOf, localTimeOf } from '../platform/civil-time.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import type { Page } from '../platform/http/pagination.ts'
import { planningPermissions as may } from './planning.permissions.ts'
import type { SessionsQuery } from './planning.schema.ts'
import {
  findSession,
  findSlot,
  listSlots,
  type SessionRow,
  type SlotRow,
  sessionSubject,
} from './session.queries.ts'
import { authoriseOnSession } from './session-access.ts'
import { findSessionDetails, type SessionDetails } from './session-details.queries.ts'
import * as list from './session-list.queries.ts'
import { listSlotTrainers } from './slot.queries.ts'
import { listNamedTrainers, type NamedTrainer } from './trainer.queries.ts'

export type SlotView = SlotRow & {
  date: string
  startTime: string
  endTime: string
  /** Its own trainers, or the session's. */
  trainerPersonIds: string[]
}

type Summary<Row> = Row & {
  seatsLeft: number
  /** Civil dates of the first and the last slot, in the session's zone. */
  startsOn: string | null
  endsOn: string | null
}

export type SessionItem = Summary<list.ListedSession>
export type SessionView = Summary<SessionDetails> & { trainers: NamedTrainer[]; slots: SlotView[] }

/** Throws 404 on a session that the actor may not see; the address of its virtual room is for those who take part. */
export async function readSession(ctx: Ctx | TrxCtx, id: string): Promise<SessionView> {
  const details = await findSessionDetails(ctx.db, id)
  if (!details) throw nothingFor(ctx.actor)
  const subject = await sessionSubject(ctx.db, details, personIdOf(ctx.actor))
  authoriseOn(ctx.actor, subject, { act: may['session.read'] })
  const takingPart = { ...subject, personIds: subject.seatedPersonIds }
  // A cancellation concerns the learners, a correction those who run the session.
  const told = details.status === 'cancelled' ? subject : { ...subject, personIds: [] }
  const isBusiness = can(ctx.actor, may['session.readBusiness'], subject)
  return {
    ...summaryOf(details),
    ...(!isBusiness && { bpfScopeReason: null, subcontractClientId: null, privateClientId: null }),
    remoteUrl: can(ctx.actor, may['session.readRemoteUrl'], takingPart) ? details.remoteUrl : null,
    statusReason: can(ctx.actor, may['session.readStatusReason'], told) ? details.statusReason : null,
    trainers: await listNamedTrainers(ctx.db, id),
    slots: await viewSlots(ctx, details),
  }
}

function summaryOf<Row extends SessionRow & { seatsTaken: number }>(row: Row): Summary<Row> {
  const dateOf = (instant: Temporal.Instant | null) => instant && civilDateOf(instant, row.timeZone)
  return {
    ...row,
    // Imported history may hold more people than its capacity says.
    seatsLeft: Math.max(0, row.capacity - row.seatsTaken),
    startsOn: dateOf(row.firstSlotStartsAt),
    endsOn: dateOf(row.lastSlotEndsAt),
  }
}

/** The slots of a session in time, with the clock of its zone and who teaches in each. */
export async function viewSlots(ctx: Ctx | TrxCtx, session: SessionRow): Promise<SlotView[]> {
  const slots = await listSlots(ctx.db, session.id)
  const trainers = Map.groupBy(await listSlotTrainers(ctx.db, session.id), (trainer) => trainer.slotId)
  return slots.map((slot) => ({
    ...slot,
    date: slot.heldOn,
    startTime: localTimeOf(slot.startsAt, session.timeZone),
    endTime: localTimeOf(slot.endsAt, session.timeZone),
    trainerPersonIds: (trainers.get(slot.id) ?? []).map((trainer) => trainer.personId),
  }))
}

/** Throws 404 on a slot of a session that the actor may not see. */
export async function readSlot(ctx: Ctx, id: string): Promise<SlotView> {
  const slot = await findSlot(ctx.db, id)
  const session = slot && (await findSession(ctx.db, slot.sessionId))
  if (!session) throw nothingFor(ctx.actor)
  await authoriseOnSession(ctx, session, may['session.read'])
  return viewSlot(ctx, session, id)
}

/** One slot of a session whose visibility has been asked about. Throws 404 when it is gone. */
export async function viewSlot(ctx: Ctx | TrxCtx, session: SessionRow, id: string): Promise<SlotView> {
  const slot = (await viewSlots(ctx, session)).find((slot) => slot.id === id)
  if (!slot) throw nothingFor(ctx.actor)
  return slot
}

/** Admins see every session; anyone else the public ones, their own, and those of the chapters they are ambassador of. */
export async function listSessions(ctx: Ctx, query: SessionsQuery): Promise<Page<SessionItem>> {
  authorise(ctx.actor, may['session.list'])
  const { items, nextCursor } = await list.listSessions(ctx.db, query, viewerOf(ctx))
  return { items: items.map(summaryOf), nextCursor }
}

function viewerOf({ actor }: Ctx): list.Viewer {
  const personId = personIdOf(actor)
  if (personId === undefined || isAdmin(actor)) return 'all'
  return { personId, chapterIds: mandatedChapterIds(actor) }
}
