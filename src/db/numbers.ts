import { isPostgres } from './open.ts';
import { sqlitePath } from './sqlite-connection.ts';

/**
 * Numbers that were given after a backup was made stand in mails and under buttons in Slack. No new row may get one of
 * them: a button of a ticket that is lost would act on somebody else's. `gapOf` says how many are skipped after the last one.
 */
export async function skipNumbers(url: string, gapOf: (last: number) => number): Promise<void> {
  if (isPostgres(url)) return (await import('./numbers.postgres.ts')).skipNumbers(url, gapOf);
  (await import('./numbers.sqlite.ts')).skipNumbers(sqlitePath(url), gapOf);
}
