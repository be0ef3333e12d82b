/** Rules of work done alone, without any I/O: what is decided, what it is worth, how it stands. */
import type { EnrolmentStatus } from '../../enrolment/enrolment.schema.ts'
import type { ActivityEvidence, ActivitySource } from '../ledger/ledger-event.ts'
import type { ActivityInput, ActivityState } from './activity.schema.ts'

/** All that an event states of an activity, apart from whose it is. */
export type ActivityFacts = {
  source: ActivitySource
  isDone: boolean
  doneOn: string | null
  minutes: number
  evidence: ActivityEvidence | null
  note: string | null
}

/**
 * What a request states of an activity: done, it is worth the time it takes on average, as the form of the *certificat de
 * réalisation* has it; but not on the learner's word alone.
 */
export function factsOf(
  input: ActivityInput,
  source: ActivitySource,
  estimatedMinutes: number,
): ActivityFacts {
  return {
    source,
    isDone: input.done,
    doneOn: input.doneOn ?? null,
    minutes: input.done && source === 'decision' ? estimatedMinutes : 0,
    evidence: input.evidence ?? null,
    note: input.note ?? null,
  }
}

/** What stands already is no event. A learner who takes back what was never said says nothing either. */
export function isNews(current: ActivityFacts | undefined, next: ActivityFacts): boolean {
  if (current === undefined) return next.isDone || next.source === 'decision'
  return (Object.keys(next) as (keyof ActivityFacts)[]).some((fact) => current[fact] !== next[fact])
}

export function stateOf(current: Pick<ActivityFacts, 'source' | 'isDone'> | undefined): ActivityState {
  if (current?.source === 'decision') return current.isDone ? 'done' : 'notDone'
  return current?.isDone ? 'declared' : 'open'
}

type Enrolment = { status: EnrolmentStatus; interruptedOn: string | null }

/**
 * Whether an activity of a learner can be recorded: as marks can, of confirmed learners; by an admin also of who completed
 * the session, of who abandoned it up to that day, and of whoever has a record already.
 */
export function isRecordable(
  { status, interruptedOn }: Enrolment,
  doneOn: string | null,
  by: { isAdmin: boolean; hasRecord: boolean },
): boolean {
  if (status === 'confirmed' || (by.isAdmin && (status === 'completed' || by.hasRecord))) return true
  const isInTime = interruptedOn === null || doneOn === null || doneOn <= interruptedOn
  return by.isAdmin && status === 'abandoned' && isInTime
}
