import { issuerNotSetUp } from '../organisation/organisation.problems.ts'
import { emptyInput } from '../platform/http/entity.ts'
import { tagOfHash } from '../platform/http/etag.ts'
import { answerFile } from '../platform/http/file-answer.ts'
import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { certificationExamples as examples } from './certification.examples.ts'
import { certificationPermissions as may } from './certification.permissions.ts'
import { alreadyRevoked, sessionNotClosed } from './certification.problems.ts'
import { numberLabel } from './certification.rules.ts'
import {
  certificateAnswer,
  certificatesQuery,
  issueAnswer,
  revokeInput,
  verificationAnswer,
} from './certification.schema.ts'
import * as certification from './certification.service.ts'

export function certificationRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/certificates',
      idempotent: true,
      tag: 'Certificates',
      summary: 'Issues the completion certificates that are missing («certificats de réalisation»)',
      access: may['certificate.issue'],
      body: emptyInput,
      bodyOptional: true,
      answer: issueAnswer,
      problems: [sessionNotClosed, issuerNotSetUp],
      example: examples.issueCertificates,
    },
    ({ ctx, params }) => certification.numberCertificates(ctx, params.id),
    ({ ctx, params }) => certification.finishIssuing(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/certificates',
      tag: 'Certificates',
      summary: 'The certificates of a session by number; tells which are outdated',
      access: may['certificate.list'],
      query: certificatesQuery,
      answer: pageOf(certificateAnswer),
      example: examples.listSessionCertificates,
    },
    async ({ ctx, params, query }) =>
      pageShown(await certification.listSessionCertificates(ctx, params.id, query)),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/me/certificates',
      tag: 'Certificates',
      summary: 'Your own certificates by number',
      access: may['certificate.listOwn'],
      query: certificatesQuery,
      answer: pageOf(certificateAnswer),
      example: examples.listOwnCertificates,
    },
    async ({ ctx, query }) => pageShown(await certification.listOwnCertificates(ctx, query)),
  )

  certificateRoutes(router)
}

function certificateRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/certificates/{id}',
      tag: 'Certificates',
      summary: 'One certificate',
      access: may['certificate.read'],
      answer: certificateAnswer,
      alternates: [{ path: '/api/certificates/{id}/pdf', type: 'application/pdf' }],
      example: examples.readCertificate,
    },
    async ({ ctx, params }) => shown(await certification.readCertificate(ctx, params.id)),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/certificates/{id}/pdf',
      tag: 'Certificates',
      summary: 'The certificate as a PDF: the same bytes for ever',
      access: may['certificate.read'],
      produces: 'application/pdf',
      isTagged: true,
      example: examples.readCertificatePdf,
    },
    async ({ ctx, params, c }) => {
      const { name, bytes, sha256 } = await certification.readCertificatePdf(ctx, params.id)
      const file = {
        tag: tagOfHash(sha256),
        mediaType: 'application/pdf',
        disposition: 'inline' as const,
        name,
      }
      return answerFile(c, file, () => bytes)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/certificates/{id}/revoke',
      idempotent: true,
      bodyOptional: true,
      tag: 'Certificates',
      summary: 'Revokes a certificate, with a reason',
      access: may['certificate.revoke'],
      body: revokeInput,
      answer: certificateAnswer,
      problems: [alreadyRevoked],
      example: examples.revokeCertificate,
    },
    async ({ ctx, params, body }) =>
      shown(await certification.revokeCertificate(ctx, params.id, body.reason)),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/verify/{code}',
      tag: 'Certificates',
      summary: 'What a certificate says, for whoever holds its code',
      access: may['certificate.verify'],
      params: { code: 'The code printed on the certificate; case, spaces and hyphens do not matter.' },
      answer: verificationAnswer,
      alternates: [{ path: '/verify/{code}', type: 'text/html' }],
      example: examples.verifyCertificate,
    },
    async ({ ctx, params }) => {
      const { revokedAt, ...verification } = await certification.verifyCertificate(ctx, params.code)
      return { ...verification, ...(revokedAt !== null && { revokedAt }) }
    },
  )
}

function shown(certificate: certification.CertificateView) {
  return { ...certificate, number: numberLabel(certificate) }
}

function pageShown(page: { items: certification.CertificateView[]; nextCursor: string | null }) {
  return { ...page, items: page.items.map(shown) }
}
