import { z } from '@hono/zod-openapi'
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

/** Minutes go with `partial` and only with it; whether they fit into the slot is checked beside the slot. */
const markInput = z
  .strictObject({
    enrolmentId: uuid(),
    status: z.enum(markStatuses),
    attendedMinutes: z.int().min(1).max(1_440).nullish(),
    reasonCode: z.enum(reasonCodes).nullish(),
    note: paragraphs(2_000).nullish(),
    justified: z.boolean().nullish(),
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
    marks: z.array(markInput).min(1).max(500),
    /** Why evidence is corrected once the session is closed. */
    reason: text(1_000).nullish(),
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
    slotId: z.string(),
    enrolmentId: z.string(),
    status: z.enum(markStatuses),
    attendedMinutes: z.int(),
    reasonCode: z.enum(reasonCodes).nullable(),
    justified: z.boolean().nullable(),
    note: z.string().nullable(),
    markedAt: instant(),
  })
  .openapi('AttendanceMark')

export const slotAttendanceAnswer = z.object({ marks: z.array(markAnswer) }).openapi('SlotAttendance')

export const sheetAnswer = z
  .object({
    sessionId: z.string(),
    slots: z.array(
      z.object({
        id: z.string(),
        date: z.string(),
        halfDay: z.enum(['morning', 'afternoon', 'evening']),
        startsAt: instant(),
        endsAt: instant(),
        durationMinutes: z.int(),
        topic: z.string().nullable(),
      }),
    ),
    learners: z.array(
      z.object({
        enrolmentId: z.string(),
        personId: z.string(),
        /** First name, then last name. */
        name: z.string(),
        status: z.string(),
        marks: z.array(markAnswer),
        attendedMinutes: z.int(),
        plannedMinutes: z.int(),
      }),
    ),
    attendedMinutes: z.int(),
  })
  .openapi('AttendanceSheet')
