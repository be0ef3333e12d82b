import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'
import { instant, timeZone, uuid } from '../../platform/text.ts'
import { connectionProviders, matchWays } from '../ledger/ledger-event.ts'

/** Who a participant is, by the first of their lines in the file; `enrolmentId` null: nobody of the session. */
export type ConnectionMatch = {
  line: number
  enrolmentId: string | null
  by: (typeof matchWays)[number]
}

const help = {
  line: 'The first line of the file that is about them, by which they are named.',
  minutes: 'Whole minutes of presence within the half-day, stays that overlap counted once.',
}

export const connectionLogQuery = z.strictObject({
  timeZone: timeZone()
    .optional()
    .describe('Of the times in the file, where it names none. Absent: the session’s.'),
})
export type ConnectionLogQuery = z.output<typeof connectionLogQuery>

export const connectionMatchesInput = z
  .strictObject({
    logId: uuid(),
    matches: z
      .array(
        z.strictObject({
          line: z.int().min(1).max(1_000_000).describe(help.line),
          enrolmentId: uuid().nullable().describe('Null: nobody of the session.'),
        }),
      )
      .min(1)
      .max(500)
      .describe('Those that are decided; the others stay.'),
  })
  .superRefine(({ matches }, context) => {
    const lines = matches.map(({ line }) => line)
    for (const [index, line] of lines.entries())
      if (lines.indexOf(line) < index)
        context.addIssue({
          code: 'custom',
          path: ['matches', index, 'line'],
          message: 'must be decided once',
        })
  })
export type ConnectionMatchesInput = z.output<typeof connectionMatchesInput>

const participantAnswer = z.object({
  line: z.int().describe(help.line),
  name: z.string().describe('As the room shows it.'),
  email: z.string().nullable(),
  minutes: z.int().describe(help.minutes),
  enrolmentId: idAnswer().nullable().describe('Whose learner’s time it is.'),
  matchedBy: z
    .enum(matchWays)
    .nullable()
    .describe('Null: unsure, to be decided. `hand` without an enrolment: nobody of the session.'),
  isTrainer: z.boolean().describe('By address or name a trainer of the session.'),
  candidates: z
    .array(z.object({ enrolmentId: idAnswer(), name: z.string() }))
    .describe('Where it is unsure: the learners whom it may be, the likeliest first.'),
})

export const connectionLogAnswer = z
  .object({
    slotId: idAnswer(),
    presences: z
      .array(z.object({ enrolmentId: idAnswer(), name: z.string(), minutes: z.int().describe(help.minutes) }))
      .describe(
        'By learner, all logs of the half-day together. Evidence beside the signatures; no mark follows.',
      ),
    logs: z.array(
      z.object({
        id: idAnswer(),
        provider: z.enum(connectionProviders).describe('Whose virtual room it was, by the form of the file.'),
        sha256: z.string().describe('Of the file as it was uploaded, in hex.'),
        size: z.int().describe('Its bytes.'),
        timeZone: z.string().describe('Of the times in the file, where it names none.'),
        uploadedAt: instant(),
        participants: z.array(participantAnswer),
      }),
    ),
  })
  .openapi('ConnectionLogs')
