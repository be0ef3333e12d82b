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
