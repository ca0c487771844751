import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { and, count, eq, inArray, isNull, lt, ne } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import nodemailer from 'nodemailer';
import { type Letter, OUR_ADDRESS } from './mailrun-letters.ts';
import { AGENT, CHANNEL, type World } from './mailrun-world.ts';

const CONNECTIONS = 10;
const LOOK_EVERY_MS = 100;
/** A retry is waited for; what is due in days is not. */
const SOON = 10 * MINUTE;

/** What an agent wrote in a thread, and whom it must reach. */
export interface Answer {
  word: string;
  letter: Letter;
}

/** An ordinary mail program's way: over SMTP, some connections at once, and again where the server says so. */
export async function sendLetters({ postfix }: World, letters: Letter[]): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: postfix.port,
    ignoreTLS: true,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: 1_000,
  });
  try {
    await Promise.all(letters.map(({ from, to, bytes }) => transport.sendMail({ envelope: { from, to }, raw: bytes })));
  } finally {
    transport.close();
  }
}

/** One remark in the thread of each letter's ticket, as somebody at a desk writes it. */
export async function answerInSlack(world: World, letters: Letter[]): Promise<Answer[]> {
  const cards = new Map(cardsOf(world));
  const tickets = await ticketsOf(world, letters);
  return letters.map((letter) => {
    const word = `Answer${letter.number}x`;
    const threadTs = cards.get(tickets.get(letter.from) ?? 0);
    if (!threadTs) throw new Error(`The ticket of letter ${letter.number} has no card.`);
    const text = `Please restart the program once more and tell us whether that was enough, as in ${word}.`;
    world.playground.post({ as: AGENT, channel: CHANNEL, threadTs, text });
    return { word, letter };
  });
}

/** Where the card of each ticket is. */
export function cardsOf({ playground }: World): [ticketId: number, ts: string][] {
  const messages = Object.values(playground.state.messages).flat();
  return messages.flatMap((message) => {
    const [, ticketId] = /^card:(\d+):/.exec(String(message.metadata?.event_payload['key'] ?? '')) ?? [];
    return ticketId === undefined ? [] : [[Number(ticketId), message.ts] as [number, string]];
  });
}

async function ticketsOf({ db }: World, letters: Letter[]): Promise<Map<string, number>> {
  const { mails } = db.tables;
  const from = letters.map((letter) => letter.from);
  // A mail that its server delivered twice has two rows, and the second made no ticket.
  const isTheirs = and(inArray(mails.fromAddress, from), eq(mails.outcome, 'created'));
  const rows = await db.select({ from: mails.fromAddress, ticketId: mails.ticketId }).from(mails).where(isTheirs);
  return new Map(rows.map((row) => [row.from ?? '', row.ticketId ?? 0]));
}

/** Resolves when so many mails have a fate. */
export function judged(world: World, mails: number, deadlineMs: number): Promise<void> {
  const { mails: table } = world.db.tables;
  return until(world, deadlineMs, async () => {
    const [row] = await world.db.select({ mails: count() }).from(table).where(ne(table.state, 'stored'));
    return (row?.mails ?? 0) >= mails ? null : `${row?.mails} of ${mails} mails have a fate`;
  });
}

/** Resolves when every mail is where it belongs, and the desk has nothing left to do. */
export async function quiet(world: World, deadlineMs: number): Promise<void> {
  const { jobs, mails } = world.db.tables;
  await world.postfix.empty(deadlineMs);
  await until(world, deadlineMs, async () => {
    const [row] = await world.db.select({ mails: count() }).from(mails);
    const lying = await countLying(world, OUR_ADDRESS);
    return row?.mails === lying ? null : `${row?.mails} rows of ${lying} mails in our mailbox`;
  });
  await until(world, deadlineMs, async () => {
    await world.playground.settled(deadlineMs);
    const rows = await world.db
      .select({ kind: jobs.kind, jobs: count() })
      .from(jobs)
      .where(and(isNull(jobs.stoppedAt), lt(jobs.runAt, later(new Date(), SOON))))
      .groupBy(jobs.kind);
    return rows.length === 0 ? null : `open jobs: ${JSON.stringify(rows)}`;
  });
  await world.postfix.empty(deadlineMs);
}

async function countLying({ dovecot }: World, mailbox: string): Promise<number> {
  const folders = ['new', 'cur'].map((folder) => readdir(join(dovecot.folder, 'mail', mailbox, folder)));
  return (await Promise.all(folders)).flat().length;
}

/** Until the question has no answer any more. */
async function until(world: World, deadlineMs: number, question: () => Promise<string | null>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await question();
    if (answer === null) return;
    if (!world.server.isRunning) throw new Error(`The server is gone.\n${world.server.lines.slice(-15).join('\n')}`);
    if (Date.now() > deadline) throw new Error(`Not in ${deadlineMs} ms: ${answer}\n${world.server.lines.slice(-15).join('\n')}`);
    await wait(LOOK_EVERY_MS);
  }
}
