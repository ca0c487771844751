import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { NewRow } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Person } from '#tickets/people.ts';
import { audit } from '#tickets/roles.ts';
import { CANARY } from './erase.canary.ts';

export const ADDRESS = `${CANARY}@asiakas.test`;
export const NAME = `Z${CANARY.slice(1)} Virtanen`;
export const SLACK_ID = `U0${CANARY.toUpperCase()}`;
export const THREAD = '1764000000.000100';

export interface Planted {
  person: Person;
  anna: Person;
  ticketId: number;
  holdId: number;
  sideId: number;
  commentIds: number[];
}

/** Corners no verb of this floor writes to. */
export async function plantRows(desk: Desk, at: Planted): Promise<void> {
  const now = desk.clock.now();
  const { ticketId, anna } = at;
  await desk.db.transaction('plant rows', async (tx, carried) => {
    const t = tx.tables;
    await tx
      .update(t.tickets)
      .set({ customFields: { contract: CANARY }, tags: [`${CANARY}-vip`], category: NAME })
      .where(eq(t.tickets.id, ticketId));
    await tx.insert(t.messageIds).values({ messageId: `${CANARY}@asiakas.test`, ticketId, isOwn: false, at: now });
    await tx.insert(t.notices).values({ ticketId, audience: 'agent', template: 'alarm', key: `alarm:${ADDRESS}`, createdAt: now });
    await tx.insert(t.automaticMails).values({ address: ADDRESS, domain: 'asiakas.test', at: now });
    await tx.insert(t.slackUsers).values(slackUser(now));
    await tx.insert(t.threadMessages).values({
      key: `slack:T1:C1:${SLACK_ID}`,
      ticketId,
      authorId: anna.id,
      channel: 'C1',
      ts: '1764000001.000100',
      threadTs: THREAD,
      kind: 'reply',
      reasons: [{ key: 'audience.name', params: { name: NAME } }],
      holdId: at.holdId,
      at: now,
    });
    await tx.insert(t.slackThreads).values({ channel: 'C1', ts: THREAD, ticketId, kind: 'card', createdAt: now });
    await tx.insert(t.slackPosts).values(slackPosts(at, now));
    await tx.insert(t.inbox).values(inboxRows(now));
    await tx.insert(t.jobs).values(jobRows(ticketId, now));
    await tx.insert(t.groupMembers).values({ groupId: 1, personId: at.person.id });
    await tx.insert(t.ticketPeople).values({ ticketId, personId: at.person.id, role: 'follower', addedAt: now });
    await plantFiring(tx, ticketId, now);
    await audit({ ...desk, db: carried }, tx, anna.id, 'person.renamed', `person:${at.person.id}`, { from: CANARY, to: NAME });
    await audit({ ...desk, db: carried }, tx, anna.id, 'mail.released', ADDRESS, { name: NAME });
  });
}

const slackUser = (now: Date): NewRow<'slackUsers'> => ({
  id: SLACK_ID,
  teamId: 'T1',
  name: NAME,
  email: ADDRESS,
  locale: 'fi-FI',
  timeZone: 'Europe/Helsinki',
  isBot: false,
  isGuest: false,
  isStranger: false,
  isOwner: false,
  isDeleted: false,
  fetchedAt: now,
});

function slackPosts({ ticketId, holdId, sideId, commentIds }: Planted, now: Date): NewRow<'slackPosts'>[] {
  const keys = [
    `card:${ticketId}:C1`,
    ...commentIds.map((id) => `comment:${id}`),
    `line:${holdId}`,
    `side:${sideId}`,
    `tell:greeting:${SLACK_ID}`,
  ];
  const posts = keys.map((key, index) => ({
    key,
    ticketId: key.startsWith('tell') ? null : ticketId,
    channel: 'C1',
    threadTs: THREAD,
    ts: `176400001${index}.000100`,
    hash: 'a1',
    state: 'posted' as const,
    updatedAt: now,
  }));
  return [
    ...posts,
    {
      key: `file:${commentIds[0]}:1`,
      ticketId,
      channel: 'C1',
      threadTs: THREAD,
      ts: null,
      fileId: 'F0CARD',
      hash: null,
      state: 'posted',
      updatedAt: now,
    },
  ];
}

function inboxRows(now: Date): NewRow<'inbox'>[] {
  const row = (key: string, payload: Record<string, unknown>, doneAt: Date | null) => ({
    key,
    kind: 'message',
    payload,
    receivedAt: now,
    doneAt,
  });
  return [
    row('message:1', { channel: 'C1', thread_ts: THREAD, text: `in their thread: ${CANARY}` }, now),
    row('message:2', { channel: 'C9', ts: '1', text: `${NAME} called` }, now),
    row(
      'message:3',
      { channel: 'C9', ts: '2', text: `<mailto:${ADDRESS}|${ADDRESS}> and a%20link?to=${encodeURIComponent(ADDRESS)}` },
      null,
    ),
    row(`message:4:${SLACK_ID}`, { channel: 'C9', ts: '3', user: SLACK_ID, text: 'the rest stays' }, null),
  ];
}

function jobRows(ticketId: number, now: Date): NewRow<'jobs'>[] {
  const row = { runAt: now, createdAt: now };
  return [
    {
      ...row,
      kind: 'slack.tell',
      payload: { ticketId, userId: 'U1', text: 'slack:hint.card_lost', params: { words: `${CANARY} is waiting` } },
    },
    { ...row, kind: 'slack.event', lane: `slack:T1:user:${SLACK_ID}`, key: `event:${ADDRESS}`, payload: { inboxId: 1 } },
    { ...row, kind: 'deliver.mail', payload: { deliveryId: 1 }, error: `550 <${ADDRESS}> unknown`, stoppedAt: now },
  ];
}

async function plantFiring(tx: Writer, ticketId: number, at: Date): Promise<void> {
  const [rule] = await tx.select().from(tx.tables.rules).limit(1);
  await tx.insert(tx.tables.firings).values({
    ruleId: rule?.id ?? 0,
    ruleVersion: 1,
    eventId: -1,
    ticketId,
    outcome: [{ key: 'firing.mailed', params: { name: NAME, words: CANARY } }],
    at,
  });
}
