import type { Worker } from '#jobs/worker.ts';
import type { Listener } from '#mail/listen.ts';
import type { Readers } from '#mail/read.ts';
import type { Senders } from '#mail/senders.ts';
import type { SlackApp } from '#slack/app.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Metrics } from '#web/metrics.ts';
import type { Readiness } from '#web/ready.ts';
import type { Web } from '#web/serve.ts';

interface Rooms {
  desk: Desk;
  worker: Worker;
  web: Web;
  readiness: Readiness;
  metrics: Pick<Metrics, 'close'>;
  listener: Listener | null;
  timers: { stop(): Promise<void> };
  presence: { stop(): Promise<void> };
  hearing: { stop(): Promise<void> };
  app: Pick<SlackApp, 'close' | 'breakOff'>;
  senders: Senders;
  readers: Readers;
  workers: { close(): Promise<void> };
}

/** Together under ten seconds: then whoever asked us to stop uses force. */
const WORK_MS = 4_000;
const BROKEN_OFF_MS = 1_500;
const ROOM_MS = 1_000;

/**
 * What was taken is finished, or broken off and left as rows; nothing new is taken. Probes hear that it is stopping until
 * nearly the end.
 */
export async function closeHouse(rooms: Rooms): Promise<void> {
  const { desk, worker, web, readiness, metrics, listener, timers, presence, hearing, app, senders, readers, workers } = rooms;
  readiness.end();
  desk.files.hurry();
  const work = Promise.all([timers.stop(), listener?.close(), readers.stop(), hearing.stop(), app.close(), worker.stop()]);
  if (!(await isDone(work, WORK_MS))) {
    desk.log.warn({}, 'Work that does not end is broken off; it goes on at the next start.');
    app.breakOff();
    senders.breakOff();
    await isDone(work, BROKEN_OFF_MS);
  }
  senders.close();
  metrics.close();
  await Promise.all([isDone(web.close(), 2 * ROOM_MS), isDone(presence.stop(), ROOM_MS), isDone(workers.close(), ROOM_MS)]);
  await isDone(desk.db.close(), ROOM_MS);
  desk.log.info({}, 'Tiketti is closed.');
}

async function isDone(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
