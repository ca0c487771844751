import { randomBytes } from 'node:crypto';
import { actions, events, modals, options, shortcuts } from '#actions/index.ts';
import { instantCreate } from '#actions/create.ts';
import { commands } from '#commands/index.ts';
import type { Config } from '#config.ts';
import { groupCommits } from '#jobs/commits.ts';
import { holdAlone } from '#jobs/lease-alone.ts';
import { contendLease } from '#jobs/lease-contest.ts';
import { keepPresence } from '#jobs/presence.ts';
import { startTimers } from '#jobs/schedule.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { deliverMailJob } from '#mail/deliver.ts';
import { listenForMail } from '#mail/listen.ts';
import { processMailJob } from '#mail/process.ts';
import { createSenders } from '#mail/senders.ts';
import { sentCopyJob } from '#mail/sent-folder.ts';
import type { Patience } from '#mail/read-mailbox.ts';
import { type Contend, startReaders } from '#mail/read.ts';
import { startMailWorkers } from '#mail/worker.ts';
import { applyTriggers } from '#rules/apply.ts';
import { createSlackApp } from '#slack/app.ts';
import type { Doors } from '#slack/doors.ts';
import { slackJobs } from '#slack/jobs/index.ts';
import { watchHearing } from '#slack/hearing.ts';
import { setUpSlack } from '#slack/setup.ts';
import { slackReaction } from '#slack/spine.ts';
import type { Desk } from '#tickets/desk.ts';
import { openWeb } from '#web/serve.ts';
import { checkFiles } from './main/check-files.ts';
import { closeHouse } from './main/close.ts';
import { failPointFrom } from './main/fail-point.ts';
import { openDesk } from './main/open-desk.ts';
import { setUpDesk } from './main/set-up-desk.ts';
import { timerJobs } from './main/timers.ts';
import { createWebDoor } from './main/web-door.ts';

export interface House {
  desk: Desk;
  worker: Worker;
  mailPort: number | null;
  webPort: number;
  close(): Promise<void>;
}

type Overrides = Partial<Pick<Desk, 'clock' | 'log' | 'failPoint'>> & { reading?: Patience };

const doors: Doors = { commands, instant: instantCreate, actions, options, modals, shortcuts, events };

/** Builds the house from the ground up, and opens its doors last. `close` goes the other way. */
export async function openHouse(config: Config, { reading, ...overrides }: Overrides = {}): Promise<House> {
  const opened = await openDesk({ config, ...overrides });
  const desk: Desk = { ...opened, failPoint: overrides.failPoint ?? failPointFrom(process.env), reactions: [applyTriggers, slackReaction] };
  await checkFiles(desk);
  await setUpDesk(desk, config);
  const node = nodeName(config);
  const commits = groupCommits(desk.db);
  const app = await createSlackApp(desk, {
    botToken: config.SLACK_BOT_TOKEN,
    appToken: config.SLACK_APP_TOKEN,
    signingSecret: config.SLACK_SIGNING_SECRET,
    apiUrl: config.SLACK_API_URL,
    commits,
    node,
  });
  const senders = createSenders(desk);
  const workers = startMailWorkers();
  const kinds = [processMailJob(workers), deliverMailJob({ senders, commits }), sentCopyJob, ...slackJobs(app.slack, doors), ...timerJobs];
  const worker = createWorker(desk, kinds, node, (desk, db) => ({ ...desk, db }));
  desk.wake = (kinds) => worker.wake(kinds);
  const { webApp, readiness, metrics } = createWebDoor(desk, { config, app });
  // Taken before anything is begun, for a second server on this machine ends here; it says that it is open only at the end.
  const web = await openWeb(webApp, { host: config.HOST, port: config.PORT });
  const listener = config.MAIL_LISTEN ? await orClose(web, listenForMail(desk, commits, config.MAIL_LISTEN)) : null;
  // Whoever takes jobs or hears Slack is known to the other nodes.
  const presence = keepPresence(desk, node);
  await presence.begun;
  await worker.start();
  const readers = startReaders(desk, contention(desk, isShared(config) ? node : null), { ...reading, commits });
  await app.open(doors);
  app.connection.onBack(() => worker.wake());
  const hearing = await watchHearing(desk, app.slack, app.connection);
  const wanted = { triageChannel: config.TIKETTI_TRIAGE_CHANNEL, admins: config.TIKETTI_ADMINS, scopes: app.scopes };
  void setUpSlack(desk, app.slack, wanted).catch((error: unknown) =>
    desk.log.error({ error }, 'Slack could not be set up; it is tried again at the next start.'),
  );
  const timers = startTimers(desk, () => worker.wake());
  readiness.begin();
  desk.log.info({ mail: listener?.port ?? null, web: web.port, slack: app.http ? 'http' : 'socket' }, 'Tiketti is open.');
  const rooms = { desk, worker, web, readiness, metrics, listener, timers, presence, hearing, app, senders, readers, workers };
  return { desk, worker, mailPort: listener?.port ?? null, webPort: web.port, close: () => closeHouse(rooms) };
}

/** A door that stays open would keep the process from ending with what went wrong. */
async function orClose<T>(web: { close(): Promise<void> }, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await web.close();
    throw error;
  }
}

/** What only one node may do at a time; null where there is one. */
function contention(desk: Desk, node: string | null): Contend {
  return node === null ? holdAlone : (contest) => contendLease(desk, { ...contest, holder: node });
}

function isShared(config: Config): boolean {
  return config.DATABASE_URL.startsWith('postgres');
}

/** On SQLite there is one server, so its unfinished claims are its own after a restart; those of a node on PostgreSQL are freed by the others. */
function nodeName(config: Config): string {
  return isShared(config) ? `node-${process.pid}-${randomBytes(6).toString('hex')}` : 'server';
}
