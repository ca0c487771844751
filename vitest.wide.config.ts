import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

/** What fills a machine by itself. */
const ALONE = ['test/nodes.wide.ts', 'test/wires/mailrun.wide.ts'];

const common: TestProjectInlineConfiguration['test'] = {
  globalSetup: './test/support/postgres.global.ts',
  pool: 'forks',
  testTimeout: 300_000,
  hookTimeout: 60_000,
  execArgv: ['--max-semi-space-size=16'],
};

/** What takes minutes: run after the ordinary tests, some files alone, then the others two at a time. */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: [
      { test: { ...common, name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      { test: { ...common, name: 'pairs', include: ['test/**/*.wide.ts'], exclude: ALONE, maxWorkers: 2, sequence: { groupOrder: 2 } } },
    ],
  },
});
