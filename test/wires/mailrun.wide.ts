import { readFile } from 'node:fs/promises';
import PostalMime from 'postal-mime';
import { afterEach, expect, test } from 'vitest';
import { IMPATIENT_SERVER, SERVER } from '../support/process.ts';
import { readBooks } from './mailrun-books.ts';
import { type Letter, writeLetters, writtenTo } from './mailrun-letters.ts';
import { type Answer, answerInSlack, judged, quiet, sendLetters } from './mailrun-people.ts';
import { countsOf, discrepancies, type Ledger } from './mailrun-reconcile.ts';
import { startStorm, type Storm } from './mailrun-storm.ts';
import { openWorld, type World } from './mailrun-world.ts';

/** `MAILS=500` for a look. */
const MAILS = Number(process.env['MAILS'] ?? 5_000);
const ANSWERS = 200;
const REJOINDERS = 50;
/** Of the first mails, when there is a storm: the rest of it falls on the answers. */
const SLICES = 12;
const SEED = 20_261_128;
const DEADLINE_MS = 480_000;
const TIME_MS = 900_000;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Customers write, agents answer, customers write again: everything that is promised becomes true, whatever happens meanwhile. */
async function run(world: World, count: number, storm: Storm | null = null): Promise<Ledger> {
  const { first, replies } = writeLetters(count, SEED);
  const startedAt = performance.now();
  const tell = (what: string) => console.info(`${what} after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  for (const [index, some] of inSlices(first, storm ? SLICES : 1).entries()) {
    await sendLetters(world, some);
    // Whatever falls finds mails on their way.
    await storm?.fallen(index + 1);
  }
  tell(`${first.length} mails sent`);
  await judged(world, first.length, DEADLINE_MS);
  tell('each has a fate');
  await quiet(world, DEADLINE_MS);
  tell('each is confirmed');
  // Whoever writes while an answer to them is held would pause it.
  const writing = new Set(replies.map((letter) => letter.from));
  const answerable = first.filter((letter) => letter.becomes === 'created' && letter.language === 'en' && !writing.has(letter.from));
  const answered = answerable.slice(0, ANSWERS);
  const [answers] = await Promise.all([answerInSlack(world, answered), sendLetters(world, replies)]);
  await judged(world, first.length + replies.length, DEADLINE_MS);
  await quiet(world, DEADLINE_MS);
  const rejoinders = await rejoindersTo(world, answers.slice(0, REJOINDERS), count);
  await sendLetters(world, rejoinders);
  const letters = [...first, ...replies, ...rejoinders];
  await judged(world, letters.length, DEADLINE_MS);
  await quiet(world, DEADLINE_MS);
  tell('everything is done');
  return { letters, answers };
}

function inSlices<T>(things: T[], slices: number): T[][] {
  const size = Math.ceil(things.length / slices);
  return Array.from({ length: slices }, (_, index) => things.slice(index * size, (index + 1) * size));
}

/** What a customer says to an agent's answer, to where the answer asks for it. */
async function rejoindersTo(world: World, answers: Answer[], firstNumber: number): Promise<Letter[]> {
  const { customers, deliveries } = await readBooks(world);
  return Promise.all(
    answers.map(async ({ word, letter }, index) => {
      const { messageId } = deliveries.find((delivery) => JSON.stringify(delivery.content).includes(word)) ?? {};
      const lying = customers.find((mail) => mail.messageId === messageId);
      if (!lying) throw new Error(`The answer ${word} reached nobody.`);
      const mail = await PostalMime.parse(await readFile(lying.path));
      return writtenTo(letter, { number: firstNumber + index, to: mail.replyTo?.[0]?.address ?? '', messageId: messageId ?? '' });
    }),
  );
}

async function reconcile(world: World, ledger: Ledger): Promise<string[]> {
  const books = await readBooks(world);
  const counts = countsOf(books, ledger);
  console.info(JSON.stringify(counts, null, 1));
  expect(counts['quarantined']).toBeGreaterThan(0);
  return discrepancies(books, ledger);
}

test(
  `of ${MAILS} mails that come by IMAP and all that is answered by SMTP none is lost and none is doubled`,
  { timeout: TIME_MS },
  async () => {
    world = await openWorld([SERVER, 'start']);
    const ledger = await run(world, MAILS);
    expect(await reconcile(world, ledger)).toEqual([]);
  },
);

test(
  `of ${MAILS} mails none is lost and none is doubled while the mail server restarts, falls silent and counts anew`,
  { timeout: TIME_MS },
  async () => {
    world = await openWorld([IMPATIENT_SERVER]);
    const storm: Storm = startStorm(world);
    const ledger = await run(world, MAILS, storm);
    const weathered = await storm.over();
    await quiet(world, DEADLINE_MS);
    expect(await reconcile(world, ledger)).toEqual([]);
    expect(weathered).toEqual({ restarts: 10, silences: 5, renumberings: 1 });
  },
);
