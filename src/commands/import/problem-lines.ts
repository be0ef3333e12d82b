/** Problems that the services raise while a session is written, as lines of the file. */
import type { CsvProblem } from '../../platform/csv-reader.ts'
import type { FieldError, Problem } from '../../platform/problem.ts'
import type { ImportedSession } from './attendance-sessions.ts'

/** By code of the field error, else of the problem itself. */
const reasons: Record<string, { column: string; reason: string }> = {
  'too-big': { column: 'minutes', reason: 'autant de minutes que la demi-journée ou plus' },
  'not-confirmed': { column: 'nom', reason: 'son inscription n’est pas confirmée' },
  'too-many': { column: 'session', reason: 'la session aurait plus de 200 demi-journées' },
  'attendance/sheet-sealed': {
    column: 'session',
    reason: 'une demi-journée est scellée\u202f; ce qui y est faux se corrige par un avenant',
  },
  'planning/trainer-is-learner': {
    column: 'formateur',
    reason: 'un nouveau formateur est inscrit comme stagiaire dans cette session',
  },
  'wrong-kind': {
    column: 'sous_traitance',
    reason: 'un client de ce nom n’est pas un organisme de formation\u202f; corrigez d’abord sa fiche',
  },
  'enrolment/certificate-stands': {
    column: 'session',
    reason:
      'la session est close et ses certificats valent\u202f; révoquez-les avant d’y ajouter une demi-journée ou un stagiaire',
  },
}

/** Pointers are as the import hands things over: slots of a new session by index, all else by line. */
export function sessionProblems(
  { definition, details, message }: Problem,
  session: ImportedSession,
): CsvProblem[] {
  const errors = details.errors ?? []
  const whole = { pointer: '', code: definition.code, detail: message }
  return (errors.length > 0 ? errors : [whole]).map((error) => {
    const { column, reason } = reasons[error.code] ??
      reasons[definition.code] ?? { column: null, reason: error.detail }
    return { line: lineOf(error, session), column, reason }
  })
}

function lineOf({ pointer }: FieldError, { slots, line }: ImportedSession): number {
  const [, what, number] = /^\/(lines|slots)\/(\d+)/.exec(pointer) ?? []
  if (what === 'lines') return Number(number)
  return slots[Number(number)]?.line ?? line
}

/** What stands on a line of the file, for a service that names what is wrong by a pointer. */
export function linePointer(line: number): string {
  return `/lines/${line}`
}
