import type { Block } from '#slack/slack.ts';

/** Small builders for the inputs modals share. Labels come translated. */
export function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: true };
}

export interface TextInput {
  block: string;
  /** Where the block's id says more than the field's name. */
  action?: string;
  label: string;
  initial?: string | undefined;
  isLong?: boolean;
  isOptional?: boolean;
  hint?: string;
  placeholder?: string;
  maxLength?: number;
}

export function textInput(input: TextInput): Block {
  return {
    type: 'input',
    block_id: input.block,
    label: plain(input.label),
    optional: input.isOptional ?? false,
    element: {
      type: 'plain_text_input',
      action_id: input.action ?? 'value',
      multiline: input.isLong ?? false,
      max_length: input.maxLength ?? (input.isLong ? 3_000 : 250),
      ...(input.initial ? { initial_value: input.initial } : {}),
      ...(input.placeholder ? { placeholder: plain(input.placeholder) } : {}),
    },
    ...(input.hint ? { hint: plain(input.hint) } : {}),
  };
}

export interface Choice {
  block: string;
  action?: string;
  label: string;
  options: { value: string; text: string }[];
  initial: string;
  hint?: string;
}

export function choice({ block, action, label, options, initial, hint }: Choice): Block {
  const all = options.map((option) => ({ text: plain(option.text.slice(0, 75)), value: option.value }));
  const chosen = all.find((option) => option.value === initial);
  return {
    type: 'input',
    block_id: block,
    label: plain(label),
    element: { type: 'static_select', action_id: action ?? 'value', options: all, ...(chosen ? { initial_option: chosen } : {}) },
    ...(hint ? { hint: plain(hint) } : {}),
  };
}

export interface Checkbox {
  block: string;
  label: string;
  /** What is true when it is ticked. */
  text: string;
  hint?: string;
  isTicked: boolean;
}

export function checkbox({ block, label, text, hint, isTicked }: Checkbox): Block {
  const option = { text: plain(text.slice(0, 75)), value: 'ticked' };
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(label),
    element: { type: 'checkboxes', action_id: 'value', options: [option], ...(isTicked ? { initial_options: [option] } : {}) },
    ...(hint ? { hint: plain(hint) } : {}),
  };
}

export function isTickedIn(state: unknown, block: string): boolean {
  return (Object.values((state as Values)[block] ?? {})[0]?.selected_options ?? []).length > 0;
}

type Values = Record<
  string,
  Record<
    string,
    {
      value?: string | null;
      selected_option?: { value: string; text?: { text: string } } | null;
      selected_conversation?: string | null;
      selected_channel?: string | null;
      selected_options?: unknown[] | null;
    }
  >
>;

/** What was typed or chosen in a block; undefined when nothing was. */
export function valueIn(state: unknown, block: string): string | undefined {
  const element = Object.values((state as Values)[block] ?? {})[0];
  const value = element?.value ?? element?.selected_option?.value ?? element?.selected_conversation ?? element?.selected_channel;
  return value?.trim() ? value.trim() : undefined;
}

/** Slack keeps what was typed by block id, so a field that begins anew has another: `subject:own` is still the subject. */
export function blockOf(state: unknown, name: string): string {
  return Object.keys((state ?? {}) as object).find((block) => block === name || block.startsWith(`${name}:`)) ?? name;
}

/** The words of the option chosen in a field. */
export function chosenText(state: unknown, name: string): string {
  const element = Object.values((state as Values)[blockOf(state, name)] ?? {})[0];
  return element?.selected_option?.text?.text ?? '';
}
