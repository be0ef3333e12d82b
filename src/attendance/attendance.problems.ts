import { defineProblem } from '../platform/problem.ts'

export const slotNotStarted = defineProblem(
  'attendance/slot-not-started',
  409,
  'Attendance is marked once the slot has started',
)
export const sessionNotHeld = defineProblem(
  'attendance/session-not-held',
  409,
  'A session that is a draft or cancelled has no attendance',
)
export const sessionClosed = defineProblem(
  'attendance/session-closed',
  409,
  'The session is closed: only an admin corrects its attendance, with a reason',
)
export const sheetSealed = defineProblem(
  'attendance/sheet-sealed',
  409,
  'The half-day is sealed: an admin corrects it by an addendum, with a reason',
)
export const alreadySigned = defineProblem(
  'attendance/already-signed',
  409,
  'The half-day has been signed; a signature is never replaced',
)
export const signedBefore = defineProblem(
  'attendance/signed-before',
  409,
  'Somebody has signed before the half-day would begin: cancel it, and add the one that is held',
)
