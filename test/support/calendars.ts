/** Calendars read back by `node-ical`. */
import nodeIcal from 'node-ical'

export type ReadEvent = {
  uid: string
  sequence: number
  /** In UTC. */
  start: string
  end: string
  changedAt: string
  status: string | undefined
  summary: string
  description: string
  location: string | undefined
  transparency: string | undefined
  conference: string | undefined
  class: string | undefined
}

/** The events in the order of the file. */
export function readCalendar(text: string): { name: string; events: ReadEvent[] } {
  const parts = nodeIcal.sync.parseICS(text)
  return {
    name: textOf(parts.vcalendar?.['WR-CALNAME']) ?? '',
    events: Object.values(parts).flatMap((part) => (part?.type === 'VEVENT' ? [readEvent(part)] : [])),
  }
}

function readEvent(event: Record<string, unknown>): ReadEvent {
  return {
    uid: String(event.uid),
    sequence: Number(event.sequence),
    start: utc(event.start),
    end: utc(event.end),
    changedAt: utc(event.lastmodified),
    status: textOf(event.status),
    summary: textOf(event.summary) ?? '',
    description: textOf(event.description) ?? '',
    location: textOf(event.location),
    transparency: textOf(event.transparency),
    conference: textOf(event.conference),
    class: textOf(event.class),
  }
}

/** A value, or the value of a property with parameters. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'val' in value) return String(value.val)
  return value === undefined ? undefined : String(value)
}

function utc(value: unknown): string {
  if (!(value instanceof Date)) throw new Error(`not a date: ${value}`)
  return value.toISOString().replace('.000Z', 'Z')
}
