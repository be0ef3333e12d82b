/** One certificate in process: as it is issued, and without what makes it heavy, the embedded font and the QR code. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Figure } from './measure.ts'

export async function certificateFigures(): Promise<Figure[]> {
  return [
    {
      what: 'A certificate, embedded font and QR code',
      unit: 'ms',
      ours: millisecondsPerCertificate(),
      aim: { most: 8 },
    },
    {
      what: 'A certificate, core font without QR code',
      unit: 'ms',
      ours: millisecondsPerCertificate('--import', join(import.meta.dirname, 'certificate/core-font.ts')),
      aim: { most: 2 },
    },
  ]
}

/** In a process of its own, since the fonts are chosen when the modules load. */
function millisecondsPerCertificate(...options: string[]): number {
  const script = join(import.meta.dirname, 'certificate/draw.ts')
  return Number(execFileSync(process.execPath, [...options, script], { encoding: 'utf8' }))
}
