import { z } from 'zod';
import { PRIORITIES } from '#db/words.ts';
import { type Action, type Condition, type Trigger, trigger } from '#rules/rule.ts';
import { valueIn } from './fields.ts';

export const SIDES = ['all', 'any'] as const;
/** A choice of "leave it as it is". */
export const LEAVE = 'leave';
/** What a rule sets on a ticket: a rule with one of these may be given the others. */
const SETTERS = ['group', 'priority', 'tag'] as const;
const TEMPLATES = ['confirmation', 'solved', 'follow_up'] as const;

export const wordsBlock = (side: (typeof SIDES)[number], index: number) => `words:${side}:${index}`;
export const templateBlock = (index: number) => `template:${index}`;

type Typed = Record<string, Record<string, { selected_options?: unknown[] | null }>>;
type Parsed = { rule: Trigger } | { errors: Record<string, string> };

export function isSetter(action: Action): boolean {
  return (SETTERS as readonly string[]).includes(action.do);
}

/** The rule as it was, with what the form has changed; what the form did not ask about stays. Errors are keys, by block. */
export function parseRule(state: unknown, before: { rule: Trigger; shownName: string }): Parsed {
  const { rule } = before;
  const name = valueIn(state, 'name') ?? '';
  const conditions = { all: conditionsIn(state, rule, 'all'), any: conditionsIn(state, rule, 'any') };
  const result = trigger.safeParse({
    ...rule,
    // A shipped rule whose shown name was left alone keeps the one that is translated.
    name: name === before.shownName ? rule.name : name,
    isEnabled: isTicked(state, 'enabled'),
    conditions,
    actions: actionsIn(state, rule),
  });
  if (result.success) return { rule: result.data };
  return { errors: Object.fromEntries(result.error.issues.map((issue) => errorOf(issue, rule))) };
}

function conditionsIn(state: unknown, rule: Trigger, side: (typeof SIDES)[number]): Condition[] {
  return rule.conditions[side].map((condition, index) => {
    const block = wordsBlock(side, index);
    return condition.fact === 'words' && has(state, block) ? { ...condition, contain: listed(state, block) } : condition;
  });
}

function actionsIn(state: unknown, rule: Trigger): unknown[] {
  const others = rule.actions.flatMap((action, index): unknown[] => {
    if (isSetter(action) && has(state, 'priority')) return [];
    const template = valueIn(state, templateBlock(index));
    return [action.do === 'notify' && template ? { ...action, template: TEMPLATES.find((one) => one === template) } : action];
  });
  return has(state, 'priority') ? [...others, ...settersIn(state)] : others;
}

function settersIn(state: unknown): unknown[] {
  const group = valueIn(state, 'group') ?? LEAVE;
  const priority = PRIORITIES.find((one) => one === valueIn(state, 'priority'));
  const tags = [...new Set(listed(state, 'tags').map((tag) => tag.replace(/^#/, '')))];
  return [
    ...(group === LEAVE ? [] : [{ do: 'group', groupId: Number(group) }]),
    ...(priority ? [{ do: 'priority', priority }] : []),
    ...(tags.length > 0 ? [{ do: 'tag', tags }] : []),
  ];
}

/** Separated by commas or line ends; each once. */
function listed(state: unknown, block: string): string[] {
  const words = (valueIn(state, block) ?? '').split(/[,\n;]/).map((word) => word.replaceAll(/\s+/g, ' ').trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

function has(state: unknown, block: string): boolean {
  return block in (state as Typed);
}

function isTicked(state: unknown, block: string): boolean {
  return (Object.values((state as Typed)[block] ?? {})[0]?.selected_options ?? []).length > 0;
}

function errorOf({ path }: z.core.$ZodIssue, rule: Trigger): [string, string] {
  const [part, second, third] = path.map(String);
  if (part === 'conditions' && third !== undefined)
    return [wordsBlock(second === 'any' ? 'any' : 'all', Number(third)), 'rules:error.words'];
  if (part === 'actions' && path.includes('tags')) return ['tags', 'rules:error.tags'];
  if (part === 'actions' && rule.actions.some(isSetter)) return ['priority', 'rules:error.actions'];
  return ['name', part === 'name' ? 'rules:error.name' : 'rules:error.other'];
}
