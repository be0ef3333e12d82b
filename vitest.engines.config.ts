import { defineConfig } from 'vitest/config'

/** Other versions of PostgreSQL, downloaded: `npm run test:engines`. */
export default defineConfig({
  test: {
    include: ['test/engines/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
