import { SECOND } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { Bench, JobKind } from './job-kind.ts';
import { Line } from './line.ts';
import { hasDue, releaseClaims } from './queue.ts';

export interface Worker {
  start(): Promise<void>;
  /** Looks for due jobs now: after a commit that made some, or after the clock was set. Of all kinds when none are named. */
  wake(kinds?: readonly string[]): void;
  /** Resolves when nothing is due and nothing under way. */
  settled(): Promise<void>;
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
}

const POLL = SECOND;

export function createWorker<D extends Bench>(desk: D, kinds: JobKind<D>[], name: string, carry: (desk: D, db: Database) => D): Worker {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = true;

  const wake = (named?: readonly string[]) => {
    if (isStopped) return;
    for (const line of lines) if (!named || named.includes(line.kind)) line.wake();
  };
  const lines = kinds.map((kind) => new Line(desk, { kind, name, carry, wake }));
  const tick = () => {
    wake();
    for (const line of lines)
      line.renew().catch((error: unknown) => desk.log.warn({ error }, 'Claims of jobs under way could not be renewed.'));
    timer = setTimeout(tick, POLL);
  };

  return {
    async start() {
      await desk.db.transaction('release claims', (tx) => releaseClaims(tx, [name]));
      isStopped = false;
      tick();
    },
    wake,
    async settled() {
      for (;;) {
        await Promise.all(lines.map((line) => line.idle()));
        const isDue = await hasDue(
          desk.db,
          kinds.map((kind) => kind.kind),
          desk.clock.now(),
        );
        if (!isDue && lines.every((line) => line.isIdle)) return;
        wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await Promise.all(lines.map((line) => line.stop()));
    },
  };
}
