import { z } from '@hono/zod-openapi'
import { idAnswer } from '../platform/http/entity.ts'
import { instant, localTime, paragraphs, text, uuid } from '../platform/text.ts'

export const markStatuses = ['present', 'partial', 'absent'] as const
export type MarkStatus = (typeof markStatuses)[number]

export const reasonCodes = [
  'illness',
  'work',
  'transport',
  'family',
  'forceMajeure',
  'unknown',
  'other',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** How the minutes were attended: on site, remote in real time, or remote in one's own time (FOAD). */
export const attendanceKinds = ['onsite', 'synchronous', 'asynchronous'] as const
export type AttendanceKind = (typeof attendanceKinds)[number]

const help = {
  justified: 'Whether a paper proves the reason («absence justifiée»); null: not known.',
  arrivedAt: 'Of who came late: local time in the session’s time zone.',
  leftAt: 'Of who left early: local time in the session’s time zone.',
}

/** An instant by the clock of a device, in milliseconds: it may be far off, but names a day of our times. */
export function deviceTime() {
  return z.iso
    .datetime({ offset: true })
    .refine((value) => value >= '2000' && value < '2200', 'must lie between 2000 and 2200')
    .refine((value) => !/\.\d{10}/.test(value), 'must not be finer than nanoseconds')
    .transform((value) =>
      Temporal.Instant.from(value).round({ smallestUnit: 'millisecond', roundingMode: 'trunc' }),
    )
}

/** What is said of a learner in a half-day. */
export const markFields = {
  enrolmentId: uuid(),
  status: z.enum(markStatuses),
  attendedMinutes: z
    .int()
    .min(1)
    .max(1_440)
    .nullish()
    .describe('With `partial` only, unless times are given: 1 to the minutes of the half-day less one.'),
  arrivedAt: localTime().nullish().describe(`${help.arrivedAt} With \`partial\`, in place of the minutes.`),
  leftAt: localTime().nullish().describe(`${help.leftAt} With \`partial\`, in place of the minutes.`),
  reasonCode: z.enum(reasonCodes).nullish().describe('Why, with `absent` or `partial` only.'),
  note: paragraphs(2_000).nullish().describe('In words; kept apart from the ledger.'),
  justified: z.boolean().nullish().describe(help.justified),
}

/** Minutes or times go with `partial` and only with it; whether they fit into the slot is checked beside the slot. */
export function refineMark(
  mark: z.output<z.ZodObject<typeof markFields>>,
  context: z.core.$RefinementCtx,
): void {
  const issue = (field: keyof typeof markFields, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message })
  const isPartial = mark.status === 'partial'
  const times = (['arrivedAt', 'leftAt'] as const).filter((field) => mark[field] != null)
  if (isPartial && mark.attendedMinutes == null && times.length === 0)
    issue('attendedMinutes', 'is needed with partial, or a time')
  if (!isPartial && mark.attendedMinutes != null) issue('attendedMinutes', 'is given with partial only')
  for (const field of times) {
    if (!isPartial) issue(field, 'is given with partial only')
    if (mark.attendedMinutes != null) issue(field, 'is given in place of minutes')
  }
  if (mark.status === 'present' && mark.reasonCode != null)
    issue('reasonCode', 'is given with absent or partial only')
}

const markInput = z.strictObject(markFields).superRefine(refineMark)
export type MarkInput = z.output<typeof markInput>

/** Marks of one half-day, each learner once. */
export const marksInput = z
  .array(markInput)
  .min(1)
  .max(500)
  .superRefine((marks, context) => {
    const seen = new Set<string>()
    for (const [index, { enrolmentId }] of marks.entries()) {
      if (seen.has(enrolmentId))
        context.addIssue({
          code: 'custom',
          path: [index, 'enrolmentId'],
          message: 'must not be marked twice in one call',
        })
      seen.add(enrolmentId)
    }
  })
  .describe('One for each learner to be marked; the others stay.')

export const slotAttendanceInput = z.strictObject({
  marks: marksInput,
  reason: text(1_000).nullish().describe('Why evidence is corrected; needed once the session is closed.'),
})
export type SlotAttendanceInput = z.output<typeof slotAttendanceInput>

export const markAnswerFields = {
  slotId: idAnswer(),
  enrolmentId: idAnswer(),
  status: z.enum(markStatuses),
  attendedMinutes: z.int().describe('As they were when marked: moving the half-day does not change them.'),
  arrivedAt: instant().nullable().describe('Of who came late.'),
  leftAt: instant().nullable().describe('Of who left early.'),
  reasonCode: z.enum(reasonCodes).nullable(),
  justified: z.boolean().nullable().describe(help.justified),
  note: z.string().nullable(),
  source: z
    .enum(['signature', 'decision', 'addendum'])
    .describe(
      'The learner’s signature alone, the decision of a trainer or admin, or a correction of what was sealed.',
    ),
  markedAt: instant(),
}

const markAnswer = z.object(markAnswerFields).openapi('AttendanceMark')

export const slotAttendanceAnswer = z.object({ marks: z.array(markAnswer) }).openapi('SlotAttendance')
