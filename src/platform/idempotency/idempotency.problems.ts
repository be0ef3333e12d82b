import { defineProblem } from '../problem.ts'

export const keyReused = defineProblem(
  'platform/idempotency-key-reused',
  422,
  'This Idempotency-Key came with another request before',
)
export const keyInUse = defineProblem(
  'platform/idempotency-key-in-use',
  409,
  'The first request with this Idempotency-Key is still under way',
)
export const answerNotKept = defineProblem(
  'platform/idempotency-answer-not-kept',
  409,
  'This was done at the first request; its answer held a secret, which is shown once',
)
