import { z } from '@hono/zod-openapi'
import { pageQuery } from '../platform/http/pagination.ts'
import { instant, paragraphs } from '../platform/text.ts'

/** Why a learner gets no certificate. */
const refusalCodes = ['certification/no-attendance', 'certification/unprintable-name'] as const
export type RefusalCode = (typeof refusalCodes)[number]

export const issueInput = z.strictObject({})

export const issueAnswer = z
  .object({
    issued: z.array(
      z.object({
        id: z.string(),
        enrolmentId: z.string(),
        number: z.string(),
        verificationCode: z.string(),
      }),
    ),
    refused: z.array(z.object({ enrolmentId: z.string(), code: z.enum(refusalCodes) })),
  })
  .openapi('IssuedCertificates')

export const revokeInput = z.strictObject({ reason: paragraphs(1_000) })

export const certificateAnswer = z
  .object({
    id: z.string(),
    version: z.int(),
    createdAt: instant(),
    updatedAt: instant(),
    number: z.string(),
    sessionId: z.string(),
    enrolmentId: z.string(),
    personId: z.string(),
    holder: z.string(),
    training: z.string(),
    attendedMinutes: z.int(),
    /** The minutes that the certificate states are no longer those of the sheet. */
    outdated: z.boolean(),
    issuedAt: instant(),
    verificationCode: z.string(),
    /** Of the PDF; null until it has been drawn. */
    sha256: z.string().nullable(),
    revokedAt: instant().nullable(),
    revokedReason: z.string().nullable(),
    replacedById: z.string().nullable(),
  })
  .openapi('Certificate')

export const certificatesQuery = z.strictObject(pageQuery)

export const verificationAnswer = z
  .object({
    valid: z.boolean(),
    number: z.string(),
    holder: z.string(),
    training: z.string(),
    attendedMinutes: z.int(),
    issuedAt: instant(),
    revokedAt: instant().optional(),
    sha256: z.string(),
  })
  .openapi('Verification')
