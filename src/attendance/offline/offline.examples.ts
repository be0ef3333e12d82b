/** Example of a batch that a trainer's device recorded without a network: one learner is there. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { offlineBatchAnswer, offlineBatchInput } from './offline.schema.ts'

const clientId = '6f1c2f0e-3d52-4f0a-9a44-2b8f5a1d7c90'

const body: z.input<typeof offlineBatchInput> = {
  deviceNow: '2026-04-13T12:05:02Z',
  events: [
    {
      type: 'mark',
      clientId,
      slotId: planningIds.morning,
      at: '2026-04-13T07:10:00Z',
      enrolmentId: enrolmentIds.enrolment,
      status: 'present',
    },
  ],
}

const answer: z.output<typeof offlineBatchAnswer> = {
  serverNow: '2026-04-13T12:05:01Z',
  clockOffsetSeconds: 0,
  results: [{ clientId, outcome: 'recorded' }],
}

export const offlineExamples = { recordEvents: { body, answer } }
