import { z } from 'zod';
import { CHANNELS, PRIORITIES, STATUSES } from '#db/words.ts';
import type { Row } from '#db/schema.ts';

/** Which events a trigger can stand on. */
export const EVENTS = ['ticket.opened', 'comment.added', 'ticket.status'] as const;

const yesNo = z.enum(['yes', 'no']);

/** One thing a trigger asks of an event's facts. `in`: one of these · `contain`: a word beginning with one of these. */
export const condition = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('words'), contain: z.array(z.string().trim().min(2).max(60)).min(1).max(50) }),
  z.object({ fact: z.literal('channel'), in: z.array(z.enum(CHANNELS)).min(1) }),
  z.object({ fact: z.literal('status'), in: z.array(z.enum(STATUSES)).min(1) }),
  z.object({ fact: z.literal('visibility'), in: z.array(z.enum(['public', 'internal'])).min(1) }),
  z.object({ fact: z.literal('direction'), in: z.array(z.enum(['in', 'out'])).min(1) }),
  z.object({ fact: z.literal('language'), in: z.array(z.string().min(2).max(5)).min(1) }),
  z.object({ fact: z.literal('answerable'), in: z.array(yesNo).length(1) }),
  z.object({ fact: z.literal('automatic'), in: z.array(yesNo).length(1) }),
  z.object({ fact: z.literal('followUp'), in: z.array(yesNo).length(1) }),
  z.object({ fact: z.literal('repliedRecently'), in: z.array(yesNo).length(1) }),
]);

export const action = z.discriminatedUnion('do', [
  z.object({ do: z.literal('notify'), template: z.enum(['confirmation', 'solved', 'follow_up']) }),
  z.object({ do: z.literal('sendReply') }),
  z.object({ do: z.literal('group'), groupId: z.number().int().positive() }),
  z.object({ do: z.literal('priority'), priority: z.enum(PRIORITIES) }),
  z.object({ do: z.literal('tag'), tags: z.array(z.string().trim().min(1).max(40)).min(1).max(10) }),
]);

export const trigger = z.object({
  name: z.string().trim().min(1).max(80),
  isEnabled: z.boolean(),
  on: z.array(z.enum(EVENTS)).min(1),
  conditions: z.object({ all: z.array(condition).max(20), any: z.array(condition).max(20) }),
  actions: z.array(action).min(1).max(10),
});

export type Condition = z.infer<typeof condition>;
export type Action = z.infer<typeof action>;
export type Trigger = z.infer<typeof trigger>;

/** What a rule may ask about. */
export interface Facts {
  words: string;
  channel: string;
  status: string;
  visibility: string;
  direction: string;
  language: string;
  answerable: 'yes' | 'no';
  automatic: 'yes' | 'no';
  followUp: 'yes' | 'no';
  repliedRecently: 'yes' | 'no';
}

/** A stored rule as the schema knows it; throws when the row was damaged. */
export function readTrigger(row: Row<'rules'>): Trigger {
  return trigger.parse({ name: row.name, isEnabled: row.isEnabled, on: row.on, conditions: row.conditions, actions: row.actions });
}
