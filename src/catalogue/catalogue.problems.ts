import { defineProblem } from '../platform/problem.ts'

export const codeTaken = defineProblem('catalogue/code-taken', 409, 'A training has this code')
export const incomplete = defineProblem(
  'catalogue/incomplete',
  422,
  'The programme does not yet say all that it must',
)
