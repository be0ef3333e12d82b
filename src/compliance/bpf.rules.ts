/** How exact cents and minutes become the printed integers of the BPF. Pure. */
import type { FundingSource } from '../enrolment/enrolment.schema.ts'
import type { Engagement } from '../planning/planning.schema.ts'
import { sum } from '../platform/sum.ts'
import {
  allLearners,
  type ExpenseLine,
  givenOutLearners,
  type IncomeLine,
  incomeLineOf,
  incomeSums,
  type LearnerFilter,
  type LearnerLine,
  type LearnerTraits,
  levelLines,
  objectiveLines,
  ofOtherSpecialities,
  ofSpeciality,
  receivedLearners,
  traineeLines,
} from './bpf.lines.ts'
import type { BpfFrames, BpfInputs, HeadsAndHours } from './bpf.schema.ts'
import { nsfLabels, printableNsfCodes } from './nsf.ts'

/** Learners who share all that the form sorts by: heads (enrolments that attended) and their attended minutes. */
export type LearnerGroup = LearnerTraits & Tally
type Tally = { count: number; minutes: number }

/** All that the printed frames are made of, exact. */
export type BpfFigures = {
  learners: readonly LearnerGroup[]
  income: readonly { source: FundingSource; cents: number }[]
  trainers: readonly (Tally & { engagement: Engagement })[]
  inputs: BpfInputs | undefined
}

const mostSpecialities = 5

/** The frames as the form prints them. */
export function printFrames(figures: BpfFigures): BpfFrames {
  const total = printTally(tally(figures.learners, allLearners.where))
  return {
    C: printIncome(figures),
    D: printExpenses(figures.inputs),
    E: { internal: printTrainers(figures, 'internal'), external: printTrainers(figures, 'external') },
    F1: { ...printLines(figures.learners, traineeLines, total.hours), total },
    F2: { total: printTally(tally(figures.learners, givenOutLearners.where)) },
    F3: printObjectives(figures.learners, total),
    F4: printSpecialities(figures.learners, total),
    G: { total: printTally(tally(figures.learners, receivedLearners.where)) },
  }
}

/** Heads and minutes of the learners that a line counts. */
export function tally(groups: readonly LearnerGroup[], where: LearnerFilter): Tally {
  const counted = groups.filter((group) => matches(group, where))
  return {
    count: sum(counted.map((group) => group.count)),
    minutes: sum(counted.map((group) => group.minutes)),
  }
}

function matches(group: LearnerTraits, where: LearnerFilter): boolean {
  return (Object.keys(where) as (keyof LearnerTraits)[]).every((trait) => {
    const choice = where[trait]
    if (!choice) return true
    return 'only' in choice
      ? (choice.only as readonly unknown[]).includes(group[trait])
      : !(choice.allBut as readonly unknown[]).includes(group[trait])
  })
}

/**
 * The five main specialities (F-4): by minutes, then heads, then code. Codes outside the annex have no row; learners
 * without one of these codes count among the others.
 */
function mainSpecialities(groups: readonly LearnerGroup[]): string[] {
  return printableNsfCodes
    .map((code) => ({ code, ...tally(groups, ofSpeciality(code)) }))
    .filter((speciality) => speciality.count > 0)
    .sort((a, b) => b.minutes - a.minutes || b.count - a.count || (a.code < b.code ? -1 : 1))
    .slice(0, mostSpecialities)
    .map((speciality) => speciality.code)
}

/**
 * Whole hours for parts given in minutes, adding up to `hours` (which must be their sum rounded up or down): each part
 * its whole hours, the hours left over to the largest remainders, the earlier part first among equals.
 */
