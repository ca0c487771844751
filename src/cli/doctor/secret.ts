import { existsSync, statSync } from 'node:fs';
import { filePath } from '#config.ts';
import { readSecrets, secretPath, secretsIn } from '#config/secret.ts';
import { isPostgres } from '#db/open.ts';
import { type Check, ok, skipped, warning, wrong } from './check.ts';

const OTHERS = 0o077;

export const secret: Check = {
  name: 'secret',
  run: async ({ settings, environment }) => {
    if (settings.TIKETTI_SECRET) return ok(`from the environment${olderWords(secretsIn(settings.TIKETTI_SECRET).length - 1)}`);
    const isGiven = environment['TIKETTI_SECRET'] || environment['TIKETTI_SECRET_FILE'];
    if (isGiven || !settings.DATABASE_URL) return skipped('see configuration');
    if (isPostgres(settings.DATABASE_URL)) return wrong('missing', 'With PostgreSQL set TIKETTI_SECRET, the same on every node.');
    const path = secretPath(filePath(settings.DATABASE_URL));
    if (!existsSync(path)) {
      const isNew = !existsSync(filePath(settings.DATABASE_URL));
      return isNew
        ? ok(`will be made in ${path} at the first start`)
        : wrong(
            `${path} is missing`,
            'Bring it back from a backup: a new one would not open the logins of mailboxes, nor know earlier mails.',
          );
    }
    if ((statSync(path).mode & OTHERS) !== 0)
      return wrong(`${path} can be read by others`, `chmod 600 ${path}, and if others use this machine: tiketti secret rotate`);
    const { older } = readSecrets(path);
    const valid = older.filter(({ until }) => until > new Date()).length;
    return older.length > valid
      ? warning(`${path}${olderWords(valid)}; ${older.length - valid} are over`, 'tiketti secret rotate removes what is over.')
      : ok(`${path}${olderWords(valid)}`);
  },
};

function olderWords(count: number): string {
  return count > 0 ? `, ${count} older still accepted` : '';
}
