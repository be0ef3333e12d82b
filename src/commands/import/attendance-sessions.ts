/** From the lines of attendance to the sessions they tell of, refusing lines that contradict an earlier one. */
import type { MarkStatus } from '../../attendance/attendance.schema.ts'
import type { Modality } from '../../catalogue/catalogue.schema.ts'
import type { TraineeType } from '../../enrolment/enrolment.schema.ts'
import type { CsvProblem } from '../../platform/csv-reader.ts'
import { fold } from '../../platform/fold.ts'
import type { AttendanceRow, SubcontractingCell, TrainerCell } from './attendance.csv.ts'

export type ImportedMark = {
  /** Index into the session's slots. */
  slot: number
  status: MarkStatus
  attendedMinutes: number | null
  line: number
}

export type ImportedLearner = {
  firstName: string
  lastName: string
  email: string | null
  traineeType: TraineeType | null
  /** By slot. A slot without a mark is one the learner was not expected in: joined later, or left for good. */
  marks: ImportedMark[]
  line: number
}

export type ImportedSlot = {
  date: string
  startTime: string
  endTime: string
  modality: Modality | null
  trainers: TrainerCell[]
  line: number
}

export type ImportedSession = {
  reference: string
  training: string
  subcontracting: SubcontractingCell
  modality: Modality | null
  /** Of all its slots, in order of appearance. */
  trainers: TrainerCell[]
  /** In order of time, without overlap. */
  slots: ImportedSlot[]
  learners: ImportedLearner[]
  line: number
}

type Row = AttendanceRow & { line: number }

/**
 * Groups rows by session reference (whatever its case). Lines in which people attend the same half-day on site and
 * remotely make it `hybrid`, and so does a session whose half-days differ.
 */
export function groupSessions(rows: readonly Row[]): { sessions: ImportedSession[]; problems: CsvProblem[] } {
  const problems = contradictions(rows)
  const sessions = [...Map.groupBy(rows, (row) => row.session.toLowerCase()).values()].flatMap(
    (ofSession) => {
      const session = sessionOf(ofSession)
      if (session) problems.push(...overlaps(session))
      return session ?? []
    },
  )
  return { sessions, problems: problems.toSorted((one, other) => one.line - other.line) }
}

function sessionOf(rows: readonly Row[]): ImportedSession | undefined {
  const [first] = rows
  if (!first) return undefined
  const bySlot = [...Map.groupBy(rows, slotKey)].toSorted(([one], [other]) => (one < other ? -1 : 1))
  const slots = bySlot.flatMap(([, ofSlot]) => slotOf(ofSlot) ?? [])
  const slotIndexes = new Map(bySlot.map(([key], index) => [key, index]))
  return {
    reference: first.session,
    training: first.training,
    subcontracting: first.subcontracting,
    modality: commonModality(rows),
    trainers: distinctTrainers(rows),
    slots,
    learners: [...Map.groupBy(rows, learnerKey).values()].flatMap(
      (ofLearner) => learnerOf(ofLearner, slotIndexes) ?? [],
    ),
    line: first.line,
  }
}

function slotOf(rows: readonly Row[]): ImportedSlot | undefined {
  const [first] = rows
  if (!first) return undefined
  const { date, startTime, endTime, line } = first
  return { date, startTime, endTime, modality: commonModality(rows), trainers: distinctTrainers(rows), line }
}

function learnerOf(
  rows: readonly Row[],
  slotIndexes: ReadonlyMap<string, number>,
): ImportedLearner | undefined {
  const [first] = rows
  if (!first) return undefined
  const { firstName, lastName, email, line } = first
  const marks = rows.map(({ status, attendedMinutes, line, ...row }) => {
    return { slot: slotIndexes.get(slotKey(row)) ?? 0, status, attendedMinutes, line }
  })
  const traineeType = rows.find((row) => row.traineeType !== null)?.traineeType ?? null
  return {
    firstName,
    lastName,
    email,
    traineeType,
    line,
    marks: marks.toSorted((one, other) => one.slot - other.slot),
  }
}

const slotKey = (row: { date: string; startTime: string }) => `${row.date} ${row.startTime}`

const personKey = (person: { firstName: string; lastName: string; email: string | null }) =>
  `${fold(`${person.firstName} ${person.lastName}`)} ${person.email?.toLowerCase() ?? ''}`

const learnerKey = (row: Row) => personKey(row)

function commonModality(rows: readonly Row[]): Modality | null {
  const [first = null, ...others] = new Set(rows.flatMap((row) => row.modality ?? []))
  return others.length > 0 ? 'hybrid' : first
}

function distinctTrainers(rows: readonly Row[]): TrainerCell[] {
  return [
    ...Map.groupBy(
      rows.flatMap((row) => row.trainers),
      personKey,
    ).values(),
  ].flatMap(([first]) => first ?? [])
}

/** What each line says of its session, half-day, learner and trainers must be what the first line said. */
function contradictions(rows: readonly Row[]): CsvProblem[] {
  const said = new Map<string, { value: string; line: number }>()
  const problems: CsvProblem[] = []
  for (const row of rows) {
    for (const { of, value, column, what } of statements(row)) {
      const first = said.get(of)
      if (!first) said.set(of, { value, line: row.line })
      else if (first.value !== value)
        problems.push({ line: row.line, column, reason: `${what} que celle de la ligne ${first.line}` })
    }
  }
  return problems
}

type Statement = { of: string; value: string; column: string; what: string }

function statements(row: Row): Statement[] {
  const session = row.session.toLowerCase()
  const { direction, organisationName } = row.subcontracting
  const name = fold(`${row.firstName} ${row.lastName}`)
  const all: Statement[] = [
    {
      of: `training|${session}`,
      value: fold(row.training),
      column: 'formation',
      what: 'la session a une autre formation',
    },
    {
      of: `subcontracting|${session}`,
      value: `${direction} ${fold(organisationName ?? '')}`,
      column: 'sous_traitance',
      what: 'la session a une autre sous-traitance',
    },
    {
      of: `end|${session}|${slotKey(row)}`,
      value: row.endTime,
      column: 'fin',
      what: 'la demi-journée a une autre heure de fin',
    },
    {
      of: `email|${session}|${name}`,
      value: row.email === null ? 'without' : 'with',
      column: 'email',
      what: 'le stagiaire n’a pas la même adresse e-mail',
    },
  ]
  if (row.traineeType !== null)
    all.push({
      of: `type|${session}|${personKey(row)}`,
      value: row.traineeType,
      column: 'type_stagiaire',
      what: 'le stagiaire a une autre catégorie',
    })
  for (const trainer of row.trainers)
    all.push({
      of: `engagement|${session}|${personKey(trainer)}`,
      value: trainer.engagement,
      column: 'lien_formateur',
      what: 'le formateur a une autre nature de lien',
    })
  return all
}

function overlaps({ slots }: ImportedSession): CsvProblem[] {
  return slots.flatMap((slot, index) => {
    const previous = slots[index - 1]
    if (!previous || previous.date !== slot.date || previous.endTime <= slot.startTime) return []
    const reason = `la demi-journée chevauche celle de ${previous.startTime} à ${previous.endTime} (ligne ${previous.line})`
    return [{ line: slot.line, column: 'debut', reason }]
  })
}
