import { defineProblem } from '../platform/problem.ts'

export const notSetUp = defineProblem(
  'organisation/not-set-up',
  404,
  'The organisation has not been described yet',
)
/** Documents name who issues them. Reading the organisation is 404 then; printing one is a conflict. */
export const issuerNotSetUp = defineProblem(
  'organisation/not-set-up',
  409,
  'The organisation has not been described yet',
)
export const chapterNameTaken = defineProblem(
  'organisation/chapter-name-taken',
  409,
  'A chapter has this name',
)
export const siretTaken = defineProblem('organisation/siret-taken', 409, 'A client has this SIRET')
export const noSuchPerson = defineProblem('organisation/no-such-person', 422, 'This person does not exist')
