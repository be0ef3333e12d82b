import { pageOf } from '../http/pagination.ts'
import { type Router, route } from '../http/router.ts'
import { mailExamples as examples } from './mail.examples.ts'
import { mailPermissions as may } from './mail.permissions.ts'
import { addressForgotten, notToBeSentAgain } from './mail.problems.ts'
import { mailAnswer, mailsQuery } from './mail.schema.ts'
import * as mail from './mail.service.ts'

export function mailRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/mails',
      tag: 'Operations',
      summary: 'Mails, the newest first: to whom and what became of them, not what they say',
      access: may['mail.list'],
      query: mailsQuery,
      answer: pageOf(mailAnswer),
      example: examples.listMails,
    },
    ({ ctx, query }) => mail.listMails(ctx, query),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/mails/{id}/send-again',
      tag: 'Operations',
      summary: 'Sends a mail again that failed, or whose outcome is unknown and which may then arrive twice',
      access: may['mail.sendAgain'],
      answer: mailAnswer,
      idempotent: true,
      example: examples.sendAgain,
      problems: [notToBeSentAgain, addressForgotten],
    },
    ({ ctx, params }) => mail.sendAgain(ctx, params.id),
  )
}
