/** A session of the file beside the one that stands: what is wrong with it, what is new in it. No I/O. */
import { overlapping, type SlotTimes, slotTimes } from '../../planning/planning.rules.ts'
import type { SlotInput, TrainerInput } from '../../planning/planning.schema.ts'
import type { SlotRow } from '../../planning/session.queries.ts'
import { localTimeOf } from '../../platform/civil-time.ts'
import type { TrainerCell } from './attendance.csv.ts'
import type { ImportedLearner, ImportedMark, ImportedSession, ImportedSlot } from './attendance-sessions.ts'
import type {
  EnrolmentOfSession,
  SessionOfTraining,
  StandingMark,
  TrainerOfSession,
} from './import.queries.ts'
import type { WantedPerson } from './people-matching.ts'

export type StandingSession = {
  session: SessionOfTraining
  slots: SlotRow[]
  slotsByBeginning: ReadonlyMap<string, SlotRow>
  trainers: TrainerOfSession[]
  enrolments: EnrolmentOfSession[]
  /** By `markKey`. */
  marks: ReadonlyMap<string, StandingMark>
}

export type Refuse = (line: number, column: string | null, reason: string) => void

/** The date and time at which a slot begins, on the clock of its session. */
export function beginning(slot: SlotRow, timeZone: string): string {
  return `${slot.heldOn} ${localTimeOf(slot.startsAt, timeZone)}`
}

/** The slot that stands where one of the file begins. */
export function standingSlot(standing: StandingSession, slot: ImportedSlot): SlotRow | undefined {
  return standing.slotsByBeginning.get(`${slot.date} ${slot.startTime}`)
}

/** Refuses what a session cannot be told from a file: another state, another training, half-days yet to come. */
export function checkSession(
  wanted: ImportedSession,
  standing: StandingSession | undefined,
  around: { now: Temporal.Instant; timeZone: string; isHeldBy: (session: SessionOfTraining) => boolean },
  refuse: Refuse,
): void {
  const { reference, line } = wanted
  if (standing) {
    const { status, subcontracting } = standing.session
    if (status === 'cancelled') refuse(line, 'session', `la session ${reference} est annulée`)
    if (status === 'draft')
      refuse(line, 'session', `la session ${reference} est un brouillon\u202f; ouvrez-la d’abord`)
    if (!around.isHeldBy(standing.session))
      refuse(line, 'formation', `la session ${reference} est celle de la formation ${standing.session.title}`)
    if (wanted.subcontracting.direction !== 'none' && wanted.subcontracting.direction !== subcontracting)
      refuse(line, 'sous_traitance', `la session ${reference} a une autre sous-traitance`)
  }
  checkSlots(wanted, standing, { ...around, timeZone: standing?.session.timeZone ?? around.timeZone }, refuse)
}

function checkSlots(
  wanted: ImportedSession,
  standing: StandingSession | undefined,
  { now, timeZone }: { now: Temporal.Instant; timeZone: string },
  refuse: Refuse,
): void {
  const added: { slot: ImportedSlot; times: SlotTimes }[] = []
  for (const slot of wanted.slots) {
    const times = slotTimes(slot, timeZone)
    const before = standing && standingSlot(standing, slot)
    if ('field' in times)
      refuse(
        slot.line,
        times.field === 'startTime' ? 'debut' : 'fin',
        'les horloges sautent cette heure ce jour-là',
      )
    else if (Temporal.Instant.compare(now, times.startsAt) < 0)
      refuse(slot.line, 'date', 'la demi-journée n’a pas commencé\u202f; une présence ne se note qu’ensuite')
    else if (!before) added.push({ slot, times })
    else if (Temporal.Instant.compare(before.endsAt, times.endsAt) !== 0)
      refuse(
        slot.line,
        'fin',
        `cette demi-journée finit à ${localTimeOf(before.endsAt, timeZone)} dans la session`,
      )
  }
  const taken = standing?.slots ?? []
  for (const index of overlapping([...taken, ...added.map(({ times }) => times)])) {
    const overlap = added[index - taken.length]
    if (overlap) refuse(overlap.slot.line, 'debut', 'la demi-journée en chevauche une autre de la session')
  }
}

type PersonIdOf = (person: WantedPerson) => string

/** The trainers of a session, one for each person; refuses two links of one person and a trainer who also learns. */
export function trainersOf(wanted: ImportedSession, personIdOf: PersonIdOf, refuse: Refuse): TrainerInput[] {
  const trainers = new Map<string, TrainerInput>()
  for (const cell of wanted.trainers) {
    const personId = personIdOf(cell)
    const { engagement } = trainers.get(personId) ?? cell
    if (engagement !== cell.engagement)
      refuse(wanted.line, 'lien_formateur', `${nameOf(cell)} a deux natures de lien dans la session`)
    trainers.set(personId, { personId, engagement })
  }
  for (const learner of wanted.learners)
    if (trainers.has(personIdOf(learner)))
      refuse(learner.line, 'nom', `${nameOf(learner)} est aussi formateur de la session`)
  return [...trainers.values()]
}

