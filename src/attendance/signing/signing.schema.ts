import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../../platform/http/entity.ts'
import { mebibyte } from '../../platform/http/upload.ts'
import { idsParameter, instant, text, uuid } from '../../platform/text.ts'
import { deviceTime } from '../attendance.schema.ts'
import { scanMediaTypes, signingWays } from '../ledger/ledger-event.ts'
import { strokesInput } from './strokes.ts'

const help = {
  way: '`ownDevice`: on the learner’s own phone; `code`: there, with the code on the trainer’s screen; `trainerDevice`: on the trainer’s device, handed over; `paper`: read from a scan.',
  deviceAt: 'When it was signed, by the clock of the device; kept beside the time of the server.',
  code: 'The six digits on the trainer’s screen.',
  url: 'The page that the QR code leads to.',
  qrSvg: 'The QR code as an SVG image.',
  handedOverBy:
    'The person who handed over their device, showed the link on it, or read the signature on paper.',
  scanId: 'The scan that it was read from.',
  originalKeptAt: 'Where the paper is kept, which stays the original.',
}

const drawn = {
  strokes: strokesInput,
  code: z
    .string()
    .regex(/^\d{6}$/, 'must be six digits')
    .nullish()
    .describe(help.code),
  deviceAt: deviceTime().nullish().describe(help.deviceAt),
}

export const signatureInput = z.strictObject({
  ...drawn,
  enrolmentId: uuid()
    .nullish()
    .describe('Of the learner to whom a trainer hands over their device; nobody else names one.'),
})
export type SignatureInput = z.output<typeof signatureInput>

export const linkSignatureInput = z.strictObject({ ...drawn, slotId: uuid() })
export type LinkSignatureInput = z.output<typeof linkSignatureInput>

export const signatureAnswer = z
  .object({
    slotId: idAnswer(),
    enrolmentId: idAnswer(),
    way: z.enum(signingWays).describe(help.way),
    signedAt: instant(),
    deviceAt: instant().nullable().describe(help.deviceAt),
  })
  .openapi('Signature')

/** Whether a learner can sign a half-day, and if not, why. */
export const signingStates = ['notStarted', 'toSign', 'signed', 'sealed'] as const

export const signingAnswer = z
  .object({
    session: z.object({
      id: idAnswer(),
      title: z.string(),
      reference: z.string().describe('By which the organisation knows the session.'),
      timeZone: z.string().describe('IANA time zone of its dates and times.'),
      place: z.string().nullable(),
    }),
    learner: z.object({ enrolmentId: idAnswer(), name: z.string().describe('First name, then last name.') }),
    slots: z.array(
      z.object({
        id: idAnswer(),
        date: dateAnswer().describe('Civil date in the session’s time zone.'),
        halfDay: z.enum(['morning', 'afternoon', 'evening']).describe('By its beginning.'),
        startTime: z.string().describe('Local time, as `09:00`.'),
        endTime: z.string().describe('Local time, as `12:30`.'),
        topic: z.string().nullable().describe('What the half-day is about.'),
        state: z.enum(signingStates).describe('Whether the learner can sign it, and if not, why.'),
        signedAt: instant().nullable(),
      }),
    ),
  })
  .openapi('Signing')

export const sendLinksInput = z.strictObject({
  enrolmentIds: z
    .array(uuid())
    .min(1)
    .max(500)
    .nullish()
    .describe('Whom to send one; without it every confirmed learner.'),
})
export type SendLinksInput = z.output<typeof sendLinksInput>

export const sentLinksAnswer = z
  .object({
    sent: z.array(idAnswer()).describe('Enrolments whose learners are sent a link.'),
    unreachable: z.array(idAnswer()).describe('Enrolments whose learners have no e-mail address.'),
  })
  .openapi('SentSigningLinks')

export const screenLinkInput = z.strictObject({ enrolmentId: uuid() })

export const screenLinkAnswer = z
  .object({
    url: z.string().describe(help.url),
    qrSvg: z.string().describe(help.qrSvg),
    expiresAt: instant(),
  })
  .openapi('ScreenLink')

export const slotCodeAnswer = z
  .object({
    code: z.string().describe(help.code),
    url: z.string().describe(help.url),
    qrSvg: z.string().describe(help.qrSvg),
    nextCodeAt: instant(),
    validUntil: instant().describe('A code still counts while the next one is shown.'),
  })
  .openapi('SlotCode')

const listedSignature = signatureAnswer
  .extend({
    handedOverBy: idAnswer().nullable().describe(help.handedOverBy),
    scanId: idAnswer().nullable().describe(help.scanId),
  })
  .openapi('ListedSignature')

export const slotSignaturesAnswer = z
  .object({
    signatures: z.array(listedSignature),
    warnings: z
      .array(
        z.object({
          kind: z
            .enum(['same-strokes', 'repeated-strokes'])
            .describe('Two people drew the same, or one person drew exactly the same again: a copy.'),
          enrolmentIds: z.array(idAnswer()).describe('Whose signatures they are.'),
          slotIds: z.array(idAnswer()).describe('The half-days that they are in.'),
        }),
      )
      .describe('Signatures that are too much alike, at any size, within the session.'),
  })
  .openapi('SlotSignatures')

export const scanFile = { mediaTypes: scanMediaTypes, mostBytes: 15 * mebibyte }

export const scanQuery = z.strictObject({
  slotIds: idsParameter().describe('The half-days that the paper is of, parted by commas.'),
  originalKeptAt: text(200).describe(help.originalKeptAt),
})
export type ScanQuery = z.output<typeof scanQuery>

export const scanAnswer = z
  .object({
    id: idAnswer(),
    sessionId: idAnswer(),
    slotIds: z.array(idAnswer()).describe('The half-days that it is of.'),
    sha256: z.string().describe('Of the file, in hex.'),
    mediaType: z.enum(scanMediaTypes).describe('By what is in the file.'),
    size: z.int().describe('In bytes.'),
    originalKeptAt: z.string().describe(help.originalKeptAt),
    uploadedAt: instant(),
    uploadedBy: idAnswer().nullable().describe('The account of who uploaded it.'),
  })
  .openapi('AttendanceScan')

export const paperSignaturesInput = z
  .strictObject({
    signatures: z
      .array(z.strictObject({ slotId: uuid(), enrolmentId: uuid() }))
      .min(1)
      .max(1_000)
      .describe('Whose signatures the paper bears, in which half-days.'),
  })
  .superRefine(({ signatures }, context) => {
    const seen = new Set<string>()
    for (const [index, { slotId, enrolmentId }] of signatures.entries()) {
      const key = `${slotId} ${enrolmentId}`
      if (seen.has(key))
        context.addIssue({
          code: 'custom',
          path: ['signatures', index],
          message: 'must not be named twice in one call',
        })
      seen.add(key)
    }
  })
export type PaperSignaturesInput = z.output<typeof paperSignaturesInput>

export const paperSignaturesAnswer = z
  .object({ signatures: z.array(listedSignature).describe('All of the half-days of the scan.') })
  .openapi('PaperSignatures')
