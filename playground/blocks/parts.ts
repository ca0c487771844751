import limits from '../rules/limits.json' with { type: 'json' };
import { type Check, type Rule, byType, complain, flag, isObject, list, oneOf, shape, text } from './check.ts';

const PLACEHOLDER = limits.select.placeholder.max_length;

export const url = text({ min: 1, max: limits.button.url.max_length, pattern: /^(https?|mailto|tel|slack):/i });
export const actionId = text({ min: 1, max: limits.action_id.max_length });

export function plainText(max: number = limits.text.max_length): Rule {
  return byType({ plain_text: shape({ type: oneOf('plain_text'), text: text({ min: 1, max }) }, { emoji: flag }) });
}

export function markdownText(max: number = limits.text.max_length): Rule {
  return byType({ mrkdwn: shape({ type: oneOf('mrkdwn'), text: text({ min: 1, max }) }, { verbatim: flag }) });
}

export function anyText(max: number = limits.text.max_length): Rule {
  return byType({ plain_text: plainText(max), mrkdwn: markdownText(max) });
}

export const placeholder = plainText(PLACEHOLDER);

export const style = oneOf('primary', 'danger');

export const confirm = shape(
  { text: anyText(limits.confirmation.text.max_length) },
  {
    title: plainText(limits.confirmation.title.max_length),
    confirm: plainText(limits.confirmation.confirm.max_length),
    deny: plainText(limits.confirmation.deny.max_length),
    style,
  },
);

export type OptionKind = 'plain' | 'rich' | 'menu';

/** Checkboxes and radio buttons may format; only overflow menus may link. */
export function option(kind: OptionKind): Rule {
  const words = kind === 'rich' ? anyText : plainText;
  return shape(
    { text: words(limits.option.text.max_length), value: text({ min: 1, max: limits.option.value.max_length }) },
    {
      description: words(limits.option.description.max_length),
      ...(kind === 'menu' ? { url: text({ min: 1, max: limits.option.url.max_length }) } : {}),
    },
  );
}

export function options(kind: OptionKind, limit: { min: number; max: number }): Rule {
  return list(option(kind), limit);
}

export const optionGroups = list(
  shape({
    label: plainText(limits.option_group.label.max_length),
    options: options('plain', { min: limits.option_group.options.min_items, max: limits.option_group.options.max_items }),
  }),
  { min: 1, max: limits.select.option_groups.max_items },
);

export const conversationFilter: Rule = (check, value, pointer) => {
  shape(
    {},
    {
      include: list(oneOf('im', 'mpim', 'private', 'public'), { min: 1 }),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
  )(check, value, pointer);
  if (isObject(value) && Object.keys(value).length === 0)
    complain(check, pointer, { code: 'missing_required', message: 'must provide at least one filter' });
};

export const dispatchConfig = shape({ trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1 }) });

/** Only one element of a view may take the cursor. */
export const focus: Rule = (check, value, pointer) => {
  flag(check, value, pointer);
  if (value === true) check.focused += 1;
  if (value === true && check.focused > 1)
    complain(check, pointer, { code: 'duplicate', message: 'only one element may have focus_on_load' });
};

export const slackFile: Rule = (check, value, pointer) => {
  shape({}, { id: text({ min: 1 }), url: text({ min: 1 }) })(check, value, pointer);
  if (isObject(value)) exactlyOne(check, { value, pointer, names: ['id', 'url'] });
};

export function exactlyOne(check: Check, what: { value: Record<string, unknown>; pointer: string; names: string[] }): void {
  const given = what.names.filter((name) => what.value[name] !== undefined);
  if (given.length === 1) return;
  const message = given.length === 0 ? `missing required field: ${what.names[0]}` : `only one of ${what.names.join(', ')} is allowed`;
  complain(check, what.pointer, {
    code: given.length === 0 ? 'missing_required' : 'mutually_exclusive',
    message,
    constraint: what.names.join(','),
  });
}

/** What is preselected must be one of the options, to the letter. */
export function initialAmong(check: Check, value: Record<string, unknown>, pointer: string): void {
  const groups = Array.isArray(value['option_groups']) ? (value['option_groups'] as unknown[]) : [];
  const grouped = groups.flatMap((group) => (isObject(group) && Array.isArray(group['options']) ? (group['options'] as unknown[]) : []));
  const known = [...(Array.isArray(value['options']) ? (value['options'] as unknown[]) : []), ...grouped].map(canonical);
  const chosen = [value['initial_option'], value['initial_options']].flat().filter((entry) => entry !== undefined);
  for (const entry of chosen) {
    if (!known.includes(canonical(entry)))
      complain(check, pointer, { code: 'not_allowed', message: 'initial_option must match one of the options' });
  }
}

function canonical(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value);
  return JSON.stringify(
    Object.entries(value).toSorted(([left], [right]) => left.localeCompare(right)),
    (_key, part: unknown) =>
      isObject(part)
        ? Object.entries(part)
            .filter(([name]) => name !== 'emoji')
            .toSorted(([left], [right]) => left.localeCompare(right))
        : part,
  );
}
