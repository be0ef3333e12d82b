/** The sheet of a session of one half-day and one learner. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../../people/people.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import { exampleMarks } from '../attendance.examples.ts'
import { exampleSeal } from '../sealing/sealing.examples.ts'
import type { sheetAnswer } from './sheet.schema.ts'

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
      marks: exampleMarks.map((mark) => ({
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

export const sheetExamples = {
  readSheet: { params: { id: planningIds.session }, answer: sheet },
  printSheet: { params: { id: planningIds.session }, query: { blank: 'false' as const } },
}
