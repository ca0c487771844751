import { z } from 'zod';
import { CHANNELS, PRIORITIES } from '#db/words.ts';
import { appendBlock } from './create-about.ts';
import { blockOf, valueIn } from './fields.ts';

const input = z.object({
  requester: z.string({ error: 'ticket.requester_missing' }),
  subject: z.string({ error: 'ticket.subject_missing' }),
  description: z.string({ error: 'ticket.description_missing' }),
  channel: z.enum(CHANNELS),
  notify: z.enum(['no', 'email']),
  priority: z.enum(PRIORITIES),
  group: z.coerce.number().int().optional(),
  append: z.coerce.number().int().optional(),
  newName: z.string().optional(),
  newEmail: z.email('ticket.requester_unclear').optional(),
});
export type CreateInput = z.infer<typeof input>;

/** Somebody the desk knows; null for who was typed. */
export function chosenPerson({ requester }: Pick<CreateInput, 'requester'>): number | null {
  return requester.startsWith('person:') ? Number(requester.slice('person:'.length)) : null;
}

/** What was typed, or which block says what is missing. Errors are keys of `failures`. */
export function parseCreate(state: unknown): { input: CreateInput } | { errors: Record<string, string> } {
  const names: Record<string, string> = { newName: 'new_name', newEmail: 'new_email' };
  const block = (name: string) => blockOf(state, names[name] ?? name);
  const read = (name: string) => (name === 'append' ? chosenMatter(state) : valueIn(state, block(name)));
  const result = input.safeParse(Object.fromEntries(Object.keys(input.shape).map((name) => [name, read(name)])));
  if (result.success) return { input: result.data };
  return {
    errors: Object.fromEntries(result.error.issues.map((issue) => [block(String(issue.path[0])), issue.message])),
  };
}

/** A choice among another requester's matters counts for nothing: the form may be older than the requester in it. */
function chosenMatter(state: unknown): string | undefined {
  const requester = valueIn(state, blockOf(state, 'requester')) ?? '';
  const chosen = valueIn(state, appendBlock(requester));
  return chosen === 'new' ? undefined : chosen;
}