/** Refuses two learners of the file who are one person. */
export function checkLearners(wanted: ImportedSession, personIdOf: PersonIdOf, refuse: Refuse): void {
  const lines = new Map<string, number>()
  for (const learner of wanted.learners) {
    const first = lines.get(personIdOf(learner))
    if (first === undefined) lines.set(personIdOf(learner), learner.line)
    else refuse(learner.line, 'nom', `${nameOf(learner)} est la même personne qu’à la ligne ${first}`)
  }
}

function nameOf({ firstName, lastName }: TrainerCell | ImportedLearner): string {
  return `${firstName} ${lastName}`
}

/**
 * A slot as planning takes it. It names its trainers even where they are all the session's: should the session gain
 * one with a later file, that one did not teach here.
 */
export function slotInputOf(
  slot: ImportedSlot,
  session: { modality: string; trainers: readonly TrainerInput[] },
  personIdOf: PersonIdOf,
): SlotInput {
  const { date, startTime, endTime, modality } = slot
  const own = [...new Set(slot.trainers.map(personIdOf))]
  const differs = modality !== session.modality && modality !== 'hybrid'
  return {
    date,
    startTime,
    endTime,
    modality: differs ? modality : null,
    trainerPersonIds: own.length > 0 ? own : session.trainers.map(({ personId }) => personId),
  }
}

type TrainerNews = {
  added: TrainerInput[]
  /** Slots that stand and are to name their trainers. */
  named: { id: string; trainerPersonIds: string[] }[]
}

/**
 * Who joins a session that stands: the trainers of its new half-days, and of those that had none. Where the session
 * and the file differ otherwise, the session is right, and `notice` says so.
 */
export function trainerNews(
  wanted: ImportedSession,
  trainers: readonly TrainerInput[],
  standing: StandingSession,
  personIdOf: PersonIdOf,
  notice: (line: number, reason: string) => void,
): TrainerNews {
  const joining = new Set<string>()
  const filled = new Map<string, string[]>()
  for (const slot of wanted.slots) {
    const before = standingSlot(standing, slot)
    const ids = slot.trainers.map(personIdOf)
    const current = before ? trainersOfSlot(standing, before.id) : []
    if (current.length === 0) for (const id of ids) joining.add(id)
    if (before && current.length === 0 && ids.length > 0) filled.set(before.id, ids)
    if (current.length > 0 && ids.some((id) => !current.includes(id)))
      notice(slot.line, `${wanted.reference}\u00a0: la session garde ses formateurs de cette demi-journée`)
  }
  const isStanding = (personId: string) => standing.trainers.some((one) => one.personId === personId)
  const added = trainers.filter(({ personId }) => joining.has(personId) && !isStanding(personId))
  for (const { personId, engagement } of trainers)
    if (standing.trainers.some((one) => one.personId === personId && one.engagement !== engagement))
      notice(wanted.line, `${wanted.reference}\u00a0: la session garde la nature du lien d’un formateur`)
  const pinned = added.length === 0 ? [] : slotsOfEverybody(standing)
  return {
    added,
    named: [
      ...[...filled].map(([id, trainerPersonIds]) => ({ id, trainerPersonIds })),
      ...pinned.filter(({ id }) => !filled.has(id)),
    ],
  }
}

function trainersOfSlot({ trainers }: StandingSession, slotId: string): string[] {
  const own = trainers.filter((trainer) => trainer.slotIds.includes(slotId))
  return (own.length > 0 ? own : trainers).map((trainer) => trainer.personId)
}

/** The slots that name nobody, with the trainers that the session has now. */
function slotsOfEverybody({ slots, trainers }: StandingSession): TrainerNews['named'] {
  if (trainers.length === 0) return []
  const trainerPersonIds = trainers.map((trainer) => trainer.personId)
  return slots
    .filter((slot) => !trainers.some((trainer) => trainer.slotIds.includes(slot.id)))
    .map(({ id }) => ({ id, trainerPersonIds }))
}

/** Nothing but what the file says: a reason or a note that somebody added by hand is not touched by the same presence. */
export function isSaidAlready(standing: StandingMark | undefined, mark: ImportedMark): boolean {
  if (standing?.status !== mark.status) return false
  return mark.status !== 'partial' || standing.attendedMinutes === mark.attendedMinutes
}
