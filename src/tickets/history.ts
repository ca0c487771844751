import { desc, eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { personById } from './people.ts';

export interface Happened {
  event: Row<'events'>;
  actor: string | null;
}

/** What happened to a ticket, newest first, with who did it. */
export async function historyOf(reader: Reader, ticketId: number, limit: number): Promise<Happened[]> {
  const { events, rules } = reader.tables;
  const rows = await reader.select().from(events).where(eq(events.ticketId, ticketId)).orderBy(desc(events.id)).limit(limit);
  const names = new Map<string, string | null>();
  for (const { actorKind, actorId } of rows) {
    const key = `${actorKind}:${actorId}`;
    if (names.has(key) || actorId === null) continue;
    if (actorKind === 'person') names.set(key, (await personById(reader, actorId))?.name ?? null);
    if (actorKind === 'rule')
      names.set(key, (await reader.select({ name: rules.name }).from(rules).where(eq(rules.id, actorId)))[0]?.name ?? null);
  }
  return rows.map((event) => ({ event, actor: names.get(`${event.actorKind}:${event.actorId}`) ?? null }));
}
