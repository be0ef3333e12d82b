/** From the slots of a request to slots in time: all that can be wrong with them, each with its pointer. */
import type { FieldError } from '../platform/problem.ts'
import { invalidField, invalidFields } from '../platform/problems.ts'
import { noSuchLocalTime, slotsOverlap } from './planning.problems.ts'
import { overlapping, type SlotFault, type SlotTimes, slotTimes } from './planning.rules.ts'
import { mostSlots, type SlotInput, type SlotModality } from './planning.schema.ts'

export type PlannedSlot = SlotTimes & {
  topic: string | null
  modality: SlotModality | null
  place: string | null
  /** Empty: all the session's trainers. */
  trainerPersonIds: readonly string[]
}

export type Surroundings = {
  timeZone: string
  /** The session's other slots. */
  taken: readonly { startsAt: Temporal.Instant; endsAt: Temporal.Instant }[]
  /** The session's trainers. */
  trainerPersonIds: readonly string[]
}

/**
 * Throws 422: an end that is not after its start, a local time that the clocks skip, a trainer who is not the session's,
 * slots that overlap, more slots than a session may have. `pointerOf` says where a slot stands in the request.
 */
export function planSlots(
  slots: readonly SlotInput[],
  around: Surroundings,
  pointerOf = (index: number) => `/slots/${index}`,
): PlannedSlot[] {
  const room = mostSlots - around.taken.length
  if (slots.length > room)
    throw invalidField(pointerOf(room), 'too-many', `is more than the ${mostSlots} slots of a session`)
  const planned = slotsInTime(slots, around.timeZone, pointerOf)
  assertOwnTrainers(slots, around.trainerPersonIds, pointerOf)
  const overlaps = overlapping([...around.taken, ...planned])
  if (overlaps.length > 0)
    throw slotsOverlap({
      errors: overlaps.map((index) => ({
        pointer: pointerOf(index - around.taken.length),
        code: 'overlap',
        detail: 'overlaps another slot of the session',
      })),
    })
  return planned
}

function slotsInTime(
  slots: readonly SlotInput[],
  timeZone: string,
  pointerOf: (index: number) => string,
): PlannedSlot[] {
  const planned: PlannedSlot[] = []
  const faults: (FieldError & { code: SlotFault['code'] })[] = []
  for (const [index, slot] of slots.entries()) {
    const times = slotTimes(slot, timeZone)
    if ('field' in times)
      faults.push({
        pointer: `${pointerOf(index)}/${times.field}`,
        code: times.code,
        detail: details[times.code],
      })
    else
      planned.push({
        ...times,
        topic: slot.topic ?? null,
        modality: slot.modality ?? null,
        place: slot.place ?? null,
        trainerPersonIds: slot.trainerPersonIds ?? [],
      })
  }
  if (faults.some((fault) => fault.code === 'not-after-start')) throw invalidFields(faults)
  if (faults.length > 0) throw noSuchLocalTime({ errors: faults })
  return planned
}

const details: Record<SlotFault['code'], string> = {
  'not-after-start': 'must be after the start; a night is two slots',
  'no-such-local-time': 'does not exist on that day, when the clocks go forward',
}

function assertOwnTrainers(
  slots: readonly SlotInput[],
  trainerPersonIds: readonly string[],
  pointerOf: (index: number) => string,
): void {
  const errors = slots.flatMap((slot, index) =>
    (slot.trainerPersonIds ?? []).flatMap((personId, position) =>
      trainerPersonIds.includes(personId)
        ? []
        : [
            {
              pointer: `${pointerOf(index)}/trainerPersonIds/${position}`,
              code: 'not-a-trainer',
              detail: 'is not a trainer of the session',
            },
          ],
    ),
  )
  if (errors.length > 0) throw invalidFields(errors)
}
