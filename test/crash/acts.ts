import { setTimeout as wait } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import type { Message } from '../../playground/workspace.ts';
import type { Received } from './receiver.ts';
import { CHANNEL, OUR_ADDRESS, type World } from './world.ts';

const RETRY_MS = 40;
/** Somebody who waits through many deaths of the server waits long; the test has a deadline of its own. */
const DEADLINE_MS = 240_000;

export interface Letter {
  messageId: string;
  from: string;
  to: string;
  subject: string;
  words: string;
  /** The Message-ID it answers. */
  answers?: string;
}

/** Hands one mail over as a mail server does: the same bytes again and again, to one node after the other, until somebody says 250. */
export async function deliver(world: World, letter: Letter): Promise<void> {
  const raw = bytesOf(letter);
  const envelope = { from: addressIn(letter.from), to: letter.to };
  const deadline = Date.now() + DEADLINE_MS;
  for (let turn = letter.messageId.length; ; turn += 1) {
    const port = world.nodes[turn % world.nodes.length]?.mailPort;
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope, raw });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`Nobody took the mail ${letter.subject}.`, { cause: error });
      await wait(RETRY_MS);
    } finally {
      transport.close();
    }
  }
}

function bytesOf(letter: Letter): string {
  const threading = letter.answers ? [`In-Reply-To: ${letter.answers}`, `References: ${letter.answers}`] : [];
  return [
    `From: ${letter.from}`,
    `To: ${letter.to}`,
    `Subject: ${letter.subject}`,
    `Message-ID: <${letter.messageId}>`,
    'Date: Mon, 02 Mar 2026 09:00:00 +0200',
    ...threading,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    letter.words,
    '',
  ].join('\r\n');
}

export function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}

/** Each customer has a domain of their own: the budget of automatic mails is per domain. */
export function addressOf(name: string): string {
  return `liisa@${name.toLowerCase()}.test`;
}

/** A first mail of somebody nobody knows yet. `name` is a word of its own, found nowhere else. */
export function firstLetter(name: string): Letter {
  return {
    messageId: `first-${name}@customer.test`,
    from: `Liisa ${name} <${addressOf(name)}>`,
    to: OUR_ADDRESS,
    subject: `The printer of ${name} is broken`,
    words: `Hello,\r\n\r\nthe printer in our office has not printed anything since this morning. We call it ${name}.\r\n\r\nLiisa`,
  };
}

export function secondLetter(name: string, word: string): Letter {
  const first = firstLetter(name);
  return {
    ...first,
    messageId: `${word}@customer.test`,
    subject: `Re: ${first.subject}`,
    answers: `<${first.messageId}>`,
    words: `One more thing: the printer has a number on its back, ${word}. Does that help you?`,
  };
}

/** What a customer writes back to a mail of ours, quoting nothing. */
export function answerTo(received: Received, name: string, word: string): Letter {
  return {
    messageId: `${word}@customer.test`,
    from: `Liisa ${name} <${addressOf(name)}>`,
    to: received.mail.replyTo?.[0]?.address ?? OUR_ADDRESS,
    subject: `Re: ${received.mail.subject ?? ''}`,
    answers: received.messageId,
    words: `Thank you for looking into this. It still does not print, and the lamp blinks: ${word}. What should I try next?`,
  };
}

/** The card of the ticket whose subject has this word in it. */
export function cardOf(world: World, name: string): Promise<Message> {
  return world.playground.until(() => cardNow(world, name), DEADLINE_MS);
}

export function cardNow(world: World, name: string): Message | undefined {
  return messagesIn(world).find((message) => !isReply(message) && message.bot_id && message.text.includes(name));
}

export function messagesIn(world: World): Message[] {
  const channel = Object.values(world.playground.state.channels).find((one) => one.name === CHANNEL);
  return world.playground.state.messages[channel?.id ?? ''] ?? [];
}

export function isReply(message: Message): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

/** Waits for a mail to this customer that the receiver took. */
export async function received(world: World, name: string, fits: (mail: Received) => boolean = () => true): Promise<Received> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = world.receiver.mails.find((mail) => mail.to.includes(addressOf(name)) && fits(mail));
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`No such mail came to ${name}.\n${world.server.lines.slice(-15).join('\n')}`);
    await wait(RETRY_MS);
  }
}
