import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../../platform/http/entity.ts'

/** What somebody has to do, by who it is for: a learner, a trainer, who runs a chapter, who administers. */
const taskKinds = [
  'signSlot',
  'settleConflict',
  'markSlot',
  'countersignSlot',
  'sealSlot',
  'sealSheets',
  'collectSignatures',
  'checkFindings',
  'replaceCertificates',
  'closeSession',
  'tellFunder',
  'decideJustification',
] as const
export type TaskKind = (typeof taskKinds)[number]

const help = {
  kind: '`signSlot`: a learner’s half-day to sign; `settleConflict`: a trainer marked somebody absent who signed; `markSlot`, `countersignSlot`, `sealSlot`: a trainer’s half-day, by what comes next; `sealSheets`, `collectSignatures`, `checkFindings`, `replaceCertificates`: what was found in a session by the latest round, within the hour; `closeSession`: all its half-days are over; `tellFunder`: L6353-10; `decideJustification`: a paper that proves an absence waits for an admin.',
  title: 'In French, as it can be shown.',
  path: 'Where it is done, or seen.',
  dueOn: 'Null: whenever there is time.',
}

export const taskAnswer = z
  .object({
    kind: z.enum(taskKinds).describe(help.kind),
    title: z.string().describe(help.title),
    dueOn: dateAnswer().nullable().describe(help.dueOn),
    sessionId: idAnswer(),
    slotId: idAnswer().nullable(),
    enrolmentId: idAnswer().nullable(),
    clientId: idAnswer().nullable().describe('The funder to be told, where it is a client.'),
    count: z
      .int()
      .describe('How many half-days, signatures, findings, certificates or learners it is about.'),
    path: z.string().describe(help.path),
  })
  .openapi('Task')

export const tasksAnswer = z
  .object({ tasks: z.array(taskAnswer).describe('The most urgent first; at most 100 of each origin.') })
  .openapi('Tasks')
