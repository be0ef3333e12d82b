import { type Router, route } from '../platform/http/router.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import { funderNoticeExamples as examples } from './funder-notice.examples.ts'
import { noticeAnswer, noticeDoneInput, noticesAnswer, noticesQuery } from './funder-notice.schema.ts'
import * as notices from './funder-notice.service.ts'

const tag = 'Funding'

export function funderNoticeRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/funder-notices',
      tag,
      summary: 'Funders to be told of start, interruption and end («information des financeurs», L6353-10)',
      access: may['funderNotice.read'],
      query: noticesQuery,
      answer: noticesAnswer,
      example: examples.listNotices,
    },
    ({ ctx, query }) => notices.listNotices(ctx, query),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/funder-notices/{id}/done',
      idempotent: true,
      tag,
      summary: 'Writes down that the funder was told; once, and it stands',
      access: may['funderNotice.tell'],
      body: noticeDoneInput,
      answer: noticeAnswer,
      example: examples.tellNotice,
    },
    ({ ctx, params, body }) => notices.tellNotice(ctx, params.id, body.how),
  )
}
