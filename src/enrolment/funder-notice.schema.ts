import { z } from '@hono/zod-openapi'
import { dateAnswer, entityFields, idAnswer } from '../platform/http/entity.ts'
import { pageOf, pageQuery } from '../platform/http/pagination.ts'
import { instant, text, uuid } from '../platform/text.ts'
import { fundingSources } from './enrolment.schema.ts'
import { noticeKinds } from './funder-notice.rules.ts'

const noticeStatuses = ['due', 'overdue', 'told'] as const
export type NoticeStatus = (typeof noticeStatuses)[number]

const help = {
  kind: 'What the funder is to be told: that the learner began («entrée»), stopped on the way, or finished («sortie»).',
  status: '`due`: to be told; `overdue`: its day has passed; `told`: it was.',
  toldHow: 'How the funder was told, in a few words: «EDOF», «courriel».',
}

export const noticesQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(noticeStatuses).optional().describe(help.status),
  sessionId: uuid().optional().describe('Those of one session.'),
})
export type NoticesQuery = z.output<typeof noticesQuery>

export const noticeDoneInput = z.strictObject({ how: text(200).describe(help.toldHow) })

export const noticeAnswer = z
  .object({
    ...entityFields,
    sessionId: idAnswer(),
    reference: z.string().describe('Of the session.'),
    enrolmentId: idAnswer(),
    personId: idAnswer(),
    learner: z.string().describe('First name, then last name.'),
    clientId: idAnswer().nullable().describe('The funder; null where the funding line names none.'),
    funder: z.string().nullable().describe('Its name.'),
    source: z.enum(fundingSources).describe('Of the funding line, which decides the delay.'),
    kind: z.enum(noticeKinds).describe(help.kind),
    happenedOn: dateAnswer(),
    dueOn: dateAnswer().describe('The last day on which the funder is told in time (L6353-10).'),
    status: z.enum(noticeStatuses).describe(help.status),
    toldAt: instant().nullable(),
    toldHow: z.string().nullable().describe(help.toldHow),
  })
  .openapi('FunderNotice')

export const noticesAnswer = pageOf(noticeAnswer)
