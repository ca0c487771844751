import { existsSync } from 'node:fs';
import { filePath, readDataConfig } from '#config.ts';
import { secretPath } from '#config/secret.ts';
import { versions } from '#db/migrate.ts';
import { isPostgres } from '#db/open.ts';
import { checkMailboxes } from '#mail/check-login.ts';
import { openDesk } from '../../main/open-desk.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

/** The mailboxes made in Home, each with its own login. */
export const mailboxes: Check = {
  name: 'mailboxes',
  limitMs: 60_000,
  run: async ({ environment, settings: { DATABASE_URL: url, TIKETTI_SECRET: given } }) => {
    if (!url || (!isPostgres(url) && !existsSync(filePath(url)))) return skipped('there is no database yet');
    // Reading the settings would make a new secret in its place, which opens nothing.
    if (!given && (isPostgres(url) || !existsSync(secretPath(filePath(url))))) return skipped('see secret');
    const isCurrent = await versions(url).then(
      ({ pending }) => pending === 0,
      () => false,
    );
    if (!isCurrent) return skipped('see database');
    const desk = await openDesk({ config: { ...readDataConfig(environment), LOG_LEVEL: 'error' } });
    try {
      const { checked, problems } = await checkMailboxes(desk);
      if (problems.length > 0) return wrong(problems.join('; '), 'Mend the login in Home, or with "tiketti mailbox authorize".');
      return ok(checked === 0 ? 'none but those of the settings' : `${checked} logged in`);
    } finally {
      await desk.db.close();
    }
  },
};
