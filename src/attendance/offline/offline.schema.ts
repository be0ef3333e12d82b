import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'
import { instant, uuid } from '../../platform/text.ts'
import { deviceTime, markFields, refineMark } from '../attendance.schema.ts'
import { strokesInput } from '../signing/strokes.ts'

const help = {
  clientId: 'What the device calls the event: made once, sent again as often as it takes.',
  at: 'When it happened, by the clock of the device.',
  enrolmentId: 'Of the learner to whom a trainer handed over the device; nobody else names one.',
  personId:
    'Who was signed in on the device while it recorded. Another person who signs in on it later does not send it as their own: all of it is refused.',
  deviceNow: 'What the clock of the device says while it sends: how far it is off is found by it.',
  clockOffsetSeconds:
    'How far the device is behind the server, in whole minutes; less than two are none. Added to the times it gave.',
  outcome:
    '`recorded`; `repeated`: it had been; `conflict`: recorded, but it does not go together with what stands, or came too late to change anything; `refused`: not recorded.',
  code: 'Why it is a conflict or refused.',
}

const everyEvent = {
  clientId: uuid().describe(help.clientId),
  slotId: uuid(),
  at: deviceTime().describe(help.at),
}

const markEvent = z
  .strictObject({ type: z.literal('mark'), ...everyEvent, ...markFields })
  .superRefine(refineMark)

const signatureEvent = z.strictObject({
  type: z.literal('signature'),
  ...everyEvent,
  enrolmentId: uuid().nullish().describe(help.enrolmentId),
  strokes: strokesInput,
})

const countersignatureEvent = z.strictObject({
  type: z.literal('countersignature'),
  ...everyEvent,
  strokes: strokesInput,
})

const offlineEvent = z.discriminatedUnion('type', [markEvent, signatureEvent, countersignatureEvent])
export type OfflineEvent = z.output<typeof offlineEvent>
export type OfflineEventOf<Type extends OfflineEvent['type']> = Extract<OfflineEvent, { type: Type }>

export const offlineBatchInput = z.strictObject({
  deviceNow: deviceTime().describe(help.deviceNow),
  personId: uuid().nullish().describe(help.personId),
  events: z.array(offlineEvent).min(1).max(500).describe('In any order, in as many pieces as one likes.'),
})
export type OfflineBatchInput = z.output<typeof offlineBatchInput>

const outcomes = ['recorded', 'repeated', 'conflict', 'refused'] as const

export const offlineBatchAnswer = z
  .object({
    serverNow: instant().describe('What the clock of the server said.'),
    clockOffsetSeconds: z.int().describe(help.clockOffsetSeconds),
    results: z
      .array(
        z.object({
          clientId: idAnswer(),
          outcome: z.enum(outcomes).describe(help.outcome),
          code: z.string().optional().describe(help.code),
        }),
      )
      .describe('One for each event, in their order.'),
  })
  .openapi('OfflineBatch')
export type OfflineResult = z.output<typeof offlineBatchAnswer>['results'][number]
