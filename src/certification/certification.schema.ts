import { z } from '@hono/zod-openapi'
import { entityFields, idAnswer } from '../platform/http/entity.ts'
import { pageQuery } from '../platform/http/pagination.ts'
import { instant, paragraphs } from '../platform/text.ts'

/** Why a learner gets no certificate. */
const refusalCodes = [
  'certification/not-sealed',
  'certification/no-attendance',
  'certification/unprintable-name',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

const help = {
  number: 'Without gaps within a year: `CR-2026-0042`.',
  verificationCode: 'With it anybody can check the certificate: `GET /api/verify/{code}`.',
  holder: 'First and last name as they stood at issue.',
  training: 'Title as it stood at issue.',
  attendedMinutes: 'Minutes attended as they stood at issue.',
}

export const issueAnswer = z
  .object({
    issued: z.array(
      z.object({
        id: idAnswer(),
        enrolmentId: idAnswer(),
        number: z.string().describe(help.number),
        verificationCode: z.string().describe(help.verificationCode),
      }),
    ),
    refused: z.array(
      z.object({ enrolmentId: idAnswer(), code: z.enum(refusalCodes).describe('Why there is none.') }),
    ),
  })
  .openapi('IssuedCertificates')

export const revokeInput = z.strictObject({ reason: paragraphs(1_000).describe('In words, for the file.') })

export const certificateAnswer = z
  .object({
    ...entityFields,
    number: z.string().describe(help.number),
    sessionId: idAnswer(),
    enrolmentId: idAnswer(),
    personId: idAnswer(),
    holder: z.string().describe(help.holder),
    training: z.string().describe(help.training),
    attendedMinutes: z.int().describe(help.attendedMinutes),
    outdated: z
      .boolean()
      .describe('To be replaced: the minutes that it states are no longer those of the sheet.'),
    outdatedBy: z
      .array(
        z.object({
          slotId: idAnswer(),
          at: instant().describe('When it was recorded.'),
          sequence: z.int().describe('Its place in the ledger of the session.'),
          minutesBefore: z.int().describe('Of the half-day, before the correction.'),
          minutesAfter: z.int().describe('Of the half-day, since the correction.'),
        }),
      )
      .describe('The corrections of sealed half-days since it was issued that changed its minutes.'),
    issuedAt: instant(),
    verificationCode: z.string().describe(help.verificationCode),
    sha256: z.string().nullable().describe('Of the PDF; null until it has been drawn.'),
    revokedAt: instant().nullable(),
    revokedReason: z.string().nullable().describe('In the words of who revoked it.'),
    replacedById: idAnswer().nullable().describe('The certificate that stands in its place.'),
  })
  .openapi('Certificate')

export const certificatesQuery = z.strictObject(pageQuery)

export const verificationAnswer = z
  .object({
    valid: z.boolean().describe('False once revoked.'),
    number: z.string().describe(help.number),
    holder: z.string().describe(help.holder),
    training: z.string().describe(help.training),
    attendedMinutes: z.int().describe(help.attendedMinutes),
    issuedAt: instant(),
    revokedAt: instant().optional().describe('Absent while it is valid.'),
    sha256: z.string().describe('Of the PDF, for who holds one and wants to compare.'),
  })
  .openapi('Verification')
