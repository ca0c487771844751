import { order } from './child.ts';
import { median, rounded, spread } from './figures.ts';
import { type House, openHouse } from './house.ts';
import { makeLetters, MIX } from './letters.ts';
import { CONNECTIONS, sendAll } from './send.ts';

export interface MailOptions {
  mails: number;
  runs: number;
  /** A database to begin with, and how many tickets are in it. */
  seeded: string | null;
  tickets: number;
}

const WARM_UP = 100;
/** A rate so low that the run is given up. */
const WORST_PER_SECOND = 5;
const SETTLE_MS = 30_000;

/** A burst of mails over SMTP until each is a ticket with its confirmation queued, and until each confirmation is with a server. */
export async function measureMail({ mails, runs, seeded, tickets }: MailOptions) {
  const burst: Burst[] = [];
  for (let run = 0; run < runs; run += 1) {
    const house = await openHouse({ seeded, rateScale: 1 });
    try {
      await runBurst(house, WARM_UP, `warm${run}`);
      burst.push(await runBurst(house, mails, `run${run}`));
    } finally {
      await house.stop();
    }
  }
  const middle = (figure: (one: Burst) => number, digits = 1) => rounded(median(burst.map(figure)), digits);
  return {
    existingTickets: tickets,
    mails,
    runs,
    connections: CONNECTIONS,
    sizes: MIX,
    averageBytes: middle((one) => one.averageBytes, 0),
    takenPerSecond: middle((one) => mails / one.takenSeconds),
    storedPerSecond: middle((one) => mails / one.storedSeconds),
    confirmedPerSecond: middle((one) => mails / one.confirmedSeconds),
    commitsPerMail: middle((one) => one.commitsPerMail, 2),
    serverCpuMsPerMail: middle((one) => one.cpuMsPerMail, 2),
    answerP95Ms: middle((one) => one.answerP95Ms),
    eventLoopP99Ms: middle((one) => one.loopP99Ms),
    eventLoopMaxMs: middle((one) => one.loopMaxMs),
    each: burst.map((one) => ({
      storedPerSecond: rounded(mails / one.storedSeconds),
      confirmedPerSecond: rounded(mails / one.confirmedSeconds),
      cpuMsPerMail: rounded(one.cpuMsPerMail, 2),
    })),
    meaning:
      'taken: last 250 · stored: every mail is a ticket with its confirmation queued, confirmations being sent meanwhile · confirmed: the last confirmation was taken by the sink. All from the first connection on; medians of the runs.',
  };
}

export interface Burst {
  averageBytes: number;
  takenSeconds: number;
  storedSeconds: number;
  confirmedSeconds: number;
  commitsPerMail: number;
  cpuMsPerMail: number;
  answerP95Ms: number;
  loopP99Ms: number;
  loopMaxMs: number;
}

export async function runBurst({ server, town, watch }: House, mails: number, series: string): Promise<Burst> {
  const letters = makeLetters(mails, series);
  const deadlineMs = SETTLE_MS + (mails / WORST_PER_SECOND) * 1_000;
  const taken = await order<number>(town, 'taken');
  const start = watch.counts();
  const before = await server.ask('begin');
  const startedAt = performance.now();
  const seconds = (at: number) => (at - startedAt) / 1_000;
  const confirmed = order<{ agoMs: number }>(town, 'takenAll', { count: taken + mails, deadlineMs }, deadlineMs + 5_000).then(
    ({ agoMs }) => performance.now() - agoMs,
  );
  const stored = watch.until(
    (now) =>
      now.undecided === 0 &&
      now.mails >= start.mails + mails &&
      now.tickets >= start.tickets + mails &&
      now.deliveries >= start.deliveries + mails,
    deadlineMs,
  );
  const [sent, storedAt, confirmedAt] = await Promise.all([sendAll(server.mailPort, letters), stored, confirmed]);
  const after = await server.ask();
  return {
    averageBytes: letters.reduce((sum, { bytes }) => sum + bytes.length, 0) / mails,
    takenSeconds: sent.ms / 1_000,
    storedSeconds: seconds(storedAt),
    confirmedSeconds: seconds(confirmedAt),
    commitsPerMail: (after.commits - before.commits) / mails,
    cpuMsPerMail: (after.cpuMs - before.cpuMs) / mails,
    answerP95Ms: spread(sent.each).p95Ms,
    loopP99Ms: after.loopP99Ms ?? Number.NaN,
    loopMaxMs: after.loopMaxMs ?? Number.NaN,
  };
}
