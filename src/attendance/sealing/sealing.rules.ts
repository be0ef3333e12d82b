/** Rules of sealing a half-day without any I/O: who is asked for, what is missing, what counts as paper. */
import { takesPart } from '../../enrolment/enrolment.rules.ts'
import type { EnrolmentStatus } from '../../enrolment/enrolment.schema.ts'
import type { MarkStatus, ReasonCode } from '../attendance.schema.ts'
import type { SigningWay } from '../ledger/ledger-event.ts'

/** A learner in a half-day with the events that stand for them; null: there is none. */
export type SlotLearner = {
  enrolmentId: string
  name: string
  enrolmentStatus: EnrolmentStatus
  /** In this half-day: not who joined later, unless they were there all the same. */
  isExpected: boolean
  /** The half-day was moved since they were marked. */
  isUnfit: boolean
  markStatus: MarkStatus | null
  reasonCode: ReasonCode | null
  way: SigningWay | null
  mark: string | null
  signature: string | null
  waiver: string | null
}

/** A trainer of a half-day; `isEngaged`: still, not only when they signed. */
export type SlotTrainer = {
  slotId: string
  personId: string
  name: string
  isEngaged: boolean
  signedAt: Temporal.Instant | null
  countersignature: string | null
}

export const missingParts = ['mark', 'reason', 'signature'] as const
type MissingPart = (typeof missingParts)[number]

/** What keeps a half-day from being sealed, with the names to ask. */
type MissingForSeal = {
  learners: { enrolmentId: string; name: string; what: MissingPart }[]
  /** Empty as soon as one of them has countersigned. */
  trainers: { personId: string; name: string }[]
}

/** Whether a seal asks for a learner: who cancelled or left is on the sheet by their mark alone. */
function isAskedFor({ enrolmentStatus, isExpected }: SlotLearner): boolean {
  return isExpected && takesPart(enrolmentStatus)
}

function missingOf(learner: SlotLearner): MissingPart | undefined {
  const { markStatus, isUnfit, reasonCode, signature, waiver } = learner
  if (markStatus === null || isUnfit) return 'mark'
  if (markStatus === 'absent') return reasonCode === null ? 'reason' : undefined
  return signature === null && waiver === null ? 'signature' : undefined
}

/** Nothing when the half-day can be sealed. */
export function missingForSeal(
  learners: readonly SlotLearner[],
  trainers: readonly SlotTrainer[],
  { isOnPaper }: { isOnPaper: boolean },
): MissingForSeal | undefined {
  const isCountersigned = isOnPaper || trainers.some(({ countersignature }) => countersignature !== null)
  const missing: MissingForSeal = {
    learners: learners.filter(isAskedFor).flatMap((learner) => {
      const what = missingOf(learner)
      return what ? [{ enrolmentId: learner.enrolmentId, name: learner.name, what }] : []
    }),
    trainers: isCountersigned ? [] : trainers.map(({ personId, name }) => ({ personId, name })),
  }
  return isCountersigned && missing.learners.length === 0 ? undefined : missing
}

/** The scan bears it all: it is here, and whoever signed did so on paper, where the trainer countersigned too. */
export function isOnPaper(learners: readonly SlotLearner[], scanIds: readonly string[]): boolean {
  return scanIds.length > 0 && learners.every(({ way }) => way === null || way === 'paper')
}
