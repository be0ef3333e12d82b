/** Rules of connection logs without any I/O: who is who, and how long they were there. */
import { foldedWords } from '../../platform/fold.ts'
import { sum } from '../../platform/sum.ts'
import type { ConnectionMatch } from './connection-log.schema.ts'
import type { Connection } from './connection-log-reading.ts'

/** From one second to another, both counted from 1970. */
export type Span = [from: number, to: number]

type Interval = { startsAt: Temporal.Instant; endsAt: Temporal.Instant }

/** The time of a stay that lies in the half-day (*demi-journée*). */
function spanIn(connection: Connection, slot: Interval): Span | undefined {
  const from = Math.max(secondsOf(connection.from), secondsOf(slot.startsAt))
  const to = Math.min(secondsOf(connection.to), secondsOf(slot.endsAt))
  const outside = secondsOf(connection.to) - secondsOf(connection.from) - (to - from)
  // Where a line sums up several stays, only what must have been inside is proven.
  const proven = Math.min(to - from, connection.connectedSeconds - outside)
  return proven > 0 ? [from, from + proven] : undefined
}

function secondsOf(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1_000)
}

/** The same time without overlaps: who is connected by telephone and by computer is there once. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)]
    else merged.push([from, to])
  }
  return merged
}

/** Whole minutes of presence; seconds begun count for nothing. */
export function minutesOf(spans: readonly Span[]): number {
  return Math.floor(sum(union(spans).map(([from, to]) => to - from)) / 60)
}

/** Who connected, as the room knows them; `line` is the first of their lines in the file, by which they are named. */
export type Participant = { line: number; name: string; email: string | null; connections: Connection[] }

/** Lines of one address are one person, and lines of one name that have none. */
export function participantsOf(connections: readonly Connection[]): Participant[] {
  const groups = Map.groupBy(
    connections,
    ({ email, name, line }) => email ?? (wordsOf(name) || `line ${line}`),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ line: first.line, name: first.name, email: first.email, connections: group }] : []
  })
}

/** What a learner or trainer is known by. */
export type Known = { names: readonly string[]; emails: readonly string[] }
export type KnownLearner = Known & { enrolmentId: string }

/** In any order: «Le Bihan Maëlle» is «Maëlle LE BIHAN». */
function wordsOf(name: string): string {
  return foldedWords(name).sort().join(' ')
}

const marks = /[([](external|externe|guest|invitee?|host|hote|unverified|non verifiee?|me|moi)[)\]]/gi

/** As shown, and what stands before and in brackets: Zoom writes the name of the account there. */
function namesShown(name: string): string[] {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(marks, '')
  const [, before = '', inside = ''] = /^([^(]*)\(([^)]*)\)\s*$/.exec(plain) ?? []
  return [plain, before, inside].map(wordsOf).filter((words) => words !== '')
}

function isCalled(name: string, known: Known): boolean {
  const shown = namesShown(name)
  return known.names.some((own) => shown.includes(wordsOf(own)))
}

function hasAddress(email: string | null, { emails }: Known): boolean {
  return email !== null && emails.some((own) => own.toLowerCase() === email)
}

type Who = { name: string; email: string | null }

/**
 * The learner whom a participant must be: the address is that of one, or, where it is nobody’s, the name is that of one
 * only. Undefined where address and name contradict each other or do not tell.
 */
export function matchOf(
  who: Who,
  learners: readonly KnownLearner[],
): Omit<ConnectionMatch, 'line'> | undefined {
  const byEmail = learners.filter((learner) => hasAddress(who.email, learner))
  const byName = learners.filter((learner) => isCalled(who.name, learner))
  const byBoth = byEmail.filter((learner) => byName.includes(learner))
  const [learner, ...others] = byBoth.length > 0 ? byBoth : byEmail.length > 0 ? byEmail : byName
  if (!learner || others.length > 0) return undefined
  if (byBoth.length === 0 && byEmail.length > 0 && byName.length > 0) return undefined
  return { enrolmentId: learner.enrolmentId, by: byEmail.length > 0 ? 'email' : 'name' }
}

const mostCandidates = 5
const shortestWord = 3

/** Learners whom a participant may be: a word of theirs is a word of the name or the address, or begins it. */
export function candidatesFor(who: Who, learners: readonly KnownLearner[]): string[] {
  const words = foldedWords(`${who.name} ${who.email?.split('@')[0] ?? ''}`).filter(isTelling)
  return learners
    .map((learner) => ({ learner, likeness: likenessOf(words, who, learner) }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, mostCandidates)
    .map(({ learner }) => learner.enrolmentId)
}

function isTelling(word: string): boolean {
  return word.length >= shortestWord
}

function likenessOf(words: readonly string[], who: Who, learner: KnownLearner): number {
  if (hasAddress(who.email, learner) || isCalled(who.name, learner)) return Number.POSITIVE_INFINITY
  const own = [...new Set(learner.names.flatMap(foldedWords).filter(isTelling))]
  return own.filter((part) => words.some((word) => part.startsWith(word) || word.startsWith(part))).length
}

/** A trainer, also by an address that their learners do not have. */
export function isOneOf(who: Who, people: readonly Known[]): boolean {
  return people.some((known) => hasAddress(who.email, known) || isCalled(who.name, known))
}

export type Presence = { enrolmentId: string; minutes: number; spans: Span[] }

/** How long each matched learner was there, in the order of their first lines; nobody without a minute. */
export function presencesOf(
  participants: readonly Participant[],
  matches: readonly ConnectionMatch[],
  slot: Interval,
): Presence[] {
  const learnerOf = new Map(matches.map(({ line, enrolmentId }) => [line, enrolmentId]))
  const matched = participants.flatMap((participant) => {
    const enrolmentId = learnerOf.get(participant.line)
    return enrolmentId ? [{ enrolmentId, spans: spansOf(participant, slot) }] : []
  })
  const byLearner = Map.groupBy(matched, ({ enrolmentId }) => enrolmentId)
  return [...byLearner].flatMap(([enrolmentId, parts]) => {
    const spans = union(parts.flatMap((part) => part.spans))
    const minutes = minutesOf(spans)
    return minutes > 0 ? [{ enrolmentId, minutes, spans }] : []
  })
}

export function spansOf({ connections }: Participant, slot: Interval): Span[] {
  return union(connections.map((connection) => spanIn(connection, slot)).filter((span) => span !== undefined))
}

/** What was decided by hand takes the place of what stood for these participants. */
export function decided(
  matches: readonly ConnectionMatch[],
  decisions: readonly { line: number; enrolmentId: string | null }[],
): ConnectionMatch[] {
  const byLine = new Map(matches.map((match) => [match.line, match]))
  for (const { line, enrolmentId } of decisions) {
    if (byLine.get(line)?.enrolmentId !== enrolmentId) byLine.set(line, { line, enrolmentId, by: 'hand' })
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
