import { defineProblem } from '../platform/problem.ts'

export const alreadyEnrolled = defineProblem(
  'enrolment/already-enrolled',
  409,
  'This person is enrolled in this session',
)
export const isTrainer = defineProblem(
  'enrolment/is-trainer',
  409,
  'A trainer of the session cannot learn in it',
)
export const sessionNotOpen = defineProblem(
  'enrolment/session-not-open',
  409,
  'The session is not open for enrolment',
)
export const sessionStarted = defineProblem('enrolment/session-started', 409, 'The session has started')
export const noSeatLeft = defineProblem('enrolment/no-seat-left', 409, 'No seat is left')
export const wrongStatus = defineProblem(
  'enrolment/wrong-status',
  409,
  'The enrolment’s status does not allow this',
)
export const hasAttended = defineProblem(
  'enrolment/has-attended',
  409,
  'Attendance has been marked: only the organisation can end this enrolment',
)
export const cannotClose = defineProblem('enrolment/cannot-close', 409, 'The session cannot be closed yet')
export const certificateStands = defineProblem(
  'enrolment/certificate-stands',
  409,
  'A valid certificate of this session stands',
)
export const noSuchPerson = defineProblem('enrolment/no-such-person', 422, 'This person does not exist')
export const noSuchClient = defineProblem('enrolment/no-such-client', 422, 'This client does not exist')
