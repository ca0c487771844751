import { setTimeout as wait } from 'node:timers/promises';
import { type Contest, PACE } from './lease-contest.ts';

/** What `contendLease` is where there is one server only, as on SQLite: the work is always ours. */
export function holdAlone({ onWon }: Pick<Contest, 'onWon'>): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const running = (async () => {
    while (!signal.aborted) {
      await onWon(signal);
      await wait(PACE.beatMs, undefined, { signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
