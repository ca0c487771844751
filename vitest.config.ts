import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'playground/test/**/*.test.ts'],
    globalSetup: './test/support/postgres.global.ts',
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    execArgv: ['--max-semi-space-size=16'],
    sequence: { sequencer: SlowFirst },
  },
});
