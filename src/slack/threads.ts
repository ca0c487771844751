import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';

export type Thread = Row<'slackThreads'>;

/** What a thread is about; undefined for one that is none of ours. */
export async function threadAt(reader: Reader, channel: string, ts: string): Promise<Thread | undefined> {
  const { slackThreads } = reader.tables;
  const [thread] = await reader
    .select()
    .from(slackThreads)
    .where(and(eq(slackThreads.channel, channel), eq(slackThreads.ts, ts)))
    .limit(1);
  return thread;
}

/** The ticket's card: the root of the thread agents work in. */
export async function cardThread(reader: Reader, ticketId: number): Promise<Thread | undefined> {
  return threadOf(reader, ticketId, 'card');
}

/** The thread where a requester who is a Slack member gets answers. */
export async function requesterThread(reader: Reader, ticketId: number): Promise<Thread | undefined> {
  return threadOf(reader, ticketId, 'requester');
}

async function threadOf(reader: Reader, ticketId: number, kind: Thread['kind']): Promise<Thread | undefined> {
  const { slackThreads } = reader.tables;
  const [thread] = await reader
    .select()
    .from(slackThreads)
    .where(and(eq(slackThreads.ticketId, ticketId), eq(slackThreads.kind, kind)))
    .orderBy(desc(slackThreads.id))
    .limit(1);
  return thread;
}

export async function addThread(desk: Desk, tx: Writer, thread: Omit<Thread, 'id' | 'createdAt'>): Promise<void> {
  await tx
    .insert(tx.tables.slackThreads)
    .values({ ...thread, createdAt: desk.clock.now() })
    .onConflictDoNothing();
}

/** The old card becomes an alias: what is written there is kept as notes. */
export async function retireThread(tx: Writer, thread: Thread): Promise<void> {
  await tx.update(tx.tables.slackThreads).set({ kind: 'alias' }).where(eq(tx.tables.slackThreads.id, thread.id));
}

export function messageLink(channel: string, ts: string): string {
  return `https://slack.com/archives/${channel}/p${ts.replace('.', '')}`;
}

/** The newest thread of a kind, by ticket. */
export async function threadUrls(reader: Reader, ticketIds: number[], kind: Thread['kind']): Promise<Map<number, string>> {
  if (ticketIds.length === 0) return new Map();
  const { slackThreads } = reader.tables;
  const threads = await reader
    .select({ ticketId: slackThreads.ticketId, channel: slackThreads.channel, ts: slackThreads.ts })
    .from(slackThreads)
    .where(and(inArray(slackThreads.ticketId, ticketIds), eq(slackThreads.kind, kind)))
    .orderBy(asc(slackThreads.id));
  return new Map(threads.map(({ ticketId, channel, ts }) => [ticketId, messageLink(channel, ts)]));
}
