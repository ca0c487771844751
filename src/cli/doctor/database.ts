import { existsSync } from 'node:fs';
import { filePath } from '#config.ts';
import { NewerDatabase, versions } from '#db/migrate.ts';
import { isPostgres } from '#db/open.ts';
import { explain } from '../explain.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const database: Check = {
  name: 'database',
  run: async ({ settings: { DATABASE_URL: url } }) => {
    if (!url) return skipped('see configuration');
    if (!isPostgres(url) && !existsSync(filePath(url))) return ok(`${filePath(url)} will be made at the first start`);
    try {
      const { applied, pending } = await versions(url);
      const kind = isPostgres(url) ? 'PostgreSQL' : filePath(url);
      return pending === 0
        ? ok(`${kind}, ${applied} migrations, current`)
        : wrong(`${kind}, ${pending} migrations wait`, 'Run "tiketti migrate", or start the server, which does it too.');
    } catch (error) {
      if (error instanceof NewerDatabase) return wrong('newer than this program', error.message);
      return wrong("can't be reached", explain(error).words);
    }
  },
};
