import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/pages/**', 'test/engines/**', 'test/fuzz/fuzz.test.ts', 'test/storm/**'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/cheap-passwords.ts'],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false, // a third less work: the modules keep no state, and each file has its own database
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
