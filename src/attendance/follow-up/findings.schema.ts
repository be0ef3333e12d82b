import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'
import { instant, paragraphs, text } from '../../platform/text.ts'

/** What in a session's attendance an inspector would ask about. */
export const findingKinds = [
  'unsealed',
  'unsigned',
  'signedEarly',
  'signedLate',
  'sentLate',
  'sameStrokes',
  'repeatedStrokes',
  'publicHoliday',
  'weekend',
  'learnerOverlap',
  'trainerOverlap',
  'certificateOutdated',
] as const
export type FindingKind = (typeof findingKinds)[number]

const help = {
  key: 'Names the finding, the same however often it is found.',
  kind: '`unsealed`: not sealed after the days of the settings; `unsigned`: a signature is missing at the end of the session; `signedEarly`, `signedLate`: before the half-day began, or more than half an hour after it ended; `sentLate`: signed in time by what a device says that sent it more than a day after the half-day; `sameStrokes`: drawn as somebody else’s signature; `repeatedStrokes`: drawn as the learner’s own in another half-day; `learnerOverlap`, `trainerOverlap`: in another session at the same time; `certificateOutdated`: a certificate says other minutes.',
  detail: 'In French, for who administers.',
  reason: 'Why it is as it should be.',
}

export const dismissalInput = z.strictObject({
  key: text(300).describe(help.key),
  reason: paragraphs(1_000).describe(help.reason),
})
export type DismissalInput = z.output<typeof dismissalInput>

export const findingAnswer = z
  .object({
    key: z.string().describe(help.key),
    kind: z.enum(findingKinds).describe(help.kind),
    slotId: idAnswer().nullable(),
    enrolmentId: idAnswer().nullable(),
    personId: idAnswer().nullable(),
    otherSessionId: idAnswer().nullable().describe('The other session of an overlap.'),
    detail: z.string().describe(help.detail),
    dismissed: z
      .object({ dismissedAt: instant(), reason: z.string().describe(help.reason) })
      .nullable()
      .describe('Looked at by an admin, and as it should be.'),
  })
  .openapi('AttendanceFinding')

export const findingsAnswer = z
  .object({ findings: z.array(findingAnswer).describe('By half-day, then by kind.') })
  .openapi('AttendanceFindings')
