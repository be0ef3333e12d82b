import { defineProblem } from '../platform/problem.ts'

export const referenceTaken = defineProblem('planning/reference-taken', 409, 'A session has this reference')
export const slotsOverlap = defineProblem(
  'planning/slots-overlap',
  422,
  'Slots of a session must not overlap',
)
export const noSuchLocalTime = defineProblem(
  'planning/no-such-local-time',
  422,
  'The clocks skip this local time',
)
export const trainerDoubleBooked = defineProblem(
  'planning/trainer-double-booked',
  409,
  'A trainer is booked elsewhere at that time',
)
export const trainerIsLearner = defineProblem(
  'planning/trainer-is-learner',
  409,
  'A trainer is enrolled as a learner of this session',
)
export const wrongStatus = defineProblem(
  'planning/wrong-status',
  409,
  'The session’s status does not allow this',
)
export const notReady = defineProblem('planning/not-ready', 409, 'The session lacks something to be open')
export const capacityBelowSeats = defineProblem(
  'planning/capacity-below-seats',
  409,
  'More seats are taken than that',
)
export const noSuchTraining = defineProblem(
  'planning/no-such-training',
  422,
  'There is no published training of this id',
)
export const noSuchChapter = defineProblem('planning/no-such-chapter', 422, 'This chapter does not exist')
export const noSuchClient = defineProblem('planning/no-such-client', 422, 'This client does not exist')
export const noSuchTrainer = defineProblem('planning/no-such-trainer', 422, 'This person does not exist')
export const slotCancelled = defineProblem('planning/slot-cancelled', 409, 'The slot has been cancelled')
export const slotHasMarks = defineProblem(
  'planning/slot-has-marks',
  409,
  'Attendance has been marked in this slot',
)
