/** Examples of the routes of this slice: one learner marked in one half-day. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../enrolment/enrolment.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type { slotAttendanceAnswer } from './attendance.schema.ts'

const given = {
  enrolmentId: enrolmentIds.enrolment,
  status: 'partial' as const,
  attendedMinutes: 180,
  reasonCode: 'transport' as const,
  note: 'Train en retard d’une demi-heure',
  justified: true,
}

const marked: z.output<typeof slotAttendanceAnswer> = {
  marks: [
    {
      ...given,
      slotId: planningIds.morning,
      arrivedAt: null,
      leftAt: null,
      source: 'decision',
      markedAt: '2026-04-13T10:35:00Z',
    },
  ],
}

export const exampleMarks = marked.marks

export const attendanceExamples = {
  markSlot: { params: { id: planningIds.morning }, body: { marks: [given] }, answer: marked },
}
