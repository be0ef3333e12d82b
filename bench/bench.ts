/** `npm run bench [-- <groups>] [-- --json]`: how fast Préau is, each figure beside what the machine itself can do. */
import { parseArgs } from 'node:util'
import { bpfFigures } from './bpf.ts'
import { certificateFigures } from './certificate.ts'
import { enrollingFigures } from './enrolling.ts'
import { markingFigures } from './marking.ts'
import type { Figure } from './measure.ts'
import { readFigures } from './reads.ts'
import { sheetFigures } from './sheet.ts'
import { signingFigures } from './signing.ts'
import { memoryFigures, startFigures } from './start.ts'
import { table } from './table.ts'

const groups: Record<string, () => Promise<Figure[]>> = {
  marking: markingFigures,
  enrolling: enrollingFigures,
  signing: signingFigures,
  reads: readFigures,
  certificate: certificateFigures,
  sheet: sheetFigures,
  bpf: bpfFigures,
  start: startFigures,
  memory: memoryFigures,
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  process.stderr.write(`No such rows: ${unknown.join(', ')}. There are ${Object.keys(groups).join(', ')}.\n`)
  process.exit(1)
}

const figures: Figure[] = []
for (const [name, measure] of Object.entries(groups)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  figures.push(...(await measure()))
}
process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : `${table(figures)}\n`)
