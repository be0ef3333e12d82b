/** Finds a printed figure by frame and line, with what it counts. */
import type { FundingSource } from '../enrolment/enrolment.schema.ts'
import type { Engagement } from '../planning/planning.schema.ts'
import {
  allLearners,
  type ExpenseLine,
  expenseLines,
  givenOutLearners,
  incomeLines,
  type LearnerFilter,
  levelLines,
  objectiveLines,
  ofOtherSpecialities,
  ofSpeciality,
  receivedLearners,
  traineeLines,
  trainerLines,
} from './bpf.lines.ts'
import { sourcesOf } from './bpf.rules.ts'
import type { BpfFrames, HeadsAndHours } from './bpf.schema.ts'

export type Figure =
  | { of: 'income'; sources: FundingSource[]; printed: number }
  | { of: 'expenses'; line: ExpenseLine; printed: number }
  | { of: 'trainers'; engagement: Engagement; printed: HeadsAndHours }
  | { of: 'learners'; where: LearnerFilter; printed: HeadsAndHours }

/** Undefined when the report has no such frame or line, as an NSF code that is not among its five. */
export function findFigure(frames: BpfFrames, frame: string, line: string): Figure | undefined {
  switch (frame) {
    case 'C':
      return findIncome(frames, line)
    case 'D':
      return findExpenses(frames, line)
    case 'E':
      return findTrainers(frames, line)
    case 'F1':
      return findLearners([...traineeLines, allLearners], line, (found) => frames.F1[found])
    case 'F2':
      return findLearners([givenOutLearners], line, (found) => frames.F2[found])
    case 'F3':
      return findLearners([...objectiveLines, ...levelLines, allLearners], line, (found) => frames.F3[found])
    case 'F4':
      return findSpeciality(frames.F4, line)
    case 'G':
      return findLearners([receivedLearners], line, (found) => frames.G[found])
    default:
      return undefined
  }
}

function findIncome({ C }: BpfFrames, line: string): Figure | undefined {
  const found = incomeLines.find((income) => income.line === line)
  return found && { of: 'income', sources: sourcesOf(found.line), printed: C[found.line] }
}

function findExpenses({ D }: BpfFrames, line: string): Figure | undefined {
  const found = expenseLines.find((expenses) => expenses.line === line)
  return found && { of: 'expenses', line: found.line, printed: D[found.line] }
}

function findTrainers({ E }: BpfFrames, line: string): Figure | undefined {
  const found = trainerLines.find((trainers) => trainers.line === line)
  return found && { of: 'trainers', engagement: found.line, printed: E[found.line] }
}

function findSpeciality({ rows, other, total }: BpfFrames['F4'], line: string): Figure | undefined {
  const codes = rows.map((row) => row.nsfCode)
  const row = rows.find((row) => row.nsfCode === line)
  if (row) return { of: 'learners', where: ofSpeciality(row.nsfCode), printed: row }
  if (line === 'other') return { of: 'learners', where: ofOtherSpecialities(codes), printed: other }
  return findLearners([allLearners], line, () => total)
}

function findLearners<Line extends string>(
  lines: readonly { line: Line; where: LearnerFilter }[],
  line: string,
  printedOf: (line: Line) => HeadsAndHours,
): Figure | undefined {
  const found = lines.find((learners) => learners.line === line)
  return found && { of: 'learners', where: found.where, printed: printedOf(found.line) }
}
