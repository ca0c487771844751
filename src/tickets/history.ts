import { desc, eq, inArray } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';

export interface Happened {
  event: Row<'events'>;
  actor: string | null;
  /** Set when the actor is a rule that was shipped, which has a name in every language. */
  rule?: Pick<Row<'rules'>, 'name' | 'builtin'>;
  /** Who is meant by ids of people in its data. */
  people?: Record<string, string>;
}

/** What happened to a ticket, newest first, with who did it. */
export async function historyOf(reader: Reader, ticketId: number, limit: number): Promise<Happened[]> {
  const { events } = reader.tables;
  const rows = await reader.select().from(events).where(eq(events.ticketId, ticketId)).orderBy(desc(events.id)).limit(limit);
  const acting = await rulesBehind(reader, rows);
  const names = await namesIn(reader, rows);
  return rows.map((event) => {
    const rule = event.actorKind === 'rule' ? acting.get(event.actorId ?? 0) : undefined;
    const actor = event.actorKind === 'person' ? (names.get(event.actorId ?? 0) ?? null) : (rule?.name ?? null);
    return {
      event,
      actor,
      ...(rule ? { rule } : {}),
      people: Object.fromEntries(peopleIn(event).map(([key, id]) => [key, names.get(id) ?? ''])),
    };
  });
}

async function rulesBehind(reader: Reader, rows: Row<'events'>[]): Promise<Map<number, Pick<Row<'rules'>, 'name' | 'builtin'>>> {
  const ids = [...new Set(rows.filter((event) => event.actorKind === 'rule').map((event) => event.actorId ?? 0))];
  if (ids.length === 0) return new Map();
  const { rules } = reader.tables;
  const found = await reader.select({ id: rules.id, name: rules.name, builtin: rules.builtin }).from(rules).where(inArray(rules.id, ids));
  return new Map(found.map(({ id, ...rule }) => [id, rule]));
}

async function namesIn(reader: Reader, rows: Row<'events'>[]): Promise<Map<number, string>> {
  const acting = rows.filter((event) => event.actorKind === 'person').map((event) => event.actorId ?? 0);
  const ids = [...new Set([...acting, ...rows.flatMap(peopleIn).map(([, id]) => id)])];
  if (ids.length === 0) return new Map();
  const { people } = reader.tables;
  const found = await reader.select({ id: people.id, name: people.name }).from(people).where(inArray(people.id, ids));
  return new Map(found.map(({ id, name }) => [id, name]));
}

const PEOPLE: Partial<Record<string, readonly string[]>> = {
  'ticket.assigned': ['from', 'to'],
  'ticket.requester': ['from', 'to'],
  'ticket.joined': ['personId'],
};

/** The fields of an event that are somebody. */
function peopleIn({ type, data }: Row<'events'>): [string, number][] {
  return (PEOPLE[type] ?? []).flatMap((key): [string, number][] => (typeof data[key] === 'number' ? [[key, Number(data[key])]] : []));
}
