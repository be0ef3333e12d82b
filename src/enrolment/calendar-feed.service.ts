/** Somebody's own calendar: the half-days that they teach, and those of the sessions that they are enrolled in. */

import { noBreak } from '../documents/typography.ts'
import { findCalendarFeedOwner } from '../people/sign-in/calendar-feed.service.ts'
import { listEntriesOf, type PartIn } from '../planning/calendar.service.ts'
import { type CalendarPart, latest, writeCalendar } from '../planning/calendar.ts'
import { authorise } from '../platform/access.ts'
import type { Ctx } from '../platform/ctx.ts'
import { notFound } from '../platform/problems.ts'
import { findOrganisationName, listEnrolmentsOf, type PersonalEnrolment } from './calendar-feed.queries.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import type { EnrolmentStatus } from './enrolment.schema.ts'

/** The calendar that this token opens, as text. Throws 404 on a token that is nobody's or has ended. */
export async function readCalendarFeed(ctx: Ctx, token: string): Promise<string> {
  authorise(ctx.actor, may['calendarFeed.read'])
  const personId = await findCalendarFeedOwner(ctx, token)
  if (personId === undefined) throw notFound()
  const enrolments = Map.groupBy(await listEnrolmentsOf(ctx.db, personId), (enrolment) => enrolment.sessionId)
  const learning = new Map([...enrolments].map(([sessionId, own]) => [sessionId, partsOf(own)]))
  const organisation = await findOrganisationName(ctx.db)
  const name = organisation === undefined ? 'Formations' : `Formations${noBreak}: ${organisation}`
  return writeCalendar(name, await listEntriesOf(ctx, personId, learning))
}

/** What each state of an enrolment is in a calendar; a seat lets into the virtual room. */
const told: Record<EnrolmentStatus, { isTentative: boolean; hasLeft: boolean; hasSeat: boolean }> = {
  requested: { isTentative: true, hasLeft: false, hasSeat: false },
  waitlisted: { isTentative: true, hasLeft: false, hasSeat: false },
  confirmed: { isTentative: false, hasLeft: false, hasSeat: true },
  completed: { isTentative: false, hasLeft: false, hasSeat: true },
  abandoned: { isTentative: false, hasLeft: false, hasSeat: false },
  refused: { isTentative: false, hasLeft: true, hasSeat: false },
  cancelled: { isTentative: false, hasLeft: true, hasSeat: false },
}

/** Of one person in one session: whoever left and came back has several enrolments, of which the last one counts. */
function partsOf(enrolments: readonly PersonalEnrolment[]): PartIn {
  const [first, ...others] = enrolments
  const last = others.reduce((last, other) => (isLater(other, last) ? other : last), first)
  if (!last) return () => undefined
  const { isTentative, hasLeft, hasSeat } = told[last.status]
  const part: CalendarPart = {
    revision: enrolments.reduce((sum, enrolment) => sum + enrolment.version, 0),
    changedAt: enrolments.reduce((at, enrolment) => latest(enrolment.updatedAt, at), last.updatedAt),
    isTentative,
    leftAt: hasLeft ? last.updatedAt : null,
    seesRoom: hasSeat,
  }
  return ({ heldOn, startsAt }) => {
    const { startedOn, joinedAt, interruptedOn } = last
    const isBefore =
      (startedOn !== null && heldOn < startedOn) ||
      (joinedAt !== null && Temporal.Instant.compare(startsAt, joinedAt) < 0)
    if (isBefore) return undefined
    const isAfter = interruptedOn !== null && heldOn > interruptedOn
    return isAfter ? { ...part, leftAt: last.updatedAt } : part
  }
}

/** An enrolment that stands comes after those that ended, of which there may be several. */
function isLater(enrolment: PersonalEnrolment, than: PersonalEnrolment | undefined): boolean {
  if (!than) return true
  const [ended, otherEnded] = [told[enrolment.status].hasLeft, told[than.status].hasLeft]
  if (ended !== otherEnded) return otherEnded
  return Temporal.Instant.compare(enrolment.updatedAt, than.updatedAt) > 0
}
