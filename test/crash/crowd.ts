import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, like } from 'drizzle-orm';
import { cardNow, deliver, firstLetter, type Letter, secondLetter } from './acts.ts';
import { press } from './load.ts';
import { eventually } from '../support/eventually.ts';
import type { Random } from './random.ts';
import type { Ledger, Posted } from './reconcile.ts';
import { CHANNEL, type World } from './world.ts';

const SENDERS = 8;
const SEATS = 16;
const MAX_PAUSE_MS = 120;
const LOOK_EVERY_MS = 150;
const DEADLINE_MS = 200_000;

/** How much of everything: mails of people who write once, and matters in which both sides write several times in a row. */
export interface Crowd {
  letters: number;
  matters: number;
  /** More mails of the customer in each matter, after the first. */
  mailsEach: number;
  repliesEach: number;
}

/** What must be kept in order: in each matter the customer's mails and our replies, as they were written. */
export interface Row {
  name: string;
  letters: Letter[];
  replies: Posted[];
  notes: Posted[];
}

/** Many customers at once; resolves when every mail has its 250 and every reply is written. */
export async function gather(world: World, ledger: Ledger, { crowd, random }: { crowd: Crowd; random: Random }): Promise<Row[]> {
  const rows: Row[] = [];
  const singles = Array.from({ length: crowd.letters }, (_, index) => `Single${index}x`);
  const matters = Array.from({ length: crowd.matters }, (_, index) => `Row${index}x`);
  await Promise.all([
    sideBySide(SENDERS, singles, async (name) => void (await write(world, ledger, { name, letter: firstLetter(name) }))),
    sideBySide(SEATS, matters, async (name) => void rows.push(await matter({ world, ledger, random, crowd, name }))),
  ]);
  return rows;
}

async function sideBySide(count: number, names: string[], act: (name: string) => Promise<void>): Promise<void> {
  const waiting = names.values();
  const seat = async () => {
    for (const name of waiting) await act(name);
  };
  await Promise.all(Array.from({ length: count }, seat));
}

interface Scene {
  world: World;
  ledger: Ledger;
  random: Random;
  crowd: Crowd;
  name: string;
}

/** A customer writes some mails in a row, then an agent some replies in a row, with a note between and a click. */
async function matter(scene: Scene): Promise<Row> {
  const { world, ledger, random, crowd, name } = scene;
  const row: Row = { name, letters: [], replies: [], notes: [] };
  row.letters.push(await write(world, ledger, { name, letter: firstLetter(name) }));
  const card = await eventually(async () => cardNow(world, name), DEADLINE_MS, LOOK_EVERY_MS);
  for (let count = 1; count <= crowd.mailsEach; count += 1)
    row.letters.push(await write(world, ledger, { name, letter: secondLetter(name, `${name}-mail${count}x`) }));
  // A customer who writes while a reply is held pauses it, and then a person decides in which order they leave.
  await arrived(world, name, 1 + crowd.mailsEach);
  for (let count = 1; count <= crowd.repliesEach; count += 1) {
    if (count === 2) row.notes.push(post(scene, card.ts, { becomes: 'note', word: `${name}-note1x` }));
    row.replies.push(post(scene, card.ts, { becomes: 'mail', word: `${name}-reply${count}x` }));
    await wait(random.below(MAX_PAUSE_MS));
  }
  row.notes.push(post(scene, card.ts, { becomes: 'note', word: `${name}-note2x` }));
  if (random.below(4) === 0) edit(scene, row.replies.at(-1));
  if (random.below(4) === 0) await press(world, { as: 'anna', ts: card.ts, actionId: 'card.take' });
  return row;
}

async function write(world: World, ledger: Ledger, { name, letter }: { name: string; letter: Letter }): Promise<Letter> {
  const isFirst = letter.answers === undefined;
  await deliver(world, letter);
  ledger.letters.push({ letter, name, isFirst });
  return letter;
}

function post({ world, ledger, name }: Scene, threadTs: string, { becomes, word }: { becomes: 'mail' | 'note'; word: string }): Posted {
  const text =
    becomes === 'note' ? `note: nobody answers the phone, see ${word}` : `Hello! Please switch it off and on again, as in ${word}.`;
  const { ts } = world.playground.post({ as: 'anna', channel: CHANNEL, threadTs, text });
  const posted: Posted = { name, by: 'anna', words: [word], ts, becomes };
  ledger.posts.push(posted);
  return posted;
}

function edit({ world }: Scene, posted: Posted | undefined): void {
  if (!posted) return;
  const word = `${posted.words[0]}-edited`;
  posted.words.push(word);
  world.playground.edit({ as: posted.by, channel: CHANNEL, ts: posted.ts, text: `Hello! Please restart the computer, as in ${word}.` });
}

/** All these mails are in the ticket's conversation. */
async function arrived(world: World, name: string, count: number): Promise<void> {
  const { comments, tickets } = world.db.tables;
  const question = () =>
    world.db
      .select({ id: comments.id })
      .from(comments)
      .innerJoin(tickets, eq(tickets.id, comments.ticketId))
      .where(and(like(tickets.subject, `%${name}%`), eq(comments.direction, 'in')));
  await eventually(async () => (await question()).length >= count, DEADLINE_MS, LOOK_EVERY_MS);
}
