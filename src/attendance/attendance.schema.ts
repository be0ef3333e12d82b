import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../platform/http/entity.ts'
import { instant, paragraphs, text, uuid } from '../platform/text.ts'

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
  halfDay: 'By its beginning: before 12:00, before 18:00, later.',
  topic: 'What the half-day is about.',
}

/** Minutes go with `partial` and only with it; whether they fit into the slot is checked beside the slot. */
const markInput = z
  .strictObject({
    enrolmentId: uuid(),
    status: z.enum(markStatuses),
    attendedMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .nullish()
      .describe('Always with `partial` and only with it: 1 to the minutes of the half-day less one.'),
    reasonCode: z.enum(reasonCodes).nullish().describe('Why, with `absent` or `partial` only.'),
    note: paragraphs(2_000).nullish().describe('In words; kept apart from the ledger.'),
    justified: z.boolean().nullish().describe(help.justified),
  })
  .superRefine((mark, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (mark.status === 'partial' && mark.attendedMinutes == null)
      issue('attendedMinutes', 'is needed with partial')
    if (mark.status !== 'partial' && mark.attendedMinutes != null)
      issue('attendedMinutes', 'is given with partial only')
    if (mark.status === 'present' && mark.reasonCode != null)
      issue('reasonCode', 'is given with absent or partial only')
  })
export type MarkInput = z.output<typeof markInput>

export const slotAttendanceInput = z
  .strictObject({
    marks: z.array(markInput).min(1).max(500).describe('One for each learner to be marked; the others stay.'),
    reason: text(1_000).nullish().describe('Why evidence is corrected; needed once the session is closed.'),
  })
  .superRefine(({ marks }, context) => {
    const seen = new Set<string>()
    for (const [index, { enrolmentId }] of marks.entries()) {
      if (seen.has(enrolmentId))
        context.addIssue({
          code: 'custom',
          path: ['marks', index, 'enrolmentId'],
          message: 'must not be marked twice in one call',
        })
      seen.add(enrolmentId)
    }
  })
export type SlotAttendanceInput = z.output<typeof slotAttendanceInput>

const markAnswer = z
  .object({
    slotId: idAnswer(),
    enrolmentId: idAnswer(),
    status: z.enum(markStatuses),
    attendedMinutes: z.int().describe('As they were when marked: moving the half-day does not change them.'),
    reasonCode: z.enum(reasonCodes).nullable(),
    justified: z.boolean().nullable().describe(help.justified),
    note: z.string().nullable(),
    markedAt: instant(),
  })
  .openapi('AttendanceMark')

export const slotAttendanceAnswer = z.object({ marks: z.array(markAnswer) }).openapi('SlotAttendance')

export const sheetAnswer = z
  .object({
    sessionId: idAnswer(),
    slots: z.array(
      z.object({
        id: idAnswer(),
        date: dateAnswer().describe('Civil date in the session’s time zone.'),
        halfDay: z.enum(['morning', 'afternoon', 'evening']).describe(help.halfDay),
        startsAt: instant(),
        endsAt: instant(),
        durationMinutes: z.int(),
        topic: z.string().nullable().describe(help.topic),
      }),
    ),
    learners: z.array(
      z.object({
        enrolmentId: idAnswer(),
        personId: idAnswer(),
        name: z.string().describe('First name, then last name.'),
        status: z.string().describe('Of the enrolment.'),
        marks: z.array(markAnswer),
        attendedMinutes: z.int().describe('Sum over the half-days.'),
        plannedMinutes: z.int().describe('Minutes of all half-days of the session.'),
      }),
    ),
    attendedMinutes: z.int().describe('Sum over the learners.'),
  })
  .openapi('AttendanceSheet')
