import { existsSync, statSync } from 'node:fs';
import { filePath } from '#config.ts';
import { isPostgres } from '#db/open.ts';
import { quickCheck } from '#db/quick-check.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const integrity: Check = {
  name: 'integrity',
  // It reads the whole file.
  limitMs: 300_000,
  run: async ({ settings: { DATABASE_URL: url } }) => {
    if (!url) return skipped('see configuration');
    if (isPostgres(url)) return ok('PostgreSQL checks its pages itself, where data checksums are on');
    const file = filePath(url);
    if (!existsSync(file) || statSync(file).size === 0) return skipped('there is no database yet');
    const problems = await quickCheck(file);
    return problems.length === 0
      ? ok('quick_check found nothing')
      : wrong(problems.slice(0, 3).join('; '), 'Stop the server, keep a copy of the file, and restore the last good backup.');
  },
};
