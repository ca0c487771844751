import { fileURLToPath } from 'node:url';
import { type Playground, startPlayground } from '../playground/workspace.ts';
import { obey } from './child.ts';
import { startSink } from './sink.ts';

/** Everybody outside in one process: Slack with its people, and the customers' mail server. */
const MANIFEST = fileURLToPath(new URL('../manifest.yml', import.meta.url));
const DEADLINE_MS = 20_000;
const AGENT = 'anna';
const CHANNEL = 'support';

const rateScale = Number(process.argv[2] ?? 1);
const playground: Playground = await startPlayground({ manifest: MANIFEST, rateScale });
playground.addPerson({ name: AGENT, realName: 'Anna Aalto', email: 'anna@bench.example', locale: 'en-GB', isOwner: true, isAdmin: true });
playground.addPerson({ name: 'ben', realName: 'Ben Brown', email: 'ben@bench.example', locale: 'en-GB' });
playground.addChannel({ name: CHANNEL, members: [AGENT, 'ben', 'bot'] });
const sink = await startSink();

obey({
  places: () => ({
    apiUrl: playground.apiUrl,
    botToken: playground.botToken,
    appToken: playground.appToken,
    sinkPort: sink.port,
  }),
  taken: () => sink.taken(),
  takenAll,
  connected: () => playground.until(() => playground.sockets.count() > 0, DEADLINE_MS),
  create,
  options,
  search,
  cardOf: async (name: string) => (await cardOf(name)).ts,
  answer,
  problems: () => playground.problems.map((problem) => `${problem.kind}: ${problem.detail}`),
});

/** Milliseconds ago the sink took the last of so many mails. */
async function takenAll({ count, deadlineMs }: { count: number; deadlineMs: number }): Promise<{ agoMs: number }> {
  const deadline = performance.now() + deadlineMs;
  while (sink.taken() < count) {
    if (performance.now() > deadline) throw new Error(`${sink.taken()} of ${count} mails were taken in ${deadlineMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { agoMs: performance.now() - sink.lastAt() };
}

/** Types the command; milliseconds until the modal was asked for. Closes it again when it was filled. */
async function create(words: string): Promise<number> {
  const calls = { opened: Number.NaN, isFilled: false };
  const startedAt = performance.now();
  const forget = playground.listen((change) => {
    if (change.kind !== 'call') return;
    if (change['method'] === 'views.open') calls.opened = performance.now() - startedAt;
    if (change['method'] === 'views.update') calls.isFilled = true;
  });
  try {
    const { isAcked, reason } = await playground.command({ as: AGENT, channel: CHANNEL, command: '/ticket', text: `create ${words}` });
    if (!isAcked) throw new Error(`The command was not acknowledged: ${reason ?? ''}`);
    await playground.until(() => calls.isFilled, DEADLINE_MS);
  } finally {
    forget();
  }
  await playground.closeView({ as: AGENT, all: true });
  return calls.opened;
}

/** Opens the modal once and asks for requesters as somebody types; milliseconds a question. */
async function options(queries: string[]): Promise<number[]> {
  await playground.command({ as: AGENT, channel: CHANNEL, command: '/ticket', text: 'create' });
  const [view] = await playground.until(() => {
    const views = playground.views(AGENT);
    return views.length > 0 ? views : null;
  }, DEADLINE_MS);
  const times: number[] = [];
  for (const query of queries) {
    const startedAt = performance.now();
    await playground.options({ as: AGENT, ...(view ? { viewId: view.id } : {}), actionId: 'create.requester', query });
    times.push(performance.now() - startedAt);
  }
  await playground.closeView({ as: AGENT, all: true });
  return times;
}

async function search(words: string): Promise<number> {
  const startedAt = performance.now();
  const { isAcked, reason } = await playground.command({ as: AGENT, channel: CHANNEL, command: '/ticket', text: `search ${words}` });
  if (!isAcked) throw new Error(`The search was not acknowledged: ${reason ?? ''}`);
  return performance.now() - startedAt;
}

async function cardOf(name: string) {
  return playground.until(() => playground.readMessages(CHANNEL).find((message) => message.text.includes(name)), DEADLINE_MS);
}

/** Answers in a ticket's thread; when it was written and when the customer's server took the mail, both `Date.now()`. */
async function answer({ ts, text, recipient }: { ts: string; text: string; recipient: string }) {
  const taken = sink.next(recipient, DEADLINE_MS);
  const writtenAt = Date.now();
  const message = playground.post({ as: AGENT, channel: CHANNEL, text, threadTs: ts });
  return { ts: message.ts, writtenAt, takenAt: await taken };
}
