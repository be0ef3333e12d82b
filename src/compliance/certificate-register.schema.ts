import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../platform/http/entity.ts'
import { pageOf, pageQuery } from '../platform/http/pagination.ts'
import { instant } from '../platform/text.ts'
import { periodQuery } from './bpf.schema.ts'

export const registerQuery = periodQuery.extend(pageQuery)
export type RegisterQuery = z.output<typeof registerQuery>

const registeredCertificate = z.object({
  id: idAnswer(),
  number: z.string().describe('Without gaps within a year: `CR-2026-0042`.'),
  holder: z.string().describe('First and last name as they stood at issue.'),
  training: z.string().describe('Title as it stood at issue.'),
  enrolmentId: idAnswer(),
  sessionId: idAnswer(),
  sessionReference: z.string(),
  sessionStartsOn: dateAnswer(),
  sessionEndsOn: dateAnswer(),
  attendedMinutes: z.int().describe('Minutes attended as they stood at issue.'),
  issuedAt: instant(),
  revokedAt: instant().nullable(),
})

export const registerAnswer = pageOf(registeredCertificate).openapi('CertificateRegister')
