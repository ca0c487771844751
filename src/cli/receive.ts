import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type DataConfig, readDataConfig } from '#config.ts';
import { groupCommits } from '#jobs/commits.ts';
import { isServed } from '#jobs/presence.ts';
import { createWorker } from '#jobs/worker.ts';
import { createLog } from '#log.ts';
import { MAX_MAIL_BYTES } from '#mail/listen.ts';
import { mailById, processMailJob } from '#mail/process.ts';
import { type Mail, storeMail } from '#mail/store.ts';
import { startMailWorkers } from '#mail/worker.ts';
import { applyTriggers } from '#rules/apply.ts';
import { shipRules } from '#rules/defaults.ts';
import { slackReaction } from '#slack/spine.ts';
import type { Desk } from '#tickets/desk.ts';
import { ticketById, ticketName } from '#tickets/find.ts';
import { setUp } from '#tickets/set-up.ts';
import { openDesk } from '../main/open-desk.ts';
import { failPointFrom } from '../main/fail-point.ts';
import { EXIT, explain } from './explain.ts';

const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 50;

type Environment = Record<string, string | undefined>;

/**
 * One mail in from a pipe. Exit 0 once it is stored, whatever becomes of it. 75 for everything that can be mended, wrong
 * settings too: the mail server keeps the mail and tries again, where any other code would make it bounce.
 */
export async function receive(environment: Environment, envelope: { to?: string; from?: string }): Promise<void> {
  const raw = await buffer(process.stdin);
  if (raw.length === 0 || raw.length > MAX_MAIL_BYTES) {
    process.stderr.write(`A mail of ${raw.length} bytes is not taken: it must have between 1 and ${MAX_MAIL_BYTES}.\n`);
    process.exitCode = EXIT.failed;
    return;
  }
  try {
    process.stdout.write(`${JSON.stringify(await take(readDataConfig(environment), raw, envelope))}\n`);
  } catch (error) {
    process.stderr.write(`Not stored, try again. ${explain(error).words}\n`);
    process.exitCode = EXIT.temporary;
  }
}

async function take(config: DataConfig, raw: Uint8Array, envelope: { to?: string; from?: string }) {
  // Standard output has one line: the answer.
  const log = createLog({
    level: 'error',
    secret: config.secrets[0],
    plainAddresses: config.LOG_ADDRESSES,
    write: (line) => void process.stderr.write(line),
  });
  const opened = await openDesk({ config, log });
  const desk: Desk = { ...opened, failPoint: failPointFrom(process.env), reactions: [applyTriggers, slackReaction] };
  try {
    const { id, isNew } = await storeMail(desk, groupCommits(desk.db), {
      mailbox: 'pipe',
      raw,
      envelopeFrom: envelope.from ?? null,
      envelopeTo: envelope.to ? [envelope.to] : [],
    });
    if (!isNew) return { ...(await answer(desk, id)), outcome: 'duplicate' };
    if (await isServed(desk.db, desk.clock.now())) await awaitServer(desk, id);
    else await processHere(desk, config);
    return await answer(desk, id);
  } finally {
    await desk.db.close();
  }
}

async function awaitServer(desk: Desk, id: number): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_EVERY_MS) {
    const mail = await mailById(desk.db, id);
    if (mail?.state !== 'stored') return;
    await wait(LOOK_EVERY_MS);
  }
}

/** No server runs: the mail becomes its ticket now; what must go out waits for the server as rows. */
async function processHere(desk: Desk, config: DataConfig): Promise<void> {
  // Nobody may have started the server yet.
  if (config.MAIL_FROM) {
    await setUp(desk, { from: config.MAIL_FROM, language: config.TIKETTI_LOCALE });
    await shipRules(desk);
  }
  const workers = startMailWorkers();
  const worker = createWorker(desk, [processMailJob(workers)], `pipe-${process.pid}`, (desk, db) => ({ ...desk, db }));
  await worker.start();
  await worker.settled();
  await worker.stop();
  await workers.close();
}

async function answer(desk: Desk, id: number) {
  const mail: Mail | undefined = await mailById(desk.db, id);
  const ticket = mail?.ticketId ? await ticketById(desk.db, mail.ticketId) : undefined;
  return { outcome: mail?.outcome ?? 'stored', ticket: ticket ? ticketName(desk.settings, ticket) : null, reasons: mail?.reasons ?? [] };
}
