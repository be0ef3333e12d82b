/** Examples of the routes of this slice: one learner marked in one half-day. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type { slotAttendanceAnswer } from './attendance.schema.ts'
import { exampleSeal } from './sealing/sealing.examples.ts'
import type { sheetAnswer } from './sheet/sheet.schema.ts'

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
      cancelledAt: null,
      seal: exampleSeal,
      trainers: [{ personId: peopleIds.trainer, name: 'Yann Kerdoncuff', signedAt: '2026-04-13T10:31:00Z' }],
      scans: [],
    },
  ],
  learners: [
    {
      enrolmentId: enrolmentIds.enrolment,
      personId: peopleIds.member,
      name: 'Maëlle Le Bihan',
      status: 'confirmed',
      marks: marked.marks.map((mark) => ({
        ...mark,
        signature: { way: 'code' as const, signedAt: '2026-04-13T10:28:00Z' },
        waiver: null,
        addenda: [],
        connectedMinutes: null,
      })),
      attendedMinutes: 180,
      attendedLines: {
        onsiteIndividualMinutes: 0,
        onsiteGroupMinutes: 180,
        synchronousMinutes: 0,
        asynchronousMinutes: 0,
      },
      plannedMinutes: 210,
    },
  ],
  attendedMinutes: 180,
  conflicts: [],
}

export const attendanceExamples = {
  markSlot: { params: { id: planningIds.morning }, body: { marks: [given] }, answer: marked },
  readSheet: { params: { id: planningIds.session }, answer: sheet },
  printSheet: { params: { id: planningIds.session }, query: { blank: 'false' as const } },
}
