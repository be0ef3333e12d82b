import { randomInt } from 'node:crypto'
import { defineConfig } from 'vitest/config'

const { FUZZ_CALLS = '200000', FUZZ_SEED = String(randomInt(2 ** 31)) } = process.env

/** `npm run fuzz`: FUZZ_CALLS and FUZZ_SEED say how many calls, and which. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    provide: {
      fuzz: {
        calls: Number(FUZZ_CALLS),
        seed: Number(FUZZ_SEED),
      },
    },
  },
})
