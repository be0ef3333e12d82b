/** Examples of the routes of this slice: one learner marked in one half-day. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type { sheetAnswer, slotAttendanceAnswer } from './attendance.schema.ts'

const given = {
  enrolmentId: enrolmentIds.enrolment,
  status: 'partial' as const,
  attendedMinutes: 180,
  reasonCode: 'transport' as const,
  note: 'Train en retard d’une demi-heure',
  justified: true,
}

const marked: z.output<typeof slotAttendanceAnswer> = {
  marks: [{ ...given, slotId: planningIds.morning, markedAt: '2026-04-13T10:35:00Z' }],
}

const sheet: z.output<typeof sheetAnswer> = {
  sessionId: planningIds.session,
  slots: [
    {
      id: planningIds.morning,
      date: '2026-04-13',
      halfDay: 'morning',
      startsAt: '2026-04-13T07:00:00Z',
      endsAt: '2026-04-13T10:30:00Z',
      durationMinutes: 210,
      topic: 'Mesurer l’empreinte d’une page',
    },
  ],
  learners: [
    {
      enrolmentId: enrolmentIds.enrolment,
      personId: peopleIds.member,
      name: 'Maëlle Le Bihan',
      status: 'confirmed',
      marks: marked.marks,
      attendedMinutes: 180,
      plannedMinutes: 210,
    },
  ],
  attendedMinutes: 180,
}

export const attendanceExamples = {
  markSlot: { params: { id: planningIds.morning }, body: { marks: [given] }, answer: marked },
  readSheet: { params: { id: planningIds.session }, answer: sheet },
}
