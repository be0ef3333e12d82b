import { defineConfig } from 'vitest/config'

/** `npm run storm`: server and database are killed ten times while people sign. */
export default defineConfig({
  test: {
    include: ['test/storm/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
