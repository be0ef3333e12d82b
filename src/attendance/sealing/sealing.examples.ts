/** Examples of the routes of sealing: the morning of one learner, who could not hold a pen. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../../people/people.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { slotAttendanceAnswer } from '../attendance.schema.ts'
import type { countersignatureAnswer, waiverAnswer } from './sealing.schema.ts'

const params = { id: planningIds.morning }

export const exampleSeal = {
  sealedAt: '2026-04-13T10:36:00Z',
  trainerPersonId: peopleIds.trainer,
  sequence: 7,
  hash: '9c1185a5c5e9fc54612808977ee8f548b2258d31a6f1f7d0c3e9d7e0f5d2c1b0',
  signature: 'q0Yx7m4pUOaGJb1oQ2mWJZ0mJ3j1hF1rjXkq7yUe2c1kI3lq0Jb7V2b8Q5m9ZxT4a6c8E0g2I4k6M8o0Q2s4Ug',
  keyId: '3f0f6c1d2b4a59687786a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
}

const waiver = {
  enrolmentId: enrolmentIds.enrolment,
  reasonCode: 'unable' as const,
  note: 'Main droite dans le plâtre',
}

const countersigned: z.output<typeof countersignatureAnswer> = {
  slotId: planningIds.morning,
  personId: peopleIds.trainer,
  signedAt: '2026-04-13T10:31:00Z',
}

const waived: z.output<typeof waiverAnswer> = { slotId: planningIds.morning, ...waiver }

const correction = {
  enrolmentId: enrolmentIds.enrolment,
  status: 'partial' as const,
  attendedMinutes: 150,
  reasonCode: 'transport' as const,
  note: null,
  justified: null,
}

const corrected: z.output<typeof slotAttendanceAnswer> = {
  marks: [
    {
      ...correction,
      slotId: planningIds.morning,
      arrivedAt: null,
      leftAt: null,
      source: 'addendum',
      markedAt: '2026-04-20T09:00:00Z',
    },
  ],
}

export const sealingExamples = {
  countersign: {
    params,
    body: {
      strokes: [
        [120, 260, 180, 90, 240, 280, 330, 120, 410, 250],
        [90, 310, 520, 300],
      ],
    },
    answer: countersigned,
  },
  waiveSignature: { params, body: waiver, answer: waived },
  sealSlot: { params, body: {}, answer: { slotId: planningIds.morning, ...exampleSeal } },
  addAddendum: {
    params,
    body: { reason: 'Arrivée à 10 h 00 et non à 9 h 30, dit la feuille de la salle', marks: [correction] },
    answer: corrected,
  },
}
