import { chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Dovecot, MAIL_UID, MAILBOX_PASSWORD, startDovecot } from '../test/support/dovecot.ts';
import { order } from './child.ts';
import { rounded, spread } from './figures.ts';
import { type House, openHouse } from './house.ts';
import { makeLetters, MIX, OUR_ADDRESS } from './letters.ts';

const SETTLE_MS = 60_000;
/** A rate so low that the run is given up. */
const WORST_PER_SECOND = 5;
const WARM_UP = 10;
const MEASURE_EVERY_MS = 250;
/** Slack takes about a hundred a minute of the calls a modal needs. */
const CREATE_EVERY_MS = 650;
/** Longer than a mail thread lives without work. */
const REST_MS = 40_000;

/** Many mails that lie in a mailbox at once: until each is ours, and until each is confirmed; and what else works meanwhile. */
export async function measureBacklog(mails: number) {
  const dovecot = await startDovecot();
  const imapUrl = `imap://${encodeURIComponent(OUR_ADDRESS)}:${MAILBOX_PASSWORD}@127.0.0.1:${dovecot.port}/INBOX`;
  try {
    const house = await openHouse({ rateScale: 1, imapUrl });
    try {
      return await readAll(house, dovecot, mails);
    } finally {
      await house.stop();
    }
  } finally {
    await dovecot.stop();
  }
}

async function readAll(house: House, dovecot: Dovecot, mails: number) {
  const { server, town, watch } = house;
  const deadlineMs = SETTLE_MS + (mails / WORST_PER_SECOND) * 1_000;
  await watch.untilRead(SETTLE_MS);
  // The first modals of a process are slow whatever else happens.
  for (let run = 0; run < WARM_UP; run += 1) await order<number>(town, 'create', '');
  const idle = await server.ask('begin');
  const lay = await layAside(dovecot, mails);
  const startedAt = performance.now();
  const seconds = (at: number) => (at - startedAt) / 1_000;
  const ended = new AbortController();
  const peak = measurePeak(house, ended.signal);
  const modals = openModals(house, ended.signal);
  await lay();
  const confirmed = order<{ agoMs: number }>(town, 'takenAll', { count: mails, deadlineMs }, deadlineMs + 5_000).then(
    ({ agoMs }) => performance.now() - agoMs,
  );
  const storedAt = await watch.until((now) => now.mails >= mails, deadlineMs);
  const whileStored = modals.count();
  const confirmedAt = await confirmed;
  ended.abort();
  const [peakBytes, times, after] = [await peak, await modals.all(), await server.ask()];
  await wait(REST_MS);
  const rested = await server.ask();
  return {
    mails,
    sizes: MIX,
    storedPerSecond: rounded(mails / seconds(storedAt)),
    storedSeconds: rounded(seconds(storedAt)),
    confirmedPerSecond: rounded(mails / seconds(confirmedAt)),
    confirmedSeconds: rounded(seconds(confirmedAt)),
    serverCpuMsPerMail: rounded((after.cpuMs - idle.cpuMs) / mails, 2),
    commitsPerMail: rounded((after.commits - idle.commits) / mails, 2),
    megabytes: { before: megabytes(idle.residentBytes), peak: megabytes(peakBytes), idleAfter: megabytes(rested.residentBytes) },
    eventLoopP99Ms: rounded(after.loopP99Ms ?? Number.NaN),
    eventLoopMaxMs: rounded(after.loopMaxMs ?? Number.NaN),
    viewsOpenWhileStoring: spread(times.slice(0, whileStored)),
    viewsOpenUntilConfirmed: spread(times),
    meaning:
      'from the moment the mails lie in the mailbox: stored: each is a durable row · confirmed: the last confirmation was taken by the sink.',
  };
}

/** Written where nobody looks yet; the function returned puts them into the mailbox all at once. */
async function layAside(dovecot: Dovecot, mails: number): Promise<() => Promise<void>> {
  const mailbox = join(dovecot.folder, 'mail', OUR_ADDRESS);
  const aside = join(dovecot.folder, 'aside');
  await mkdir(aside);
  const names = makeLetters(mails, 'backlog').map(({ bytes }, index) => ({ bytes, name: `1780000000.M${index}P1.bench` }));
  for (const { bytes, name } of names) {
    await writeFile(join(aside, name), bytes);
    await chown(join(aside, name), MAIL_UID, MAIL_UID);
  }
  return async () => {
    for (const { name } of names) await rename(join(aside, name), join(mailbox, 'new', name));
  };
}

async function measurePeak({ server }: House, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, (await server.ask()).residentBytes);
    await wait(MEASURE_EVERY_MS);
  }
  return peak;
}

/** Somebody types `/ticket create` again and again meanwhile. */
function openModals({ town }: House, signal: AbortSignal) {
  const times: number[] = [];
  const running = (async () => {
    while (!signal.aborted) {
      times.push(await order<number>(town, 'create', ''));
      await wait(CREATE_EVERY_MS);
    }
  })();
  running.catch(() => {});
  return {
    count: () => times.length,
    async all() {
      await running;
      return times;
    },
  };
}

function megabytes(bytes: number): number {
  return rounded(bytes / 2 ** 20, 0);
}
