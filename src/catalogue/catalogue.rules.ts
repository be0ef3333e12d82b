import type { FieldError } from '../platform/problem.ts'
import type { Activity, ActivityInput, Certification, Objective } from './catalogue.schema.ts'

/** What is printed in a programme (*programme de formation*) before it may be shown: D6353-1, L6353-4, Qualiopi 1. */
const requiredFields = [
  'objectives',
  'prerequisites',
  'audience',
  'content',
  'methods',
  'assessmentMethods',
  'accessibility',
  'durationMinutes',
  'priceCents',
  'modality',
  'nsfCode',
  'objective',
  'accessDelay',
] as const

type Publishable = Record<(typeof requiredFields)[number], unknown> & {
  objective: Objective | null
  certification: Certification | null
}

/** The fields that keep a programme from being published, each with its pointer; empty when it may be. */
export function missingForPublishing(programme: Publishable): FieldError[] {
  const missing = requiredFields.filter((field) => isEmpty(programme[field]))
  return [...missing.map((field) => required(`/${field}`)), ...certificationErrors(programme)]
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}

/** A certification that is named stands in the register that the objective says (F-3 a and b of the BPF). */
function certificationErrors({ objective, certification }: Publishable): FieldError[] {
  if (!certification || (objective !== 'rncp' && objective !== 'rs')) return []
  const register = objective === 'rncp' ? 'RNCP' : 'RS'
  if (certification.register === register) return []
  return [
    {
      pointer: '/certification/register',
      code: 'contradicts-objective',
      detail: `must be ${register}, as the objective says`,
    },
  ]
}

function required(pointer: string): FieldError {
  return { pointer, code: 'required', detail: 'is needed for publishing' }
}

/**
 * Activities as a version keeps them, each with its id: the one it names, else that of the one with its title, else a new
 * one. An id that none of `known` has is an error.
 */
export function identified(
  activities: readonly ActivityInput[],
  known: readonly Activity[],
  newId: () => string,
): { activities: Activity[]; errors: FieldError[] } {
  const ids = new Set(known.map(({ id }) => id))
  const errors = activities.flatMap(({ id }, index) =>
    id === undefined || ids.has(id)
      ? []
      : [
          {
            pointer: `/activities/${index}/id`,
            code: 'no-such-activity',
            detail: 'is no activity of this training',
          },
        ],
  )
  const named = new Set(activities.map(({ id }) => id))
  const idOf = ({ id, title }: ActivityInput) =>
    id ?? known.find((other) => other.title === title && !named.has(other.id))?.id ?? newId()
  return { activities: activities.map((activity) => activityOf({ ...activity, id: idOf(activity) })), errors }
}

/** With its fields in one order, so that two can be compared as text. */
export function activityOf({
  id,
  title,
  estimatedMinutes,
  instructions,
}: ActivityInput & { id: string }): Activity {
  return { id, title, estimatedMinutes, instructions: instructions ?? null }
}
