import { defineProblem } from '../platform/problem.ts'

export const sessionNotClosed = defineProblem(
  'certification/session-not-closed',
  409,
  'Certificates are issued once the session is closed',
)
export const alreadyRevoked = defineProblem(
  'certification/already-revoked',
  409,
  'The certificate has been revoked',
)
/** A certificate names who issues it. Reading the organisation is 404 then; issuing without it is a conflict. */
export const issuerNotSetUp = defineProblem(
  'organisation/not-set-up',
  409,
  'The organisation has not been described yet',
)
