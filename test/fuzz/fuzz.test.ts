/**
 * Whatever is sent to any route, in whatever order and by whomever: no answer is a fault of ours, every answer is
 * documented, and nobody reads what is not theirs.
 */
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { type FuzzWorld, fuzzWorld } from './fuzz-world.ts'
import { described, runSequence } from './sequence.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many calls, and with which seed the first sequence of them begins; each after it has the next one. */
    fuzz: { calls: number; seed: number }
  }
}

const { calls, seed } = inject('fuzz')
const length = 500
const seeds = Array.from({ length: Math.ceil(calls / length) }, (_, index) => seed + index)

let world: FuzzWorld
beforeAll(async () => {
  world = await fuzzWorld()
})

describe(`${calls} calls find no fault, no hang and no leak`, () => {
  it.for(seeds)('again: FUZZ_SEED=%i FUZZ_CALLS=500 npm run fuzz', async (seed) => {
    const { findings, done } = await runSequence(world, seed, length)
    expect(findings.map(described).join('\n\n')).toBe('')
    // Calls that are all refused would find nothing.
    expect(done).toBeGreaterThan(length / 6)
  })
})
