/** Half-days as a calendar (iCalendar, RFC 5545) that calendar programs subscribe to or take in as a file. */
import { hoursAndMinutes, noBreak } from '../documents/typography.ts'
import type { SessionRow, SlotRow } from './session.queries.ts'

/** What a calendar tells of a half-day. */
export type CalendarEntry = {
  slotId: string
  /** SEQUENCE: grows with every change, so that calendars take the later of two copies. */
  revision: number
  changedAt: Temporal.Instant
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  /** Of the place where it is held: people read its clock in the description. */
  timeZone: string
  title: string
  reference: string
  topic: string | null
  place: string | null
  /** The address of the virtual room; null for who does not take part. */
  remoteUrl: string | null
  trainers: readonly string[]
  isTentative: boolean
  cancelledAt: Temporal.Instant | null
}

export type CalendarSession = Pick<
  SessionRow,
  'reference' | 'timeZone' | 'modality' | 'place' | 'remoteUrl' | 'status' | 'version' | 'updatedAt'
> & { title: string }

/** What somebody's own part in a half-day adds to what everybody is told of it. */
export type CalendarPart = {
  /** Grows with every change of the part. */
  revision: number
  changedAt: Temporal.Instant | null
  /** They may not get a seat. */
  isTentative: boolean
  /** When they left the session that still goes on. */
  leftAt: Temporal.Instant | null
  seesRoom: boolean
}

/** Of a trainer, and of who takes the session's file. */
export const plainPart: CalendarPart = {
  revision: 0,
  changedAt: null,
  isTentative: false,
  leftAt: null,
  seesRoom: true,
}

/** A half-day as it is told to who has this part in it. */
export function entryOf(
  slot: SlotRow,
  session: CalendarSession,
  trainers: readonly string[],
  part: CalendarPart,
): CalendarEntry {
  const modality = slot.modality ?? session.modality
  const isSessionCancelled = session.status === 'cancelled'
  return {
    slotId: slot.id,
    // Versions are counted from 1 and only grow; that of the session counts too, since its place and state are told.
    revision: slot.version + session.version - 2 + part.revision,
    changedAt: latest(slot.updatedAt, session.updatedAt, part.changedAt),
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    timeZone: session.timeZone,
    title: session.title,
    reference: session.reference,
    topic: slot.topic,
    place: modality === 'remote' ? null : (slot.place ?? session.place),
    remoteUrl: modality === 'onsite' || !part.seesRoom ? null : session.remoteUrl,
    trainers,
    isTentative: part.isTentative || session.status === 'draft',
    cancelledAt: slot.cancelledAt ?? (isSessionCancelled ? session.updatedAt : part.leftAt),
  }
}

/** The latest of these; null ones do not count. */
export function latest(
  first: Temporal.Instant,
  ...others: readonly (Temporal.Instant | null)[]
): Temporal.Instant {
  let found = first
  for (const other of others) if (other && Temporal.Instant.compare(other, found) > 0) found = other
  return found
}

/** How often programs should ask again. */
const refresh = 'PT1H'

/** jCal (RFC 7265): name, parameters, type, value. */
type Property = [name: string, parameters: Record<string, string>, type: string, value: string | number]

/**
 * The calendar as text, the same for the same entries. Times are in UTC, which every program shows on its owner's clock:
 * a half-day is a span of time, and needs no rules of a zone. There is no METHOD: nobody is invited, things are told.
 */
export async function writeCalendar(name: string, entries: readonly CalendarEntry[]): Promise<string> {
  const { default: ical } = await import('ical.js')
  // It does not count the space that a folded line begins with among the 75 octets of RFC 5545 §3.1.
  ical.foldLength = 74
  const properties: Property[] = [
    ['version', {}, 'text', '2.0'],
    ['prodid', {}, 'text', '-//Préau//Préau//FR'],
    ['name', {}, 'text', name],
    // As calendar programs called it before RFC 7986 did, and still do; so with the next.
    ['x-wr-calname', {}, 'text', name],
    ['refresh-interval', {}, 'duration', refresh],
    ['x-published-ttl', {}, 'duration', refresh],
  ]
  const events = entries.toSorted(inTime).map((entry) => ['vevent', eventOf(entry), []])
  return `${ical.stringify(['vcalendar', properties, events])}\r\n`
}

function inTime(a: CalendarEntry, b: CalendarEntry): number {
  return Temporal.Instant.compare(a.startsAt, b.startsAt) || (a.slotId < b.slotId ? -1 : 1)
}

function eventOf(entry: CalendarEntry): Property[] {
  const { cancelledAt, place, remoteUrl } = entry
  const isHeld = cancelledAt === null
  const location = place ?? remoteUrl
  return [
    ['uid', {}, 'text', entry.slotId],
    ['sequence', {}, 'integer', entry.revision],
    ['dtstamp', {}, 'date-time', inSeconds(entry.changedAt)],
    ['last-modified', {}, 'date-time', inSeconds(entry.changedAt)],
    ['dtstart', {}, 'date-time', inSeconds(entry.startsAt)],
    ['dtend', {}, 'date-time', inSeconds(entry.endsAt)],
    ['summary', {}, 'text', summaryOf(entry)],
    ['description', {}, 'text', descriptionOf(entry).join('\n')],
    ['status', {}, 'text', isHeld ? (entry.isTentative ? 'TENTATIVE' : 'CONFIRMED') : 'CANCELLED'],
    ['transp', {}, 'text', isHeld ? 'OPAQUE' : 'TRANSPARENT'],
    ...(isHeld && location !== null ? [['location', {}, 'text', location] satisfies Property] : []),
    ...(isHeld && remoteUrl !== null ? roomOf(remoteUrl) : []),
  ]
}

/** Who shares their calendar does not share the room with it. */
function roomOf(remoteUrl: string): Property[] {
  return [
    ['conference', { feature: 'VIDEO', label: 'Salle virtuelle' }, 'uri', remoteUrl],
    ['class', {}, 'text', 'PRIVATE'],
  ]
}

/** Some programs keep showing what is cancelled: the title says so too. */
function summaryOf({ title, cancelledAt, isTentative }: CalendarEntry): string {
  if (cancelledAt) return `Annulé${noBreak}: ${title}`
  return isTentative ? `À confirmer${noBreak}: ${title}` : title
}

function descriptionOf(entry: CalendarEntry): string[] {
  const { timeZone, cancelledAt, topic, trainers, remoteUrl } = entry
  const [start, end] = [clockOf(entry.startsAt, timeZone), clockOf(entry.endsAt, timeZone)]
  const which = [
    `Session ${entry.reference}`,
    `Horaire${noBreak}: de ${start} à ${end} (heure locale, ${timeZone})`,
  ]
  if (cancelledAt) return ['Cette demi-journée est annulée.', ...which]
  return [
    ...(topic === null ? [] : [topic]),
    ...which,
    ...(trainers.length === 0 ? [] : [`Avec ${new Intl.ListFormat('fr').format(trainers)}`]),
    ...(remoteUrl === null ? [] : [`Salle virtuelle${noBreak}: ${remoteUrl}`]),
    ...(entry.isTentative ? ['Cette demi-journée n’est pas encore confirmée.'] : []),
  ]
}

/** `9 h`, `12 h 30` on the clock of a zone. */
function clockOf(instant: Temporal.Instant, timeZone: string): string {
  const { hour, minute } = instant.toZonedDateTimeISO(timeZone)
  return hoursAndMinutes(hour * 60 + minute)
}

function inSeconds(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' })
}
