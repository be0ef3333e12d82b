/** Signatures drawn as vectors: as few points as the eye needs, in whole numbers of a fine grid. */
import type { Doc } from './pdf.ts'

export type Box = { x: number; y: number; width: number; height: number }

/** The pad that strokes are drawn on, in its own units. */
const pad = { width: 1000, height: 400 }
/** A signature that fills little of the pad is enlarged, but a short one is not blown up. */
const mostEnlarged = 1.8
/** Side of a grid square in points: a tenth of a millimetre. All that was recorded stays in the ledger. */
const gridStep = 0.3
/** How far the line may leave the points that were recorded, in squares of the grid. */
const tolerance = 1
/** Round caps and joins, the ink of the document, 0.75 points wide. */
const pen = `1 J 1 j 0.11 0.165 0.18 RG ${(0.75 / gridStep).toFixed(1)} w`

/** Draws strokes (flat, x0, y0, x1, y1 …) into the middle of a box, as part of the marked content that is open. */
export function drawStrokes(doc: Doc, strokes: readonly (readonly number[])[], box: Box): void {
  const bounds = boundsOf(strokes)
  if (bounds === undefined) return
  const { left, top, width, height } = bounds
  const scale = Math.min(
    box.width / Math.max(width, 1),
    box.height / Math.max(height, 1),
    mostEnlarged * Math.min(box.width / pad.width, box.height / pad.height),
  )
  const x = box.x + (box.width - width * scale) / 2
  const y = box.y + (box.height - height * scale) / 2
  const toGrid = { left, top, scale: scale / gridStep }
  const paths = strokes.map((stroke) => pathOf(onGrid(stroke, toGrid)))
  const place = `${gridStep} 0 0 ${gridStep} ${x.toFixed(2)} ${y.toFixed(2)} cm`
  // As bytes: pdfkit turns text into bytes letter by letter.
  doc.addContent(Buffer.from(`q ${place} ${pen} ${paths.join('')}S Q\n`, 'latin1'))
}

type Bounds = { left: number; top: number; width: number; height: number }

/** The smallest rectangle around all points; nothing when there is none. */
function boundsOf(strokes: readonly (readonly number[])[]): Bounds | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const stroke of strokes) {
    for (let index = 0; index + 1 < stroke.length; index += 2) {
      const [x = 0, y = 0] = [stroke[index], stroke[index + 1]]
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      if (y > bottom) bottom = y
    }
  }
  return right < left ? undefined : { left, top, width: right - left, height: bottom - top }
}

type ToGrid = { left: number; top: number; scale: number }

/** The stroke in squares of the grid, flat as it was. */
function onGrid(stroke: readonly number[], { left, top, scale }: ToGrid): Int32Array {
  const points = new Int32Array(stroke.length - (stroke.length % 2))
  for (let index = 0; index < points.length; index += 2) {
    points[index] = Math.round(((stroke[index] ?? 0) - left) * scale)
    points[index + 1] = Math.round(((stroke[index + 1] ?? 0) - top) * scale)
  }
  return points
}

/** A stroke of one point is a dot: a line to itself, which round caps make visible. */
function pathOf(points: Int32Array): string {
  const kept = keptOf(points)
  let path = ''
  let isFirst = true
  for (let index = 0; index < points.length; index += 2) {
    if (!kept[index]) continue
    path += `${points[index]} ${points[index + 1]} ${isFirst ? 'm' : 'l'} `
    isFirst = false
  }
  return points.length === 2 ? `${path}${points[0]} ${points[1]} l ` : path
}

/** Which points stay: those that do not lie within the tolerance of the others' line (Douglas and Peucker). */
function keptOf(points: Int32Array): Uint8Array {
  const kept = new Uint8Array(points.length)
  if (points.length === 0) return kept
  const end = points.length - 2
  kept[0] = kept[end] = 1
  const open = [0, end]
  while (open.length > 0) {
    const to = open.pop() ?? 0
    const from = open.pop() ?? 0
    const farthest = farthestBetween(points, from, to)
    if (farthest === 0) continue
    kept[farthest] = 1
    open.push(from, farthest, farthest, to)
  }
  return kept
}

/**
 * Where the point is that is farthest from the stretch between two others, 0 when all are within the tolerance. From the
 * stretch, not from the line through its ends: a pen goes back over its own trace. Distances stay squared: this is the
 * innermost loop of a sheet.
 */
function farthestBetween(points: Int32Array, from: number, to: number): number {
  const [x = 0, y = 0] = [points[from], points[from + 1]]
  const dx = (points[to] ?? 0) - x
  const dy = (points[to + 1] ?? 0) - y
  const squared = dx * dx + dy * dy
  let most = tolerance * tolerance
  let farthest = 0
  for (let index = from + 2; index < to; index += 2) {
    const px = (points[index] ?? 0) - x
    const py = (points[index + 1] ?? 0) - y
    const along = squared === 0 ? 0 : (px * dx + py * dy) / squared
    const share = Math.min(1, Math.max(0, along))
    const distance = (px - share * dx) ** 2 + (py - share * dy) ** 2
    if (distance > most) {
      most = distance
      farthest = index
    }
  }
  return farthest
}
