import { type Clock, MINUTE, SECOND } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { Log } from '#log.ts';

const EVERY = MINUTE;
/** The quickest of so many answers tells most exactly. */
const QUESTIONS = 3;
/** Worth the operator's attention: logs of two machines no longer fit together. */
const NOTABLE = 2 * SECOND;

export interface SharedClock extends Clock {
  stop(): void;
}

interface SharedTime {
  db: Pick<Database, 'time'>;
  log: Log;
  /** This machine's own clock. */
  machine: Clock;
}

/**
 * Nodes go by their database's clock: a claim, a hold's end and a timer's minute mean the same moment on all of them, however
 * wrong the clock of one machine is. Between two looks at it time passes as this machine's stopwatch says, which nobody sets.
 */
export async function sharedClock({ db, log, machine }: SharedTime): Promise<SharedClock> {
  let reading = await readTime(db);
  const now = () => new Date(reading.time + (performance.now() - reading.at));
  const off = now().getTime() - machine.now().getTime();
  if (Math.abs(off) > NOTABLE)
    log.warn({ offMs: Math.round(off) }, "This machine's clock is not the database's; the desk goes by the database's.");
  const timer = setInterval(() => {
    readTime(db).then(
      (read) => void (reading = read),
      (error: unknown) => log.warn({ error }, "The database's clock could not be read; its last reading goes on."),
    );
  }, EVERY).unref();
  return { now, stop: () => clearInterval(timer) };
}

interface Reading {
  time: number;
  /** When it was that time, by the stopwatch. */
  at: number;
}

async function readTime(db: Pick<Database, 'time'>): Promise<Reading> {
  let best: (Reading & { tookMs: number }) | undefined;
  for (let left = QUESTIONS; left > 0; left -= 1) {
    const askedAt = performance.now();
    const time = await db.time?.();
    const tookMs = performance.now() - askedAt;
    if (time && (!best || tookMs < best.tookMs)) best = { time: time.getTime(), at: askedAt + tookMs / 2, tookMs };
  }
  if (!best) throw new Error('This database has no clock to share.');
  return best;
}
