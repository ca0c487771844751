import { and, count, desc, eq, gt, lt } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import { documentText } from '#text/document.ts';
import type { Arrival } from './arrival.ts';
import { letterBody } from './letter-body.ts';
import { bareSubject } from './understand/subject.ts';

const FLOOD_MAILS = 20;
const ALIKE_MAILS = 10;
const WINDOW = 10 * MINUTE;
const MANY = `${FLOOD_MAILS} mails in 10 minutes from one sender`;
const ALIKE = `${ALIKE_MAILS} mails that are nearly the same in 10 minutes from one sender`;

/** Two mails of which nine words in ten are the same, numbers aside, say the same. */
const ALIKE_SHARE = 0.9;
const MAX_COMPARED = 2_000;

/** Why the mail waits for a person to judge it; null for one of an ordinary number. */
export async function floodOf(tx: Reader, arrival: Arrival, from: string): Promise<string | null> {
  const { id, receivedAt } = arrival.mail;
  const asked = { from, since: later(receivedAt, -WINDOW), mailId: id };
  const [row] = await tx.ask(EARLIER, asked);
  const earlier = row?.mails ?? 0;
  if (earlier >= FLOOD_MAILS - 1) return MANY;
  if (earlier < ALIKE_MAILS - 1) return null;
  return (await countAlike(tx, arrival, asked)) >= ALIKE_MAILS - 1 ? ALIKE : null;
}

type Asked = { from: string; since: Date; mailId: number };

/** Only what came before it: the twentieth is the first that waits. */
const EARLIER = keep<Asked, { mails: number }[]>((reader, { from, since, mailId }) => {
  const { mails } = reader.tables;
  return reader
    .select({ mails: count() })
    .from(mails)
    .where(and(eq(mails.fromAddress, from), gt(mails.receivedAt, since), lt(mails.id, mailId)));
});

async function countAlike(tx: Reader, { letter }: Arrival, { from, since, mailId }: Asked): Promise<number> {
  const { mails, comments, tickets } = tx.tables;
  const rows = await tx
    .select({ reasons: mails.reasons, document: comments.document, subject: tickets.subject })
    .from(mails)
    .leftJoin(comments, eq(comments.id, mails.commentId))
    .leftJoin(tickets, eq(tickets.id, mails.ticketId))
    .where(and(eq(mails.fromAddress, from), gt(mails.receivedAt, since), lt(mails.id, mailId)))
    .orderBy(desc(mails.id))
    .limit(FLOOD_MAILS);
  const own = wordsOf(`${bareSubject(letter.subject)} ${documentText(letterBody(letter, 'first').document)}`);
  return rows.filter(({ reasons, document, subject }) => {
    // One that waits already has no words here, but was judged by the same measure.
    if (reasons.includes(ALIKE)) return true;
    return document !== null && areAlike(own, wordsOf(`${subject ?? ''} ${documentText(document)}`));
  }).length;
}

function wordsOf(text: string): Set<string> {
  const plain = text.slice(0, MAX_COMPARED).toLowerCase().replaceAll(/\d+/g, '0');
  return new Set(plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''));
}

function areAlike(one: Set<string>, other: Set<string>): boolean {
  const shared = one.intersection(other).size;
  return shared >= ALIKE_SHARE * Math.max(1, one.union(other).size);
}
