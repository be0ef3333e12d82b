import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../platform/http/pagination.ts'
import { instant } from '../platform/text.ts'
import { periodQuery } from './bpf.schema.ts'

export const registerQuery = periodQuery.extend(pageQuery)
export type RegisterQuery = z.output<typeof registerQuery>

const registeredCertificate = z.object({
  id: z.string(),
  number: z.string(),
  holder: z.string(),
  training: z.string(),
  enrolmentId: z.string(),
  sessionId: z.string(),
  sessionReference: z.string(),
  sessionStartsOn: z.string(),
  sessionEndsOn: z.string(),
  attendedMinutes: z.int(),
  issuedAt: instant(),
  revokedAt: instant().nullable(),
})

export const registerAnswer = pageOf(registeredCertificate).openapi('CertificateRegister')
