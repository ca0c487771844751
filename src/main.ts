import { actions, events, modals, options, shortcuts } from '#actions/index.ts';
import { instantCreate } from '#actions/create.ts';
import { commands } from '#commands/index.ts';
import type { Config } from '#config.ts';
import { groupCommits } from '#jobs/commits.ts';
import { keepPresence } from '#jobs/presence.ts';
import { startTimers } from '#jobs/schedule.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { deliverMailJob } from '#mail/deliver.ts';
import { listenForMail, type Listener } from '#mail/listen.ts';
import { processMailJob } from '#mail/process.ts';
import { createSender } from '#mail/send.ts';
import { startMailWorkers } from '#mail/worker.ts';
import { applyTriggers } from '#rules/apply.ts';
import { shipRules } from '#rules/defaults.ts';
import { createSlackApp } from '#slack/app.ts';
import type { Doors } from '#slack/doors.ts';
import { slackJobs } from '#slack/jobs/index.ts';
import { repairGap } from '#slack/repair.ts';
import { setUpSlack } from '#slack/setup.ts';
import { slackReaction } from '#slack/spine.ts';
import type { Desk } from '#tickets/desk.ts';
import { setUp } from '#tickets/set-up.ts';
import { failPointFrom } from './main/fail-point.ts';
import { openDesk } from './main/open-desk.ts';
import { timerJobs } from './main/timers.ts';

export interface House {
  desk: Desk;
  worker: Worker;
  mailPort: number | null;
  close(): Promise<void>;
}

/** Slack delivers again what was not acknowledged for so short a while. */
const HARMLESS_GAP_MS = 2_000;

const doors: Doors = { commands, instant: instantCreate, actions, options, modals, shortcuts, events };

/** Builds the house from the ground up, and opens its doors last. `close` goes the other way. */
export async function openHouse(config: Config, overrides: Partial<Pick<Desk, 'clock' | 'log' | 'failPoint'>> = {}): Promise<House> {
  const opened = await openDesk({ config, ...overrides });
  const desk: Desk = { ...opened, failPoint: overrides.failPoint ?? failPointFrom(process.env), reactions: [applyTriggers, slackReaction] };
  await setUp(desk, { from: config.MAIL_FROM, language: config.TIKETTI_LOCALE });
  await shipRules(desk);
  const commits = groupCommits(desk.db);
  const app = await createSlackApp(desk, {
    botToken: config.SLACK_BOT_TOKEN,
    appToken: config.SLACK_APP_TOKEN,
    apiUrl: config.SLACK_API_URL,
    commits,
  });
  const sender = createSender({ url: config.MAIL_SMTP_URL });
  const workers = startMailWorkers();
  const kinds = [processMailJob(workers, []), deliverMailJob({ sender, commits }), ...slackJobs(app.slack, doors), ...timerJobs];
  const worker = createWorker(desk, kinds, workerName(config), (desk, db) => ({ ...desk, db }));
  desk.wake = (kinds) => worker.wake(kinds);
  const listener = config.MAIL_LISTEN ? await listenForMail(desk, commits, config.MAIL_LISTEN) : null;
  await worker.start();
  await app.open(doors);
  const repair = () =>
    void repairGap(desk, app.slack).catch((error: unknown) =>
      desk.log.error({ error }, 'A gap could not be repaired; the next one tries again.'),
    );
  app.connection.onBack((gapMs) => {
    worker.wake();
    if (gapMs > HARMLESS_GAP_MS) repair();
  });
  repair();
  void setUpSlack(desk, app.slack, { triageChannel: config.TIKETTI_TRIAGE_CHANNEL, admins: config.TIKETTI_ADMINS }).catch(
    (error: unknown) => desk.log.error({ error }, 'Slack could not be set up; it is tried again at the next start.'),
  );
  const timers = startTimers(desk, () => worker.wake());
  const presence = keepPresence(desk, workerName(config));
  desk.log.info({ mail: listener?.port ?? null }, 'Tiketti is open.');
  return {
    desk,
    worker,
    mailPort: listener?.port ?? null,
    close: () => closeHouse({ desk, worker, listener, timers, presence, app, sender, workers }),
  };
}

interface Rooms {
  desk: Desk;
  worker: Worker;
  listener: Listener | null;
  timers: { stop(): Promise<void> };
  presence: { stop(): Promise<void> };
  app: { close(): Promise<void> };
  sender: { close(): void };
  workers: { close(): Promise<void> };
}

/** What was taken is finished or stays a row; nothing new is taken. */
async function closeHouse({ desk, worker, listener, timers, presence, app, sender, workers }: Rooms): Promise<void> {
  await timers.stop();
  await listener?.close();
  await app.close();
  await worker.stop();
  await presence.stop();
  sender.close();
  await workers.close();
  await desk.db.close();
  desk.log.info({}, 'Tiketti is closed.');
}

/** On SQLite there is one server, so its unfinished claims are its own after a restart; nodes on PostgreSQL wait for a lease. */
function workerName(config: Config): string {
  return config.DATABASE_URL.startsWith('postgres') ? `node-${process.pid}-${Date.now().toString(36)}` : 'server';
}
