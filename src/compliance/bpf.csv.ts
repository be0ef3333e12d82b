/** The BPF as a sheet to copy from: the lines in the order of the form, then its checks and what is unresolved. */
import { frenchDate } from '../documents/typography.ts'
import { type CsvCell, csvFile } from '../platform/csv-writer.ts'
import {
  allLearners,
  expenseLines,
  givenOutLearners,
  incomeLines,
  levelLines,
  objectiveLines,
  receivedLearners,
  traineeLines,
  trainerLines,
} from './bpf.lines.ts'
import type { BpfFrames, BpfReport, HeadsAndHours } from './bpf.schema.ts'

const heading = ['Cadre', 'Ligne', 'Libellé', 'Montant HT (€)', 'Nombre', 'Heures']

/** The second column is the letter or figure that the form itself prints, empty where it prints none. */
export function bpfCsv(report: BpfReport): string {
  return csvFile(heading, [
    ...identification(report),
    ...incomeRows(report.frames),
    ...expenseLines.map(({ line, label }) => ['D', '', label, report.frames.D[line], null, null]),
    ...trainerLines.map(({ line, label }) => headsRow('E', '', label, report.frames.E[line])),
    ...learnerRows(report.frames),
    ...report.checks.map(({ id, ok, detail }) => [
      'Contrôle',
      id,
      `${ok ? 'Conforme' : 'À revoir'} – ${detail}`,
    ]),
    ...report.unresolved.map(({ kind, detail }) => ['À résoudre', kind, detail]),
  ])
}

function identification({ form, period }: BpfReport): CsvCell[][] {
  return [
    ['Formulaire', '', `Cerfa n° ${form}`],
    ['B', '', `Exercice comptable du ${frenchDate(period.from)} au ${frenchDate(period.to)}`],
  ]
}

function incomeRows({ C }: BpfFrames): CsvCell[][] {
  return [
    ...incomeLines.map(({ line, label }) => ['C', line, label, C[line], null, null]),
    [
      'C',
      '%',
      'Part du chiffre d’affaires réalisée dans la formation professionnelle (en %)',
      C.shareOfTurnover,
    ],
  ]
}

function learnerRows({ F1, F2, F3, F4, G }: BpfFrames): CsvCell[][] {
  const levels = levelLines.map(({ line, label }) => headsRow('F-3', '', label, F3[line]))
  return [
    ...traineeLines.map(({ line, label }) => headsRow('F-1', line, label, F1[line])),
    headsRow('F-1', '(1)', allLearners.label, F1.total),
    headsRow('F-2', '(2)', givenOutLearners.label, F2.total),
    ...objectiveLines.flatMap(({ line, label }) => [
      headsRow('F-3', line, label, F3[line]),
      ...(line === 'a' ? levels : []),
    ]),
    headsRow('F-3', '(3)', allLearners.label, F3.total),
    ...F4.rows.map((row) => headsRow('F-4', row.nsfCode, row.label, row)),
    headsRow('F-4', '', 'Autres spécialités', F4.other),
    headsRow('F-4', '(4)', allLearners.label, F4.total),
    headsRow('G', '(5)', receivedLearners.label, G.total),
  ]
}

function headsRow(frame: string, line: string, label: string, { count, hours }: HeadsAndHours): CsvCell[] {
  return [frame, line, label, null, count, hours]
}
