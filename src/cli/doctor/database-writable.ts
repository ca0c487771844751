import { existsSync } from 'node:fs';
import { filePath } from '#config.ts';
import { openDatabase, isPostgres } from '#db/open.ts';
import { OlderDatabase, NewerDatabase } from '#db/migrate.ts';
import { createLog } from '#log.ts';
import { tryToWrite } from '#jobs/try-to-write.ts';
import { explain } from '../explain.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const databaseWritable: Check = {
  name: 'database writable',
  run: async ({ settings: { DATABASE_URL: url } }) => {
    if (!url) return skipped('see configuration');
    if (!isPostgres(url) && !existsSync(filePath(url))) return skipped('there is no database yet');
    try {
      const log = createLog({ level: 'error', secret: 'doctor', plainAddresses: false, write: () => undefined });
      const db = await openDatabase(url, { log });
      try {
        const startedAt = performance.now();
        await tryToWrite(db, new Date());
        return ok(`a row was written durably in ${Math.round(performance.now() - startedAt)} ms`);
      } finally {
        await db.close();
      }
    } catch (error) {
      if (error instanceof OlderDatabase || error instanceof NewerDatabase) return skipped('see database');
      return wrong("can't be written", explain(error).words);
    }
  },
};
