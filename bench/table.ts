/** The figures as a table for people, in Markdown, so that it can be pasted where it is wanted. */
import type { Aim, Figure } from './measure.ts'

const headings = ['What', 'Ours', 'Bare', 'Ratio', 'Aim', 'Met']

export function table(figures: readonly Figure[]): string {
  const rows = [headings, ...figures.map(cellsOf)]
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => line(row.map((cell, column) => pad(cell, widths[column] ?? 0, column))))
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  )
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

function cellsOf(figure: Figure): string[] {
  const { what, unit, ours, bare, ratio, aim } = figure
  return [
    what,
    amount(ours, unit),
    bare === undefined ? '' : amount(bare, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    aim === undefined ? '' : aimLabel(aim, unit),
    verdict(figure),
  ]
}

function amount(value: number, unit: Figure['unit']): string {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

function aimLabel(aim: Aim, unit: Figure['unit']): string {
  return 'ratio' in aim ? `≤ ${aim.ratio.toFixed(1)} ×` : `< ${aim.most} ${unit}`
}

/** How far the figure is from its aim, as a share of the aim: 1 or less is met. */
export function shareOfAim({ ours, ratio, aim }: Figure): number | undefined {
  if (aim === undefined) return undefined
  return 'ratio' in aim ? (ratio ?? Number.NaN) / aim.ratio : ours / aim.most
}

function verdict(figure: Figure): string {
  const share = shareOfAim(figure)
  if (share === undefined) return ''
  return share <= 1 ? 'yes' : `no, by ${Math.ceil((share - 1) * 100)} %`
}
