/** Examples of the routes on papers that prove an absence: a train that did not run. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { justificationAnswer } from './justification.schema.ts'

export const exampleJustificationId = '0197f3a6-7b40-7c1e-8f2a-93d5c0b7e214'

const waiting: z.output<typeof justificationAnswer> = {
  id: exampleJustificationId,
  enrolmentId: enrolmentIds.enrolment,
  slotIds: [planningIds.morning],
  status: 'waiting',
  mediaType: 'application/pdf',
  size: 48_213,
  uploadedAt: '2026-04-13T17:20:00Z',
  decidedAt: null,
  refusalReason: null,
}
const decidedAt = '2026-04-14T08:00:00Z'
const reason = 'Le document n’est pas daté.'
const params = { id: exampleJustificationId }
const ofEnrolment = { id: enrolmentIds.enrolment }

export const justificationExamples = {
  upload: { params: ofEnrolment, query: { slotIds: planningIds.morning }, answer: waiting },
  list: { params: ofEnrolment, answer: { justifications: [waiting] } },
  readFile: { params },
  accept: { params, body: {}, answer: { ...waiting, status: 'accepted' as const, decidedAt } },
  refuse: {
    params,
    body: { reason },
    answer: { ...waiting, status: 'refused' as const, decidedAt, refusalReason: reason },
  },
}
