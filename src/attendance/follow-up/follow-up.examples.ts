/** Examples of the routes about what is to be done: the afternoon in Lyon is not sealed. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as peopleIds } from '../../people/people.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { findingAnswer } from './findings.schema.ts'
import type { taskAnswer } from './tasks.schema.ts'

/** Of an overlap with the other session; the key ends in its half-day. */
export const exampleFindingKey = `trainerOverlap:${planningIds.morning}:${peopleIds.trainer}:0197f3a5-5d50-7ab7-b8c9-2f7a9d5e8b47`

const finding: z.output<typeof findingAnswer> = {
  key: exampleFindingKey,
  kind: 'trainerOverlap',
  slotId: planningIds.morning,
  enrolmentId: null,
  personId: peopleIds.trainer,
  otherSessionId: '0197f3a5-5c40-79a6-a7b8-1e698c4d7a46',
  detail:
    'Nolwenn Riou anime au même moment une autre session, la demi-journée du 13 avril 2026 (9 h à 12 h 30).',
  dismissed: null,
}

const reason = 'Elle relaie sa collègue d’une heure à l’autre, comme convenu'

const task: z.output<typeof taskAnswer> = {
  kind: 'sealSlot',
  title: 'Sceller la demi-journée du 13 avril 2026, 9 h, « Éco-concevoir un site web »',
  dueOn: '2026-04-15',
  sessionId: planningIds.session,
  slotId: planningIds.morning,
  enrolmentId: null,
  clientId: null,
  count: 1,
  path: `/api/slots/${planningIds.morning}/seal`,
}

const params = { id: planningIds.session }

export const followUpExamples = {
  listFindings: { params, answer: { findings: [finding] } },
  dismissFinding: {
    params,
    body: { key: exampleFindingKey, reason },
    answer: { ...finding, dismissed: { dismissedAt: '2026-04-15T08:30:00Z', reason } },
  },
  listTasks: { answer: { tasks: [task] } },
}
