/** Examples of the routes of this slice: the certificate of one learner. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type { certificateAnswer, issueAnswer, verificationAnswer } from './certification.schema.ts'

export const exampleIds = { certificate: '0197f3a7-1e50-70d8-b8c9-93f5b0de4f51' } as const

export const exampleCode = '7K2MWQ9R4TYC1HXV5D8N'

const sha256 = '5f1c8e0b7a2d4936c8f0e1b2a3d4c5f60718293a4b5c6d7e8f90a1b2c3d4e5f6'

const issued: z.output<typeof issueAnswer> = {
  issued: [
    {
      id: exampleIds.certificate,
      enrolmentId: enrolmentIds.enrolment,
      number: 'CR-2026-0042',
      verificationCode: exampleCode,
    },
  ],
  refused: [],
}

const certificate: z.output<typeof certificateAnswer> = {
  id: exampleIds.certificate,
  version: 1,
  createdAt: '2026-04-15T08:10:00Z',
  updatedAt: '2026-04-15T08:10:00Z',
  number: 'CR-2026-0042',
  sessionId: planningIds.session,
  enrolmentId: enrolmentIds.enrolment,
  personId: peopleIds.member,
  holder: 'Maëlle Le Bihan',
  training: 'Éco-concevoir un site web',
  attendedMinutes: 390,
  outdated: false,
  outdatedBy: [],
  issuedAt: '2026-04-15T08:10:00Z',
  verificationCode: exampleCode,
  sha256,
  revokedAt: null,
  revokedReason: null,
  replacedById: null,
}

const verification: z.output<typeof verificationAnswer> = {
  valid: true,
  number: certificate.number,
  holder: certificate.holder,
  training: certificate.training,
  attendedMinutes: certificate.attendedMinutes,
  issuedAt: certificate.issuedAt,
  sha256,
}

const params = { id: exampleIds.certificate }
const sessionParams = { id: planningIds.session }
const page = { items: [certificate], nextCursor: null }
const reason = 'Nom d’usage mal écrit : un nouveau certificat est délivré'

export const certificationExamples = {
  issueCertificates: { params: sessionParams, body: {}, answer: issued },
  listSessionCertificates: { params: sessionParams, query: { limit: 50 }, answer: page },
  listOwnCertificates: { query: { limit: 20 }, answer: page },
  readCertificate: { params, answer: certificate },
  readCertificatePdf: { params },
  revokeCertificate: {
    params,
    body: { reason },
    answer: {
      ...certificate,
      version: 2,
      updatedAt: '2026-05-04T07:30:00Z',
      revokedAt: '2026-05-04T07:30:00Z',
      revokedReason: reason,
    },
  },
  verifyCertificate: { params: { code: exampleCode }, answer: verification },
}
