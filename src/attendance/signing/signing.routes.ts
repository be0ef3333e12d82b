import { slotCancelled } from '../../planning/planning.problems.ts'
import { type Router, route } from '../../platform/http/router.ts'
import {
  alreadySigned,
  sessionClosed,
  sessionNotHeld,
  sheetSealed,
  slotNotStarted,
} from '../attendance.problems.ts'
import { signByLink, signSlot } from './signature.service.ts'
import { signingExamples as examples } from './signing.examples.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { linkNotValid, linkOfAnother, linksEnded, tooManyCodes, wrongCode } from './signing.problems.ts'
import {
  linkSignatureInput,
  screenLinkAnswer,
  screenLinkInput,
  sendLinksInput,
  sentLinksAnswer,
  signatureAnswer,
  signatureInput,
  signingAnswer,
  slotCodeAnswer,
  slotSignaturesAnswer,
} from './signing.schema.ts'
import { revokeSigningLinks, sendSigningLinks, showSigningLink } from './signing-link.service.ts'
import { readOwnSigning, readSigningByLink } from './signing-reading.ts'
import { showSlotCode } from './slot-code.ts'
import { listSlotSignatures } from './slot-signatures.ts'

const tag = 'Signatures'

const whySignatureRefused = [
  alreadySigned,
  slotNotStarted,
  slotCancelled,
  sheetSealed,
  sessionNotHeld,
  sessionClosed,
  wrongCode,
  tooManyCodes,
]

export function signingRoutes(router: Router): void {
  signatureRoutes(router)
  linkRoutes(router)
  byLinkRoutes(router)
}

function signatureRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/signatures',
      tag,
      summary:
        'Signs a half-day («émargement») as who is signed in, or, named by a trainer, as who is handed their device; safe to repeat',
      access: [...may['attendance.sign'], ...may['attendance.handOver']],
      body: signatureInput,
      status: 201,
      answer: signatureAnswer,
      problems: whySignatureRefused,
      example: examples.signSlot,
    },
    ({ ctx, params, body }) => signSlot(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/slots/{id}/signatures',
      tag,
      summary: 'The signatures of a half-day, with those that are too much alike',
      access: may['signature.list'],
      answer: slotSignaturesAnswer,
      example: examples.listSignatures,
    },
    ({ ctx, params }) => listSlotSignatures(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/slots/{id}/code',
      tag,
      summary: 'The code of now for the trainer’s screen, another every twenty seconds',
      access: may['slotCode.show'],
      answer: slotCodeAnswer,
      example: examples.showCode,
    },
    ({ ctx, params }) => showSlotCode(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/signing',
      tag,
      summary: 'The half-days of a session that who is signed in signs, or has signed',
      access: may['attendance.sign'],
      answer: signingAnswer,
      example: examples.readOwnSigning,
    },
    ({ ctx, params }) => readOwnSigning(ctx, params.id),
  )
}

function linkRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/signing-links',
      tag,
      summary: 'Mails confirmed learners their personal links, with which they sign without an account',
      access: may['signingLink.send'],
      body: sendLinksInput,
      bodyOptional: true,
      idempotent: true,
      answer: sentLinksAnswer,
      problems: [sessionNotHeld, linksEnded],
      example: examples.sendLinks,
    },
    ({ ctx, params, body }) => sendSigningLinks(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/signing-links',
      tag,
      summary: 'Shows a link for one learner on the trainer’s screen, for ten minutes and this half-day',
      access: may['signingLink.show'],
      body: screenLinkInput,
      status: 201,
      answer: screenLinkAnswer,
      problems: [sessionNotHeld],
      example: examples.showLink,
    },
    ({ ctx, params, body }) => showSigningLink(ctx, params.id, body.enrolmentId),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/enrolments/{id}/signing-links',
      tag,
      summary: 'Ends every link of a learner, mailed or shown',
      access: may['signingLink.revoke'],
      example: examples.revokeLinks,
    },
    async ({ ctx, params, c }) => {
      await revokeSigningLinks(ctx, params.id)
      return c.body(null, 204)
    },
  )
}

/** For who has no account. To read one by its link uses nothing up: mail scanners open them all. */
function byLinkRoutes(router: Router): void {
  const params = { token: 'The end of a personal link.' }
  route(
    router,
    {
      method: 'get',
      path: '/api/signing/{token}',
      params,
      tag,
      summary: 'The half-days that the learner of a personal link signs, or has signed',
      access: may['signingLink.use'],
      answer: signingAnswer,
      problems: [linkNotValid],
      example: examples.readByLink,
    },
    ({ ctx, params }) => readSigningByLink(ctx, params.token),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/signing/{token}/signatures',
      params,
      tag,
      summary: 'Signs a half-day by a personal link; safe to repeat',
      access: may['signingLink.use'],
      body: linkSignatureInput,
      status: 201,
      answer: signatureAnswer,
      problems: [linkNotValid, linkOfAnother, ...whySignatureRefused],
      example: examples.signByLink,
    },
    ({ ctx, params, body }) => signByLink(ctx, params.token, body),
  )
}
