import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Event } from './events.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';

/**
 * Words of the house in an event's data, which reports and history need. Everything else that is text goes, so an event
 * nobody thought of here loses too much rather than too little.
 */
const KEPT: Partial<Record<Event['type'], readonly string[]>> = {
  'ticket.opened': ['channel'],
  'comment.added': ['visibility', 'direction'],
  'ticket.status': ['from', 'to'],
  'ticket.priority': ['from', 'to'],
  'ticket.tagged': ['added', 'removed'],
  'ticket.language': ['from', 'to', 'why'],
  'ticket.joined': ['role'],
  'ticket.linked': ['kind'],
  'mail.recorded': ['kind'],
  'delivery.state': ['state'],
  'notice.withheld': ['template'],
  'side.opened': ['channel'],
  'hold.changed': ['state'],
};

/** What happened, when and by whom stays; what was said goes. */
export async function eraseEvents(tx: Writer, ticketId: number, words: string, tally: Tally): Promise<void> {
  const { events, firings } = tx.tables;
  const rows = await tx.select({ id: events.id, type: events.type, data: events.data }).from(events).where(eq(events.ticketId, ticketId));
  for (const batch of inBatches(rows)) {
    for (const { id, type, data } of batch) {
      const clean = withoutWords(data, KEPT[type as Event['type']] ?? [], words);
      if (JSON.stringify(clean) === JSON.stringify(data)) continue;
      await tx.update(events).set({ data: clean }).where(eq(events.id, id));
      count(tally, 'events', 1);
    }
  }
  const fired = await tx.select({ id: firings.id, outcome: firings.outcome }).from(firings).where(eq(firings.ticketId, ticketId));
  for (const { id, outcome } of fired) {
    if (outcome.every((reason) => !reason.params)) continue;
    await tx
      .update(firings)
      .set({ outcome: outcome.map(({ key }) => ({ key })) })
      .where(eq(firings.id, id));
    count(tally, 'firings', 1);
  }
}

/** Numbers, yes and no, the named fields and the keys of reasons stay as they are. */
export function withoutWords(data: Record<string, unknown>, kept: readonly string[], words: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, kept.includes(name) ? value : wordless(value, words)]));
}

function wordless(value: unknown, words: string): unknown {
  if (typeof value === 'string') return words;
  if (Array.isArray(value)) return value.map((one) => wordless(one, words));
  if (value === null || typeof value !== 'object') return value;
  if ('key' in value && typeof value.key === 'string') return { key: value.key };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, wordless(one, words)]));
}
