/**
 * A signature as it was drawn: strokes, each a flat list of x0, y0, x1, y1… in the order of drawing, integers on a field
 * of 1000 × 400 whatever the screen.
 */
import { z } from '@hono/zod-openapi'
import type { FieldError } from '../../platform/problem.ts'
import { invalidFields } from '../../platform/problems.ts'

export const field = { width: 1000, height: 400 } as const
const mostStrokes = 60
const mostPoints = 2_000

/** What a pen travels at least, in units of the field: less is a dot, or a finger that slipped. */
const leastLength = 60

export type Strokes = readonly (readonly number[])[]

/** How strokes look; whether they are a signature is for `assertDrawn`. */
export const strokesInput = z
  .array(z.array(z.int().min(0).max(field.width)).max(2 * mostPoints))
  .max(mostStrokes)
  .describe(
    `What was drawn: strokes of x and y in turn, on a field of ${field.width} × ${field.height}; ${mostPoints} points at most in all.`,
  )

/** Throws 422 with pointers when this is no signature: empty, a dot, hardly any length, outside the field, too long. */
export function assertDrawn(strokes: Strokes, pointer: string): void {
  const errors = strokes.flatMap((stroke, index) => strokeErrors(stroke, `${pointer}/${index}`))
  if (errors.length === 0) errors.push(...wholeErrors(strokes, pointer))
  if (errors.length > 0) throw invalidFields(errors)
}

function strokeErrors(stroke: readonly number[], pointer: string): FieldError[] {
  if (stroke.length === 0 || stroke.length % 2 !== 0)
    return [{ pointer, code: 'uneven', detail: 'must hold an x and a y for each of its points' }]
  const below = stroke.findIndex((value, index) => index % 2 === 1 && value > field.height)
  if (below < 0) return []
  return [{ pointer: `${pointer}/${below}`, code: 'too-big', detail: `must be ${field.height} at most` }]
}

function wholeErrors(strokes: Strokes, pointer: string): FieldError[] {
  const points = strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0)
  if (points > mostPoints)
    return [{ pointer, code: 'too-big', detail: `must hold ${mostPoints} points at most in all` }]
  if (points === 0) return [{ pointer, code: 'empty', detail: 'nothing was drawn' }]
  if (lengthOf(strokes) >= leastLength) return []
  return [{ pointer, code: 'too-short', detail: 'is too short to be a signature' }]
}

/** Without the ways of the pen between strokes. */
function lengthOf(strokes: Strokes): number {
  let length = 0
  for (const stroke of strokes)
    for (let at = 2; at + 1 < stroke.length; at += 2)
      length += Math.hypot(
        coordinate(stroke, at) - coordinate(stroke, at - 2),
        coordinate(stroke, at + 1) - coordinate(stroke, at - 1),
      )
  return length
}

function coordinate(stroke: readonly number[], index: number): number {
  return stroke[index] ?? 0
}

type Point = readonly [x: number, y: number]

/**
 * What is the same of the same strokes, whatever their size and place: how many strokes and points there are, and where
 * the points lie within their frame on the whole and in each third of the way. Nobody can draw the signature from it, so
 * that it may stay when the strokes are forgotten. To be compared by `isSameDrawing`.
 */
export function fingerprintOf(strokes: Strokes): string {
  const points = framed(strokes)
  const third = Math.ceil(points.length / 3)
  const features = [
    ...spread(points),
    ...[0, 1, 2].flatMap((part) => centre(points.slice(part * third, (part + 1) * third))),
  ]
  const hex = features.map((feature) =>
    Math.round(feature * 255)
      .toString(16)
      .padStart(2, '0'),
  )
  return `${strokes.length}.${points.length}.${hex.join('')}`
}

/** The points within a frame just large enough, whose longer side is 1. */
function framed(strokes: Strokes): Point[] {
  const points = strokes.flatMap((stroke) =>
    Array.from(
      { length: stroke.length / 2 },
      (_, index): Point => [coordinate(stroke, 2 * index), coordinate(stroke, 2 * index + 1)],
    ),
  )
  const [left, right] = extent(points.map(([x]) => x))
  const [top, bottom] = extent(points.map(([, y]) => y))
  const size = Math.max(right - left, bottom - top) || 1
  return points.map(([x, y]) => [(x - left) / size, (y - top) / size])
}

function extent(values: readonly number[]): [least: number, most: number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

function centre(points: readonly Point[]): Point {
  const of = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / (points.length || 1)
  return [of(0), of(1)]
}

/** Height, width, and how far the points lie from their centre in x and y: each between 0 and 1. */
function spread(points: readonly Point[]): number[] {
  const [x, y] = centre(points)
  const far = (axis: 0 | 1, from: number) =>
    Math.sqrt(points.reduce((sum, point) => sum + (point[axis] - from) ** 2, 0) / (points.length || 1))
  const reach = (axis: 0 | 1) => extent(points.map((point) => point[axis]))[1]
  return [reach(0), reach(1), far(0, x), far(1, y)]
}

/** How much of 255 a feature may differ: what rounding to the field leaves of a drawing made smaller. */
const tolerance = 3

/** Whether two fingerprints are of the same drawing. */
export function isSameDrawing(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [partsOf(one), partsOf(other)]
  return (
    a.count === b.count &&
    a.features.every((value, at) => Math.abs(value - (b.features[at] ?? 0)) <= tolerance)
  )
}

function partsOf(fingerprint: string): { count: string; features: number[] } {
  const [strokes, points, hex = ''] = fingerprint.split('.')
  return {
    count: `${strokes}.${points}`,
    features: Array.from({ length: hex.length / 2 }, (_, at) =>
      Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
    ),
  }
}
