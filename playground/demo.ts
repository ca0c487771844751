import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDesk } from './demo/desk.ts';
import { freePort, isAnswering } from './demo/ports.ts';
import { noteEnded, noteRunning, urlOfRunning } from './demo/running.ts';
import { startMailboxes } from './mailboxes/mailboxes.ts';
import { createPage } from './page/serve.ts';
import { addSamplePeople, playSample } from './sample.ts';
import { type Playground, startPlayground } from './workspace.ts';

const PAGE_PORT = 3_333;
const READY_MILLISECONDS = 30_000;
const LOOK_MILLISECONDS = 50;
/** Slack's limits would make a demo that fills itself slow to look at. */
const RATE_SCALE = 20;
const MANIFEST = fileURLToPath(new URL('../manifest.yml', import.meta.url));
const FROM = 'Pohjola Support <support@pohjola.example>';

interface Settings {
  folder: string;
  pagePort: number;
  /** Off for trying an empty desk. */
  hasSample: boolean;
}

function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    folder: environment['DEMO_DATA'] ?? 'demo-data',
    pagePort: Number(environment['DEMO_PORT'] ?? PAGE_PORT),
    hasSample: environment['DEMO_SAMPLE'] !== 'off',
  };
}

/** The whole product on one machine: a pretend Slack, customers with mailboxes, and the real server between them. */
async function demo(settings: Settings): Promise<void> {
  const { folder } = settings;
  mkdirSync(folder, { recursive: true });
  const running = await urlOfRunning(folder);
  if (running) {
    console.log(`The demo is running already: ${running}`);
    return;
  }
  const mailPort = await freePort(0);
  const mailboxes = await startMailboxes({ folder: join(folder, 'mailboxes'), deskPort: () => mailPort });
  const playground = await openWorkspace(settings, { mailboxes });
  const admins = addSamplePeople(playground, mailboxes);
  const desk = startDesk({
    logFile: join(folder, 'tiketti.log'),
    environment: await environmentFor(folder, { playground, smtpUrl: mailboxes.smtpUrl, mailPort, admins }),
  });
  noteRunning(folder, { url: playground.url, deskPid: desk.pid });
  const stop = async (): Promise<void> => {
    await desk.stop();
    await mailboxes.stop();
    await playground.stop();
    noteEnded(folder);
  };
  stopOnSignals(stop);
  void desk.ended.then(async (why) => {
    if (isStopping) return;
    console.error(why);
    process.exitCode = 1;
    await stop();
    process.exit();
  });
  await untilReady(playground, mailPort);
  console.log(
    `\n  Tiketti's demo is open: ${playground.url}\n\n  Its log: ${join(folder, 'tiketti.log')}. Ctrl-C ends it; what is in it stays.\n`,
  );
  if (!settings.hasSample) return;
  await playSample({ playground, mailboxes, file: join(folder, 'sample.json'), isOver: () => isStopping });
  if (!isStopping) console.log('  The sample is in place.\n');
}

async function openWorkspace(
  { folder, pagePort }: Settings,
  { mailboxes }: { mailboxes: Parameters<typeof createPage>[0]['mailboxes'] },
): Promise<Playground> {
  let opened: Playground | undefined;
  const page = createPage({
    playground: () => {
      if (!opened) throw new Error('The workspace is not open yet.');
      return opened;
    },
    mailboxes,
    manifest: MANIFEST,
  });
  opened = await startPlayground({
    port: await freePort(pagePort),
    manifest: MANIFEST,
    teamName: 'Pohjola Ohjelmistot',
    dataFile: join(folder, 'workspace.json'),
    rateScale: RATE_SCALE,
    fallback: page,
  });
  closeModals(opened);
  return opened;
}

/** A modal that stood open when the demo ended has lost what it was about. */
function closeModals({ state }: Playground): void {
  for (const id of Object.values(state.stacks).flat()) delete state.views[id];
  state.stacks = {};
}

interface Parts {
  playground: Playground;
  smtpUrl: string;
  mailPort: number;
  admins: string[];
}

async function environmentFor(folder: string, { playground, smtpUrl, mailPort, admins }: Parts): Promise<Record<string, string>> {
  return {
    DATABASE_URL: `file:${join(folder, 'tiketti.db')}`,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_API_URL: playground.apiUrl,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    MAIL_SMTP_URL: smtpUrl,
    MAIL_LISTEN: `127.0.0.1:${mailPort}`,
    MAIL_FROM: FROM,
    HOST: '127.0.0.1',
    PORT: String(await freePort(0)),
    TIKETTI_LOCALE: 'en',
    TIKETTI_TIME_ZONE: 'Europe/Helsinki',
    TIKETTI_ADMINS: admins.join(','),
  };
}

/** Connected to the workspace, and taking mail. */
async function untilReady(playground: Playground, mailPort: number): Promise<void> {
  await playground.until(() => playground.sockets.count() > 0, READY_MILLISECONDS);
  const deadline = Date.now() + READY_MILLISECONDS;
  while (!(await isAnswering(mailPort))) {
    if (Date.now() > deadline) throw new Error('Tiketti does not take mail.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}

let isStopping = false;

function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void stop().then(() => process.exit(0));
    });
  }
}

await demo(readSettings(process.env));
