import { defineProblem } from '../../platform/problem.ts'

export const notReadyToSeal = defineProblem(
  'attendance/not-ready-to-seal',
  409,
  'The half-day lacks signatures or reasons; `missing` names whose',
)
export const slotNotEnded = defineProblem(
  'attendance/slot-not-ended',
  409,
  'A half-day is sealed once it has ended',
)
export const notOnPaper = defineProblem(
  'attendance/not-on-paper',
  409,
  'An admin seals only a half-day that was signed on paper and of which the scan is here',
)
export const notPresent = defineProblem(
  'attendance/not-present',
  409,
  'A missing signature is explained for who was marked present',
)
export const alreadyWaived = defineProblem(
  'attendance/already-waived',
  409,
  'Another reason for the missing signature stands',
)
export const notSealed = defineProblem(
  'attendance/not-sealed',
  409,
  'The half-day is not sealed: its marks can still be changed',
)
