import cron from 'node-cron';
import { MINUTE } from '#clock.ts';
import type { Bench } from './job-kind.ts';
import { takeInstant } from './instant.ts';
import { enqueue } from './queue.ts';

/** Everything that happens on a timer, in one list. `every` is in minutes, counted from midnight UTC. */
export const TIMERS = [
  { kind: 'timer.late', everyMinutes: 1 },
  { kind: 'timer.stuck', everyMinutes: 1 },
  { kind: 'timer.close', everyMinutes: 10 },
  { kind: 'timer.purge', everyMinutes: 60 },
] as const;

/** node-cron is only the ticker: each minute's due timers become jobs, once across all nodes. */
export function startTimers(desk: Bench, wake: () => void): { stop(): Promise<void> } {
  const task = cron.schedule('* * * * *', () => {
    tick(desk, wake).catch((error: unknown) => desk.log.error({ error }, 'Timers could not be queued; the next minute tries again.'));
  });
  return { stop: async () => void (await task.destroy()) };
}

/** Queues what is due in the minute of the desk's clock. Twice in a minute queues once. */
export async function tick(desk: Bench, wake: () => void): Promise<void> {
  const now = desk.clock.now();
  const minute = Math.floor(now.getTime() / MINUTE);
  const due = TIMERS.filter((timer) => minute % timer.everyMinutes === 0);
  if (due.length === 0) return;
  await desk.db.transaction('timers', async (tx) => {
    for (const { kind } of due) {
      if (!(await takeInstant(tx, kind, new Date(minute * MINUTE)))) continue;
      await enqueue(tx, now, { kind, lane: kind, payload: { minute }, runAt: now });
    }
    tx.afterCommit(wake);
  });
}
