/** Examples of the routes about funders: Maëlle’s FAF is told that she began. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import { exampleIds as enrolmentIds } from './enrolment.examples.ts'
import type { noticeAnswer } from './funder-notice.schema.ts'

export const exampleNoticeId = '0197f3a6-3f60-71e9-89da-a4f6c1ef5a43'

const notice: z.output<typeof noticeAnswer> = {
  id: exampleNoticeId,
  version: 1,
  createdAt: '2026-04-13T07:37:00Z',
  updatedAt: '2026-04-13T07:37:00Z',
  sessionId: planningIds.session,
  reference: 'ECO-WEB-2026-04',
  enrolmentId: enrolmentIds.enrolment,
  personId: peopleIds.member,
  learner: 'Maëlle Le Bihan',
  clientId: organisationIds.client,
  funder: 'FAF des indépendants',
  source: 'fundSelfEmployed',
  kind: 'start',
  happenedOn: '2026-04-13',
  dueOn: '2026-04-16',
  status: 'overdue',
  toldAt: null,
  toldHow: null,
}

const how = 'Courriel à la conseillère du FAF'

export const funderNoticeExamples = {
  listNotices: {
    query: { status: 'overdue' as const, sessionId: planningIds.session },
    answer: { items: [notice], nextCursor: null },
  },
  tellNotice: {
    params: { id: exampleNoticeId },
    body: { how },
    answer: {
      ...notice,
      version: 2,
      updatedAt: '2026-04-14T08:12:00Z',
      status: 'told' as const,
      toldAt: '2026-04-14T08:12:00Z',
      toldHow: how,
    },
  },
}
