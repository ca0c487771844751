import { defineConfig } from 'vitest/config';

/** What takes minutes: run after the ordinary tests, one file at a time. */
export default defineConfig({
  test: {
    include: ['test/**/*.wide.ts'],
    globalSetup: './test/support/postgres.global.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    execArgv: ['--max-semi-space-size=16'],
  },
});
