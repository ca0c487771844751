import { problemsIn } from '#config.ts';
import { type Check, ok, wrong } from './check.ts';

export const configuration: Check = {
  name: 'configuration',
  run: async ({ environment }) => {
    const problems = problemsIn(environment);
    return problems.length === 0 ? ok('complete') : wrong(`${problems.length} settings are missing or wrong`, problems.join(' '));
  },
};
