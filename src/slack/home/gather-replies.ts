import { and, desc, eq, inArray, lt, ne, or } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { DeliveryState } from '#db/words.ts';
import { documentText } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { ticketName } from '#tickets/find.ts';
import { shownState } from '#tickets/late.ts';
import { messageLink } from '../threads.ts';
import type { ReplyLine, Trouble } from './agent.ts';
import { PAGE_SIZE, type Page, pageWithin } from './parts.ts';

/** Somebody with more held replies than this sees the newest. */
const MAX_HELD = 200;
/** A failure is looked for among this many of somebody's newest replies. */
const LOOK_BACK = 500;
/** Slack takes a control line within seconds; later than this, something is wrong with it. */
const LINE_PATIENCE = MINUTE;
const TROUBLED = ['failed', 'bounced', 'unknown'] as const satisfies DeliveryState[];

/** Replies of one agent that a person must look at, the newest first. */
export async function troubledReplies(desk: Desk, personId: number, wanted: number | undefined): Promise<Page<ReplyLine>> {
  const replies = [...(await heldReplies(desk, personId)), ...(await failedReplies(desk, personId))];
  const newest = replies.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const page = pageWithin(wanted, newest.length);
  return { items: newest.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), page, total: newest.length };
}

async function heldReplies(desk: Desk, personId: number): Promise<ReplyLine[]> {
  const { holds, tickets } = desk.db.tables;
  const isStuck = and(eq(holds.state, 'lining'), lt(holds.updatedAt, later(desk.clock.now(), -LINE_PATIENCE)));
  const rows = await desk.db
    .select({ hold: holds, number: tickets.number, subject: tickets.subject })
    .from(holds)
    .innerJoin(tickets, eq(tickets.id, holds.ticketId))
    .where(and(eq(holds.authorId, personId), or(inArray(holds.state, ['paused', 'waiting']), isStuck)))
    .orderBy(desc(holds.id))
    .limit(MAX_HELD);
  return rows.map(({ hold, number, subject }) => ({
    name: ticketName(desk.settings, { number }),
    subject,
    trouble: hold.state as Trouble,
    words: documentText(hold.document),
    reasons: hold.reasons,
    response: null,
    at: hold.createdAt,
    url: placeOf(hold),
  }));
}

/** Gone once the ticket is solved: a failure reopens it, so whoever solves it has seen to it. */
async function failedReplies(desk: Desk, personId: number): Promise<ReplyLine[]> {
  const { holds, deliveries, tickets } = desk.db.tables;
  const newest = desk.db
    .select({
      commentId: holds.commentId,
      document: holds.document,
      channel: holds.channel,
      threadTs: holds.threadTs,
      sourceTs: holds.sourceTs,
    })
    .from(holds)
    .where(and(eq(holds.authorId, personId), eq(holds.state, 'released')))
    .orderBy(desc(holds.id))
    .limit(LOOK_BACK)
    .as('newest');
  const rows = await desk.db
    .select({
      place: { channel: newest.channel, threadTs: newest.threadTs, sourceTs: newest.sourceTs },
      document: newest.document,
      delivery: {
        state: deliveries.state,
        response: deliveries.response,
        at: deliveries.updatedAt,
        lateness: deliveries.lateness,
      },
      ticket: { number: tickets.number, subject: tickets.subject },
    })
    .from(newest)
    .innerJoin(deliveries, eq(deliveries.commentId, newest.commentId))
    .innerJoin(tickets, eq(tickets.id, deliveries.ticketId))
    .where(
      and(
        or(
          inArray(deliveries.state, [...TROUBLED]),
          and(ne(deliveries.lateness, 'none'), inArray(deliveries.state, ['queued', 'sending', 'delayed'])),
        ),
        inArray(tickets.status, ['new', 'open', 'pending', 'on_hold']),
      ),
    );
  const shown = rows.filter(({ delivery }) => shownState(delivery) !== 'sending');
  return shown.map(({ place, document, delivery, ticket }) => ({
    name: ticketName(desk.settings, ticket),
    subject: ticket.subject,
    trouble: shownState(delivery) as Trouble,
    words: documentText(document),
    reasons: [],
    response: delivery.response,
    at: delivery.at,
    url: placeOf(place),
  }));
}

/** The message in its thread; what was written in a modal has only the thread. */
function placeOf({ channel, threadTs, sourceTs }: { channel: string; threadTs: string; sourceTs: string | null }): string | null {
  if (channel === '' || threadTs === '') return null;
  if (sourceTs === null || sourceTs === threadTs) return messageLink(channel, threadTs);
  return `${messageLink(channel, sourceTs)}?thread_ts=${threadTs}&cid=${channel}`;
}
