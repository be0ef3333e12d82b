import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../platform/http/pagination.ts'
import { civilDate, instant, text, uuid } from '../platform/text.ts'

/** A civil date in the organisation's zone, or an instant. */
function moment() {
  return text(40)
    .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/, 'must be a date or an instant')
    .refine(exists, 'must be a date or an instant that exists, between 1900 and 2200')
}

const day = civilDate()
const moments = z.iso.datetime({ offset: true })

function exists(moment: string): boolean {
  return (
    day.safeParse(moment.slice(0, 10)).success && (moment.length === 10 || moments.safeParse(moment).success)
  )
}

const help = {
  from: 'What happened on this day (in the organisation’s time zone) or at this instant, and later.',
  to: 'What happened until the end of this day, or before this instant.',
  action: 'One action, `enrolment.create`, or all of a kind, `enrolment.`',
  actorAccountId: 'What this account did.',
  subjectKind: 'What was done to things of this kind: `session`, `person`, `enrolment`…',
  subjectId: 'What was done to this thing.',
  personId: 'What was done to this person, and to the person’s account, enrolments and certificates.',
  requestId: 'What one request did: the `X-Request-Id` of its answer.',
}

const filters = {
  from: moment().optional().describe(help.from),
  to: moment().optional().describe(help.to),
  action: text(100)
    .regex(/^[a-zA-Z]+(\.[a-zA-Z]*)?$/, 'must be the name of an action, or of a kind of actions with a dot')
    .optional()
    .describe(help.action),
  actorAccountId: uuid().optional().describe(help.actorAccountId),
  subjectKind: text(100)
    .regex(/^[a-zA-Z]+$/, 'must be a kind of thing, such as session')
    .optional()
    .describe(help.subjectKind),
  subjectId: uuid().optional().describe(help.subjectId),
  personId: uuid().optional().describe(help.personId),
  requestId: uuid().optional().describe(help.requestId),
}

export const auditFilter = z.strictObject(filters)
export type AuditFilter = z.output<typeof auditFilter>
export const auditQuery = z.strictObject({ ...pageQuery, ...filters })
export type AuditQuery = z.output<typeof auditQuery>

const answerHelp = {
  sequence: 'Counts the entries as they were written; a gap is a change that was taken back.',
  action: 'Part of Préau and verb: `enrolment.create`.',
  subjectKind: 'What it was done to: `session`, `person`, `enrolment`…',
  actorKind: '`system` is Préau itself, `anonymous` somebody who was not signed in.',
  actorName: 'As the person is called today; null when the account is gone, and for whoever has none.',
  actorProcess: 'Which part of Préau it was: `import`, `worker`…',
  changes: 'Field → value, or [before, after]; of personal fields only that they changed: `redacted`.',
}

const auditEntry = z
  .object({
    id: z.string(),
    sequence: z.int().describe(answerHelp.sequence),
    occurredAt: instant(),
    actorKind: z.enum(['account', 'system', 'anonymous']).describe(answerHelp.actorKind),
    actorAccountId: z.string().nullable(),
    actorName: z.string().nullable().describe(answerHelp.actorName),
    actorProcess: z.string().nullable().describe(answerHelp.actorProcess),
    action: z.string().describe(answerHelp.action),
    subjectKind: z.string().describe(answerHelp.subjectKind),
    subjectId: z.string().nullable(),
    changes: z.record(z.string(), z.unknown()).describe(answerHelp.changes),
    requestId: z.string(),
  })
  .openapi('AuditEntry')

export const auditAnswer = pageOf(auditEntry)
