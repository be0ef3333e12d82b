/** The form's own checks, made on the printed figures: what the administration would find by hand. */
import { sum } from '../platform/sum.ts'
import { incomeSums, levelLines, objectiveLines, traineeLines } from './bpf.lines.ts'
import type { BpfCheck, BpfFrames, HeadsAndHours } from './bpf.schema.ts'

/** Every check of the form and its notice (50199), with one sentence that states the figures. */
export function checkFrames(frames: BpfFrames): BpfCheck[] {
  return [
    checkFunds(frames),
    checkIncome(frames),
    checkSameLearners(frames),
    checkGivenOut(frames),
    checkLevels(frames),
    checkReceived(frames),
    checkFunded(frames),
    checkActivity(frames),
  ]
}

function checkFunds({ C }: BpfFrames): BpfCheck {
  const added = sum(incomeSums['2'].map((line) => C[line]))
  return {
    id: 'C2',
    ok: C['2'] === added,
    detail: `Cadre C, ligne 2\u00a0: ${euros(C['2'])}\u202f; somme des lignes a à h\u00a0: ${euros(added)}.`,
  }
}

function checkIncome({ C }: BpfFrames): BpfCheck {
  const added = sum(incomeSums.total.map((line) => C[line]))
  return {
    id: 'Ctotal',
    ok: C.total === added,
    detail: `Cadre C, total\u00a0: ${euros(C.total)}\u202f; somme des lignes 1 à 11\u00a0: ${euros(added)}.`,
  }
}

/** Notice: (1) = (3) = (4) in heads and in hours, each the sum of its own lines. */
function checkSameLearners({ F1, F3, F4 }: BpfFrames): BpfCheck {
  const sums = [
    sumLines(traineeLines.map(({ line }) => F1[line])),
    sumLines(objectiveLines.map(({ line }) => F3[line])),
    sumLines([...F4.rows, F4.other]),
  ]
  const totals = [F1.total, F3.total, F4.total]
  return {
    id: 'F1F3F4',
    ok: [...sums, ...totals].every((figure) => isSame(figure, F1.total)),
    detail: `F-1\u00a0: ${stated(F1.total)}\u202f; F-3\u00a0: ${stated(F3.total)}\u202f; F-4\u00a0: ${stated(F4.total)}\u202f; sommes de leurs lignes\u00a0: ${sums.map(stated).join(', ')}.`,
  }
}

function checkGivenOut({ F1, F2 }: BpfFrames): BpfCheck {
  return {
    id: 'F2inF1',
    ok: F2.total.count <= F1.total.count && F2.total.hours <= F1.total.hours,
    detail: `F-2 (activité confiée)\u00a0: ${stated(F2.total)}, au plus le total de F-1\u00a0: ${stated(F1.total)}.`,
  }
}

function checkLevels({ F3 }: BpfFrames): BpfCheck {
  const added = sumLines(levelLines.map(({ line }) => F3[line]))
  return {
    id: 'F3levels',
    ok: added.count <= F3.a.count && added.hours <= F3.a.hours,
    detail: `F-3, lignes «\u202fdont\u202f»\u00a0: ${stated(added)}, au plus la ligne a\u00a0: ${stated(F3.a)}.`,
  }
}

function checkReceived({ C, G }: BpfFrames): BpfCheck {
  return {
    id: 'GvsC10',
    ok: G.total.count > 0 === C['10'] > 0,
    detail: `Cadre G\u00a0: ${stated(G.total)}\u202f; cadre C, ligne 10\u00a0: ${euros(C['10'])}\u202f: l’un ne va pas sans l’autre.`,
  }
}

function checkFunded({ C, F1 }: BpfFrames): BpfCheck {
  const income = C.total - C['10']
  return {
    id: 'FvsC',
    ok: F1.total.count > 0 === income > 0,
    detail: `Cadre F-1\u00a0: ${stated(F1.total)}\u202f; cadre C, lignes 1 à 9 et 11\u00a0: ${euros(income)}\u202f: l’un ne va pas sans l’autre.`,
  }
}

/** A report without any activity lets the declaration of activity lapse (L6351-6), so it is never a mere formality. */
function checkActivity({ C, E, F1, G }: BpfFrames): BpfCheck {
  const heads = F1.total.count + G.total.count + E.internal.count + E.external.count
  const ok = heads > 0 || C.total !== 0
  return {
    id: 'zero',
    ok,
    detail: ok
      ? `L’exercice porte une activité\u00a0: ${euros(C.total)} de produits, ${stated(F1.total)} en F-1.`
      : 'Aucune activité\u00a0: les cadres C à G portent «\u202fnéant\u202f» et la déclaration d’activité devient caduque (L6351-6).',
  }
}

function sumLines(lines: readonly HeadsAndHours[]): HeadsAndHours {
  return { count: sum(lines.map((line) => line.count)), hours: sum(lines.map((line) => line.hours)) }
}

function isSame(a: HeadsAndHours, b: HeadsAndHours): boolean {
  return a.count === b.count && a.hours === b.hours
}

const grouped = new Intl.NumberFormat('fr-FR')

function euros(amount: number): string {
  return `${grouped.format(amount)}\u00a0€`
}

function stated({ count, hours }: HeadsAndHours): string {
  return `${grouped.format(count)}\u00a0stagiaire${count > 1 ? 's' : ''}, ${grouped.format(hours)}\u00a0h`
}
