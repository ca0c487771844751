import { eq, sql } from 'drizzle-orm';
import type { Desk } from '#tickets/desk.ts';
import type { Trigger } from './rule.ts';

/** What a new desk begins with. Names are shown in the reader's language by the key. */
export const DEFAULT_TRIGGERS: (Trigger & { builtin: string })[] = [
  {
    builtin: 'routing',
    name: 'Routing by words',
    isEnabled: true,
    on: ['ticket.opened'],
    conditions: {
      all: [{ fact: 'words', contain: ['urgent', 'asap', 'kiireellinen', 'kiire', 'brådskande', 'akut', 'срочно', 'срочный'] }],
      any: [],
    },
    actions: [{ do: 'priority', priority: 'high' }],
  },
  {
    builtin: 'confirmation',
    name: 'Confirmation',
    isEnabled: true,
    on: ['ticket.opened'],
    conditions: {
      all: [
        { fact: 'answerable', in: ['yes'] },
        { fact: 'followUp', in: ['no'] },
      ],
      any: [],
    },
    actions: [{ do: 'notify', template: 'confirmation' }],
  },
  {
    builtin: 'follow_up',
    name: 'Follow-up notice',
    isEnabled: true,
    on: ['ticket.opened'],
    conditions: {
      all: [
        { fact: 'answerable', in: ['yes'] },
        { fact: 'followUp', in: ['yes'] },
      ],
      any: [],
    },
    actions: [{ do: 'notify', template: 'follow_up' }],
  },
  {
    builtin: 'reply',
    name: 'Reply notice',
    isEnabled: true,
    on: ['comment.added'],
    conditions: {
      all: [
        { fact: 'visibility', in: ['public'] },
        { fact: 'direction', in: ['out'] },
        { fact: 'automatic', in: ['no'] },
      ],
      any: [],
    },
    actions: [{ do: 'sendReply' }],
  },
  {
    builtin: 'solved',
    name: 'Solved notice',
    isEnabled: true,
    on: ['ticket.status'],
    conditions: { all: [{ fact: 'status', in: ['solved'] }], any: [] },
    actions: [{ do: 'notify', template: 'solved' }],
  },
];

/** Writes the shipped rules as this release means them; those an admin changed stay as they are. */
export async function shipRules(desk: Desk): Promise<void> {
  const now = desk.clock.now();
  const rows = DEFAULT_TRIGGERS.map((rule, index) => ({
    ...rule,
    kind: 'trigger' as const,
    position: (index + 1) * 10,
    createdAt: now,
    updatedAt: now,
  }));
  await desk.db.transaction('ship rules', async (tx) => {
    const table = tx.tables.rules;
    const shipped = { conditions: sql`excluded.conditions`, actions: sql`excluded.actions` };
    await tx
      .insert(table)
      .values(rows)
      .onConflictDoUpdate({ target: table.builtin, set: shipped, setWhere: eq(table.version, 1) });
  });
}
