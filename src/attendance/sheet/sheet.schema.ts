import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../../platform/http/entity.ts'
import { instant, uuid } from '../../platform/text.ts'
import { markAnswerFields, markStatuses, reasonCodes } from '../attendance.schema.ts'
import { scanMediaTypes, signingWays } from '../ledger/ledger-event.ts'
import { attendedLinesAnswer } from '../remote/attended-lines.schema.ts'
import { sealFields, waiverFields } from '../sealing/sealing.schema.ts'
import { conflictKinds } from './sheet.rules.ts'

const help = {
  halfDay: 'By its beginning: before 12:00, before 18:00, later.',
  topic: 'What the half-day is about.',
  cancelledAt: 'Once it was cancelled: it counts nowhere any more.',
  trainers: 'Who teaches in it, and who has signed for it though they no longer do; by name.',
  trainerSignedAt: 'When the trainer countersigned («contre-émargement»); null: not yet.',
  originalKeptAt: 'Where the paper lies.',
  way: 'On their own phone, there with the trainer’s code, on the trainer’s device, on paper.',
  waiver: 'Why a learner who was present did not sign.',
  addenda: 'How the mark was corrected after the half-day was sealed, the first first.',
  before: 'What stood; null: nothing.',
  by: 'Name of who corrected it; null for who is not an admin, and where Préau itself did.',
  connected:
    'What connection logs prove, beside the signature («relevés de connexion»); null: no log has the learner.',
  conflicts: 'What does not go together and is for a person to look at.',
  conflictKind:
    'Marked absent and signed; a mark or signature of a device that arrived too late (once the half-day was sealed) and changed nothing; a mark that no longer fits its half-day, which was moved; a device whose clock was off.',
}

const slotAnswer = z.object({
  id: idAnswer(),
  date: dateAnswer().describe('Civil date in the session’s time zone.'),
  halfDay: z.enum(['morning', 'afternoon', 'evening']).describe(help.halfDay),
  startsAt: instant(),
  endsAt: instant(),
  durationMinutes: z.int(),
  topic: z.string().nullable().describe(help.topic),
  cancelledAt: instant().nullable().describe(help.cancelledAt),
  seal: z.object(sealFields).nullable().describe('Null until it is sealed.'),
  trainers: z
    .array(
      z.object({
        personId: idAnswer(),
        name: z.string(),
        signedAt: instant().nullable().describe(help.trainerSignedAt),
      }),
    )
    .describe(help.trainers),
  scans: z
    .array(
      z.object({
        id: idAnswer(),
        mediaType: z.enum(scanMediaTypes).describe('Of the file.'),
        originalKeptAt: z.string().describe(help.originalKeptAt),
        uploadedAt: instant(),
      }),
    )
    .describe('Of the sheet on paper.'),
})

const stateAnswer = z.object({
  status: z.enum(markStatuses),
  attendedMinutes: z.int().describe('Of this half-day.'),
  reasonCode: z.enum(reasonCodes).nullable(),
  justified: z.boolean().nullable().describe('Whether a paper proves the reason; null: not known.'),
})

const addendumAnswer = z.object({
  at: instant().describe('When it was recorded.'),
  reason: z.string().nullable().describe('Null once it was deleted in its time.'),
  by: z.string().nullable().describe(help.by),
  before: stateAnswer.nullable().describe(help.before),
  after: stateAnswer,
})

const markAnswer = z.object({
  ...markAnswerFields,
  signature: z
    .object({ way: z.enum(signingWays).describe(help.way), signedAt: instant() })
    .nullable()
    .describe('The learner’s own («émargement»).'),
  waiver: z.object(waiverFields).nullable().describe(help.waiver),
  addenda: z.array(addendumAnswer).describe(help.addenda),
  connectedMinutes: z.int().nullable().describe(help.connected),
})

const learnerAnswer = z.object({
  enrolmentId: idAnswer(),
  personId: idAnswer(),
  name: z.string().describe('First name, then last name.'),
  status: z.string().describe('Of the enrolment.'),
  marks: z.array(markAnswer),
  attendedMinutes: z.int().describe('Sum over the half-days and the activities done.'),
  attendedLines: attendedLinesAnswer.describe('The same minutes by the four lines of AGEFICE.'),
  plannedMinutes: z
    .int()
    .describe('Minutes of the half-days in which the learner is expected, and of all activities.'),
})

const conflictAnswer = z.object({
  slotId: idAnswer(),
  enrolmentId: idAnswer().nullable().describe('Null for a trainer’s signature.'),
  kind: z.enum(conflictKinds).describe(help.conflictKind),
  at: instant().describe('When it was signed or decided, by the server’s clock.'),
})

export const sheetAnswer = z
  .object({
    sessionId: idAnswer(),
    slots: z.array(slotAnswer),
    learners: z.array(learnerAnswer),
    attendedMinutes: z.int().describe('Sum over the learners.'),
    conflicts: z.array(conflictAnswer).describe(help.conflicts),
  })
  .openapi('AttendanceSheet')

export const printedSheetQuery = z.strictObject({
  slotId: uuid().optional().describe('One half-day instead of the whole session.'),
  blank: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      '`true`: with empty frames to sign by hand, and a QR code that names the half-days of each page.',
    ),
})
