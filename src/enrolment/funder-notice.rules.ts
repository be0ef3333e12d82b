/**
 * What funders must be told of a learner (Code du travail, art. L6353-10: start, interruptions, end) and by when. Pure:
 * rows in, notices out.
 */
import type { ClientKind } from '../organisation/organisation.schema.ts'
import { addWorkingDays } from '../platform/french-calendar.ts'
import type { EnrolmentStatus, FundingSource } from './enrolment.schema.ts'
import { payerKind } from './funding.rules.ts'

export const noticeKinds = ['start', 'interruption', 'end'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** A learner's way through a session, in civil dates of the session. */
export type FundedWay = {
  enrolmentId: string
  sessionId: string
  status: EnrolmentStatus
  startedOn: string | null
  interruptedOn: string | null
  endedOn: string | null
  firstAttendedOn: string | null
  lastAttendedOn: string | null
  /** The first day begun on which nobody has said yet whether they were there. */
  firstUnmarkedOn: string | null
  lastDay: string | null
  isSessionOver: boolean
}

type Fact = { kind: NoticeKind; happenedOn: string }

const earliest = (...dates: (string | null)[]): string | null =>
  dates.filter((date) => date !== null).sort()[0] ?? null

/**
 * Who is not yet marked counts as having come, so that the funder can be told in time; once marked absent, it is the
 * first day that was attended. Who left is told of as an interruption, and of no end after it.
 */
export function factsOf(way: FundedWay): Fact[] {
  const hasLeft = way.status === 'abandoned' || way.status === 'cancelled'
  const startedOn = way.startedOn ?? earliest(way.firstAttendedOn, hasLeft ? null : way.firstUnmarkedOn)
  if (startedOn === null || (hasLeft && way.lastAttendedOn === null)) return []
  const stoppedOn = way.interruptedOn ?? (hasLeft ? (way.endedOn ?? way.lastAttendedOn) : null)
  const finishedOn = !hasLeft && way.isSessionOver ? (way.endedOn ?? way.lastDay) : null
  return [
    { kind: 'start', happenedOn: startedOn },
    ...(stoppedOn === null ? [] : [{ kind: 'interruption' as const, happenedOn: stoppedOn }]),
    ...(finishedOn === null ? [] : [{ kind: 'end' as const, happenedOn: finishedOn }]),
  ]
}

/** Who pays, of a line or several: for one learner, or for all of the session (`enrolmentId` null). */
export type Payer = {
  sessionId: string
  enrolmentId: string | null
  clientId: string | null
  clientKind: ClientKind | null
  source: FundingSource
}

/** The funders that the law means: bodies that manage funds and public ones; an employer or the learner is none. */
function isFunder({ source, clientKind }: Payer): boolean {
  return [payerKind[source], clientKind].some((kind) => kind === 'fundBody' || kind === 'publicBody')
}

type Delays = { funderNoticeDays: number; cpfNoticeWorkingDays: number }

function dueOn(source: FundingSource, happenedOn: string, delays: Delays): string {
  if (source === 'fundCpf') return addWorkingDays(happenedOn, delays.cpfNoticeWorkingDays)
  return Temporal.PlainDate.from(happenedOn).add({ days: delays.funderNoticeDays }).toString()
}

export type Notice = Fact & {
  sessionId: string
  enrolmentId: string
  clientId: string | null
  source: FundingSource
  dueOn: string
}

/** The same for what is one notice: a funder without a client is known by its source. */
export function noticeKey(notice: Omit<Notice, 'sessionId' | 'dueOn'>): string {
  const funder = notice.clientId ?? notice.source
  return [notice.enrolmentId, notice.kind, notice.happenedOn, funder].join(' ')
}

/** One notice for each fact, learner and funder; where a funder pays in several ways, by the shortest delay. */
export function noticesOf(ways: readonly FundedWay[], payers: readonly Payer[], delays: Delays): Notice[] {
  const bySession = Map.groupBy(payers.filter(isFunder), (payer) => payer.sessionId)
  const notices = new Map<string, Notice>()
  for (const way of ways) {
    const funders = (bySession.get(way.sessionId) ?? []).filter(
      ({ enrolmentId }) => enrolmentId === null || enrolmentId === way.enrolmentId,
    )
    for (const fact of factsOf(way))
      for (const { clientId, source } of funders) {
        const { sessionId, enrolmentId } = way
        const due = dueOn(source, fact.happenedOn, delays)
        const notice = { ...fact, sessionId, enrolmentId, clientId, source, dueOn: due }
        const known = notices.get(noticeKey(notice))
        if (!known || due < known.dueOn) notices.set(noticeKey(notice), notice)
      }
  }
  return [...notices.values()]
}
