/** Rules of what devices recorded without a network, without any I/O: when it happened, and what it still changes. */
import type { EnrolmentStatus } from '../../enrolment/enrolment.schema.ts'
import { slotCancelled } from '../../planning/planning.problems.ts'
import { stands } from '../../planning/planning.rules.ts'
import type { SessionStatus } from '../../planning/planning.schema.ts'
import { sha256Hex } from '../../platform/files/files.ts'
import { sessionClosed, sessionNotHeld, sheetSealed, slotNotStarted } from '../attendance.problems.ts'
import { canonicalJson } from '../ledger/ledger.ts'
import { leastClockOffsetSeconds } from '../sheet/sheet.rules.ts'
import { clientIdReused } from './offline.problems.ts'
import type { OfflineEvent } from './offline.schema.ts'

/** How far a device is behind the server, in whole minutes. */
export function clockOffsetSeconds(serverNow: Temporal.Instant, deviceNow: Temporal.Instant): number {
  const seconds = deviceNow.until(serverNow).total('seconds')
  return Math.abs(seconds) < leastClockOffsetSeconds ? 0 : Math.round(seconds / 60) * 60
}

export const codes = {
  inTheFuture: 'attendance/in-the-future',
  clientIdReused: clientIdReused.definition.code,
  notConfirmed: 'not-confirmed',
  signedButAbsent: 'attendance/signed-but-absent',
} as const

/** Why something cannot have happened then: whatever a device says, not before the half-day begins by our own clock. */
export function whyNotThen(
  happenedAt: Temporal.Instant,
  slot: { startsAt: Temporal.Instant },
  now: Temporal.Instant,
): string | undefined {
  const isEarly = [happenedAt, now].some((at) => Temporal.Instant.compare(at, slot.startsAt) < 0)
  if (isEarly) return slotNotStarted.definition.code
  const latest = now.add({ seconds: leastClockOffsetSeconds })
  return Temporal.Instant.compare(happenedAt, latest) > 0 ? codes.inTheFuture : undefined
}

/** Why what happened in time arrives too late to change anything; undefined where it does. */
export function whyTooLate(
  event: Pick<OfflineEvent, 'type'>,
  state: {
    slot: { cancelledAt: Temporal.Instant | null }
    isSealed: boolean
    sessionStatus: SessionStatus
    /** Of the learner; undefined for a trainer's own signature. */
    enrolmentStatus: EnrolmentStatus | undefined
    hasMark: boolean
  },
): string | undefined {
  if (state.isSealed) return sheetSealed.definition.code
  if (!stands(state.slot)) return slotCancelled.definition.code
  if (state.sessionStatus === 'cancelled') return sessionNotHeld.definition.code
  // As without a device: on a closed session who was marked may still sign, and a trainer countersign.
  const isSettled = event.type === 'mark' || (event.type === 'signature' && !state.hasMark)
  if (state.sessionStatus === 'closed' && isSettled) return sessionClosed.definition.code
  const hasLeft = state.enrolmentStatus === 'cancelled' || state.enrolmentStatus === 'abandoned'
  return hasLeft ? codes.notConfirmed : undefined
}

/** The same for the same event however often it is sent, and whatever device passes it on. */
export function contentHash({ at, ...event }: OfflineEvent): string {
  const given = Object.entries(event).filter(([, value]) => value != null)
  return sha256Hex(canonicalJson({ ...Object.fromEntries(given), at: at.toString() }))
}
