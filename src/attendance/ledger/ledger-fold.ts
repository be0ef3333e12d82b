/**
 * The state that the events of a ledger lead to. It depends on the set of the events alone: devices without a network
 * send theirs late, twice or out of order, and it comes out the same.
 */
import {
  activitySources,
  type EventBody,
  type EventOf,
  type MarkSource,
  markSources,
} from './ledger-event.ts'

/** An event that marks a learner in a half-day, also of the first format. */
export type MarkEvent = Extract<EventBody, { kind: 'mark' | 'addendum' }>

/** The key of a mark or a signature: one learner in one slot. */
export function markKey(mark: { slotId: string; enrolmentId: string }): string {
  return `${mark.slotId} ${mark.enrolmentId}`
}

/** What decides between marks of one learner in one slot. */
export type Decision = { source: MarkSource; decidedAt: string; clientId: string | null; sequence: number }

/** The first format knew only decisions, made when they were recorded. */
export function decisionOf(event: MarkEvent): Decision {
  return event.format === 1
    ? { source: 'decision', decidedAt: event.recordedAt, clientId: null, sequence: event.sequence }
    : event
}

/** Whether a mark replaces another: by rank, then by when it was decided; ties are broken as for anybody anywhere. */
export function outranks(next: Decision, current: Decision): boolean {
  const rank = markSources.indexOf(next.source) - markSources.indexOf(current.source)
  return (rank || byTime(next.decidedAt, current.decidedAt) || byPlace(next, current)) > 0
}

/**
 * Whether a learner's signature counts before another of theirs in the same slot: what they signed by themselves, then
 * what was first.
 */
export function signatureCounts(
  next: Parameters<typeof precedes>[0] & ByOwnHand,
  current: Parameters<typeof precedes>[1] & ByOwnHand,
): boolean {
  if (isByThemselves(next) === isByThemselves(current)) return precedes(next, current)
  return isByThemselves(next)
}

type ByOwnHand = Pick<EventOf<'signature'>, 'way' | 'handedOverBy'>

/** Neither on somebody else's device, or by a link that it showed, nor read on paper by somebody else. */
function isByThemselves({ way, handedOverBy }: ByOwnHand): boolean {
  return way !== 'paper' && handedOverBy === null
}

/** Whether somebody's signature comes before another of theirs. */
export function precedes(
  next: Pick<EventOf<'signature' | 'countersignature'>, 'signedAt' | 'clientId' | 'sequence'>,
  current: Pick<EventOf<'signature' | 'countersignature'>, 'signedAt' | 'clientId' | 'sequence'>,
): boolean {
  return (byTime(next.signedAt, current.signedAt) || byPlace(next, current)) < 0
}

type Place = { clientId: string | null; sequence: number }

/** What a device called it before its place in the ledger: that is the same in whatever order it arrived. */
function byPlace(a: Place, b: Place): number {
  const [left, right] = [a.clientId ?? '', b.clientId ?? '']
  if (left !== right) return left < right ? -1 : 1
  return a.sequence - b.sequence
}

function byTime(a: string, b: string): number {
  return a === b ? 0 : Temporal.Instant.compare(a, b)
}

/** The mark of each learner in each slot. */
export function foldMarks(bodies: readonly EventBody[]): Map<string, MarkEvent> {
  const marks = bodies.filter((body) => body.kind === 'mark' || body.kind === 'addendum')
  return fold(marks, markKey, (next, current) => outranks(decisionOf(next), decisionOf(current)))
}

export function foldSignatures(bodies: readonly EventBody[]): Map<string, EventOf<'signature'>> {
  return fold(ofKind(bodies, 'signature'), markKey, signatureCounts)
}

/** The key is the slot's id and the trainer's. */
export function foldCountersignatures(
  bodies: readonly EventBody[],
): Map<string, EventOf<'countersignature'>> {
  return fold(ofKind(bodies, 'countersignature'), trainerKey, precedes)
}

/** What became of the slots that were changed after something had been recorded in them, by the slot's id. */
export function foldSlotChanges(bodies: readonly EventBody[]): Map<string, EventOf<'slotChange'>> {
  return fold(ofKind(bodies, 'slotChange'), ({ slotId }) => slotId, comesAfter)
}

export function trainerKey({ slotId, personId }: { slotId: string; personId: string }): string {
  return `${slotId} ${personId}`
}

/** The key is the log's id. */
export function foldConnections(bodies: readonly EventBody[]): Map<string, EventOf<'connections'>> {
  return fold(ofKind(bodies, 'connections'), ({ logId }) => logId, comesAfter)
}

/** What became of each activity for each learner: a decision outranks a declaration, then the later one holds. */
export function foldActivities(bodies: readonly EventBody[]): Map<string, EventOf<'activity'>> {
  const rankOf = (event: EventOf<'activity'>) => activitySources.indexOf(event.source)
  return fold(ofKind(bodies, 'activity'), activityKey, (next, current) =>
    rankOf(next) === rankOf(current) ? comesAfter(next, current) : rankOf(next) > rankOf(current),
  )
}

export function activityKey(of: { enrolmentId: string; activityId: string }): string {
  return `${of.enrolmentId} ${of.activityId}`
}

function comesAfter(next: { sequence: number }, current: { sequence: number }): boolean {
  return next.sequence > current.sequence
}

export function ofKind<Kind extends EventBody['kind']>(
  bodies: readonly EventBody[],
  kind: Kind,
): Extract<EventBody, { format: 2; kind: Kind }>[] {
  return bodies.filter((body) => body.format === 2 && body.kind === kind) as Extract<
    EventBody,
    { format: 2; kind: Kind }
  >[]
}

function fold<Event extends EventBody>(
  events: readonly Event[],
  keyOf: (event: Event) => string,
  replaces: (next: Event, current: Event) => boolean,
): Map<string, Event> {
  const state = new Map<string, Event>()
  for (const event of events) {
    if ('isLate' in event && event.isLate) continue
    const current = state.get(keyOf(event))
    if (!current || replaces(event, current)) state.set(keyOf(event), event)
  }
  return state
}