export function largestRemainder(minutes: readonly number[], hours: number): number[] {
  const whole = minutes.map((part) => Math.floor(part / 60))
  const byRemainder = minutes
    .map((part, index) => ({ index, remainder: part % 60 }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  const roundedUp = new Set(byRemainder.slice(0, hours - sum(whole)).map((part) => part.index))
  return whole.map((part, index) => part + (roundedUp.has(index) ? 1 : 0))
}

/** Whole hours, a half rounded up (notice, frame E: *nombre entier le plus proche*). */
export function wholeHours(minutes: number): number {
  return Math.floor((minutes + 30) / 60)
}

/** Whole euros, a half rounded away from zero, so that a credit note cancels its invoice on paper too. */
export function wholeEuros(cents: number): number {
  const euros = Math.floor((Math.abs(cents) + 50) / 100)
  return cents < 0 && euros > 0 ? -euros : euros
}

/**
 * The share of the turnover made in training, in whole percent: 1 where there is some but less than 1 (notice 50199),
 * 0 where credit notes outweigh the invoices. Null without a turnover.
 */
export function shareOfTurnover(cents: number, turnoverCents: number | undefined): number | null {
  if (!turnoverCents) return null
  if (cents > 0 && cents * 100 < turnoverCents) return 1
  return Math.max(0, Math.round((cents * 100) / turnoverCents))
}

/** The sources behind a line of frame C, its sums included. */
export function sourcesOf(line: IncomeLine): FundingSource[] {
  const parts: readonly IncomeLine[] = line === '2' || line === 'total' ? incomeSums[line] : [line]
  return parts.flatMap((part) =>
    part === '2'
      ? sourcesOf('2')
      : (Object.keys(incomeLineOf) as FundingSource[]).filter((source) => incomeLineOf[source] === part),
  )
}

/** Exact cents of these sources. */
export function incomeCents(income: BpfFigures['income'], sources: readonly FundingSource[]): number {
  return sum(income.filter((part) => sources.includes(part.source)).map((part) => part.cents))
}

/** Exact cents of a line of frame D; 0 as long as nobody has given them. */
export function expenseCents(inputs: BpfInputs | undefined, line: ExpenseLine): number {
  return inputs?.expenses[`${line}Cents`] ?? 0
}

function printIncome({ income, inputs }: BpfFigures): BpfFrames['C'] {
  const line = (line: IncomeLine) => wholeEuros(incomeCents(income, sourcesOf(line)))
  const funds = {
    a: line('a'),
    b: line('b'),
    c: line('c'),
    d: line('d'),
    e: line('e'),
    f: line('f'),
    g: line('g'),
    h: line('h'),
  }
  const lines = {
    '1': line('1'),
    '2': sum(incomeSums['2'].map((part) => funds[part])),
    '3': line('3'),
    '4': line('4'),
    '5': line('5'),
    '6': line('6'),
    '7': line('7'),
    '8': line('8'),
    '9': line('9'),
    '10': line('10'),
    '11': line('11'),
  }
  return {
    ...funds,
    ...lines,
    total: sum(incomeSums.total.map((part) => lines[part])),
    shareOfTurnover: shareOfTurnover(incomeCents(income, sourcesOf('total')), inputs?.turnoverCents),
  }
}

function printExpenses(inputs: BpfInputs | undefined): BpfFrames['D'] {
  return {
    total: wholeEuros(expenseCents(inputs, 'total')),
    trainersPay: wholeEuros(expenseCents(inputs, 'trainersPay')),
    purchases: wholeEuros(expenseCents(inputs, 'purchases')),
  }
}

function printTrainers({ trainers }: BpfFigures, engagement: Engagement): HeadsAndHours {
  return printTally(trainers.find((part) => part.engagement === engagement) ?? { count: 0, minutes: 0 })
}

function printObjectives(groups: readonly LearnerGroup[], total: HeadsAndHours): BpfFrames['F3'] {
  const lines = printLines(groups, objectiveLines, total.hours)
  return { ...lines, ...printLevels(groups, lines.a.hours), total }
}

/** The levels inside F-3 a: an unknown level takes its share of the hours, though the form has no line for it. */
function printLevels(groups: readonly LearnerGroup[], hours: number) {
  const unknownLevel = {
    line: 'unknown',
    label: '',
    where: { ...objectiveLines[0].where, certificationLevel: { only: [null] } },
  } as const satisfies LearnerLine
  const { unknown: _, ...levels } = printLines(groups, [...levelLines, unknownLevel], hours)
  return levels
}

function printSpecialities(groups: readonly LearnerGroup[], total: HeadsAndHours): BpfFrames['F4'] {
  const codes = mainSpecialities(groups)
  const other = { line: 'other', label: '', where: ofOtherSpecialities(codes) } as const satisfies LearnerLine
  const rows = codes.map((code) => ({ line: code, label: nsfLabels[code] ?? '', where: ofSpeciality(code) }))
  const printed = apportion(groups, [...rows, other], total.hours)
  const others = printed.at(-1)
  return {
    rows: printed.slice(0, rows.length).map(({ line: nsfCode, ...row }) => ({ nsfCode, ...row })),
    other: { count: others?.count ?? 0, hours: others?.hours ?? 0 },
    total,
  }
}

function printLines<Line extends string>(
  groups: readonly LearnerGroup[],
  lines: readonly LearnerLine<Line>[],
  hours: number,
): Record<Line, HeadsAndHours> {
  const printed = apportion(groups, lines, hours)
  return Object.fromEntries(printed.map(({ line, count, hours }) => [line, { count, hours }])) as Record<
    Line,
    HeadsAndHours
  >
}

/** Lines whose hours add up to `hours`, the printed total of all their minutes. */
function apportion<Line extends string>(
  groups: readonly LearnerGroup[],
  lines: readonly LearnerLine<Line>[],
  hours: number,
): (HeadsAndHours & { line: Line; label: string })[] {
  const tallies = lines.map(({ line, label, where }) => ({ line, label, ...tally(groups, where) }))
  const printedHours = largestRemainder(
    tallies.map((part) => part.minutes),
    hours,
  )
  return tallies.map(({ line, label, count }, index) => ({
    line,
    label,
    count,
    hours: printedHours[index] ?? 0,
  }))
}

function printTally({ count, minutes }: Tally): HeadsAndHours {
  return { count, hours: wholeHours(minutes) }
}
