import type { Config } from '#config.ts';
import { openHouse } from '../main.ts';
import { EXIT } from './explain.ts';

const STOP_MS = 10_000;

/** Runs until a signal; then finishes what it holds, or leaves it as rows. */
export async function start(config: Config): Promise<void> {
  // Library faults outside any call of ours (a Socket Mode envelope without an event, a lost credential) must not end the desk.
  let log: { error(fields: Record<string, unknown>, message: string): void } | null = null;
  process.on('unhandledRejection', (error) => {
    if (log) log.error({ error }, 'Something failed outside any request; the desk goes on.');
    else process.stderr.write(`${String(error)}\n`);
  });
  const asked = new Promise<null>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(null));
  });
  const house = await Promise.race([openHouse(config), asked]);
  // Still opening: it has taken nothing that isn't a row.
  if (house === null) process.exit(EXIT.ok);
  log = house.desk.log;
  await asked;
  const late = setTimeout(() => process.exit(EXIT.failed), STOP_MS);
  await house.close();
  clearTimeout(late);
  process.exit(EXIT.ok);
}
