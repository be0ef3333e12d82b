import { defineProblem } from '../problem.ts'

export const notToBeSentAgain = defineProblem(
  'mail/not-to-be-sent-again',
  409,
  'Only a mail that failed or whose outcome is unknown is sent again',
)
export const addressForgotten = defineProblem(
  'mail/address-forgotten',
  409,
  'The mail is too old: its address and contents were forgotten',
)
