/** Draws certificates of different people and prints the median of what one of them took, in milliseconds. */
import { loadTemplate, renderDocument } from '../../src/documents/render.ts'
import { sample } from '../../test/documents/sample-certificate.ts'
import { medianOf } from '../measure.ts'

const warmUp = 150
const counted = 300

const qrCode = /!\[[^\]]*\]\(qr:[^)]*\)/g
const { source } = loadTemplate('certificate')
const isCore = process.execArgv.includes('--import')
const templateSource = isCore ? source.replaceAll(qrCode, '') : source

async function draw(index: number): Promise<void> {
  const number = `CR-2026-${String(index).padStart(4, '0')}`
  const learner = { ...sample.learner, lastName: `${sample.learner.lastName}-${index}` }
  await renderDocument({ kind: 'certificate', templateSource, model: { ...sample, number, learner } })
}

await medianOf(warmUp, draw)
process.stdout.write(String(await medianOf(counted, (index) => draw(warmUp + index))))
