/** What counts as a signature, and which drawings are the same. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertDrawn,
  fingerprintOf,
  isSameDrawing,
  strokesInput,
} from '../../../src/attendance/signing/strokes.ts'
import { Problem } from '../../../src/platform/problem.ts'
import { aSignature } from './signatures.ts'

function refusal(strokes: number[][]): string[] {
  try {
    assertDrawn(strokes, '/strokes')
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect(error.definition.status).toBe(422)
    return (error.details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
  }
}

const line = (points: number) => Array.from({ length: 2 * points }, (_, index) => (index >> 1) % 400)

describe('a drawing', () => {
  it('is a signature when a pen has travelled', () => {
    expect(refusal(aSignature(1))).toEqual([])
    expect(refusal([[100, 100, 160, 100]])).toEqual([])
    expect(refusal([line(1_000), line(1_000)])).toEqual([])
  })

  it.each([
    ['nothing', [], '/strokes empty'],
    ['a dot', [[10, 10]], '/strokes too-short'],
    [
      'three dots far apart',
      [
        [10, 10],
        [500, 200],
        [900, 300],
      ],
      '/strokes too-short',
    ],
    ['a dot that trembled', [[10, 10, 12, 11, 10, 10, 11, 12]], '/strokes too-short'],
    ['a stroke without a point', [[0, 0, 100, 100], []], '/strokes/1 uneven'],
    ['half a point', [[0, 0, 100, 100, 5]], '/strokes/0 uneven'],
    ['a point below the field', [[0, 0, 100, 401]], '/strokes/0/3 too-big'],
    ['more points than 2,000', [line(1_000), line(1_001)], '/strokes too-big'],
  ])('that is %s is none', (_, strokes, error) => {
    expect(refusal(strokes as number[][])).toEqual([error])
  })

  it('of more than 60 strokes, of fractions or outside the field is not even read', () => {
    const isRead = (strokes: unknown) => strokesInput.safeParse(strokes).success
    expect(isRead(Array(60).fill([0, 0, 9, 9]))).toBe(true)
    expect(isRead(Array(61).fill([0, 0, 9, 9]))).toBe(false)
    for (const wrong of [[[0.5, 0]], [[-1, 0]], [[1_001, 0]], [['1', 0]], 'strokes', [1, 2]])
      expect(isRead(wrong)).toBe(false)
  })
})

describe('the fingerprint of a drawing', () => {
  it('is the same at every size and place', () => {
    const placed = fc.record({
      seed: fc.integer({ min: 1, max: 10_000 }),
      scale: fc.double({ min: 0.25, max: 1, noNaN: true }),
      x: fc.integer({ min: 0, max: 100 }),
      y: fc.integer({ min: 0, max: 60 }),
    })
    fc.assert(
      fc.property(placed, ({ seed, scale, x, y }) => {
        const strokes = aSignature(seed)
        const moved = strokes.map((stroke) =>
          stroke.map((value, index) => Math.round(value * scale) + (index % 2 ? y : x)),
        )
        expect(isSameDrawing(fingerprintOf(strokes), fingerprintOf(moved))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('tells forty learners apart, also those who draw as many strokes and points', () => {
    const prints = Array.from({ length: 40 }, (_, index) => fingerprintOf(aSignature(index + 1)))
    for (const [index, print] of prints.entries())
      for (const other of prints.slice(index + 1)) expect(isSameDrawing(print, other)).toBe(false)
  })
})
