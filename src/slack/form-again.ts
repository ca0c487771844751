import type { PlainTextElement, View } from '@slack/types';
import { section } from './card.ts';
import { escape } from './mrkdwn.ts';
import type { Block } from './slack.ts';

/** A modal as Slack gives it back with what was typed. */
export interface SentForm {
  callback_id: string;
  private_metadata: string;
  title?: PlainTextElement;
  submit?: PlainTextElement | null;
  close?: PlainTextElement | null;
  blocks?: Block[];
  state: { values: unknown };
}

type Typed = Record<string, Record<string, Record<string, unknown>>>;

/** The form with everything typed in it still there, and what is wrong above the field it is about: pure. */
export function formAgain(form: SentForm, errors: Record<string, string>): View {
  const values = form.state.values as Typed;
  const blocks = (form.blocks ?? []).flatMap((block): Block[] => {
    const id = String(block['block_id'] ?? '');
    const error = errors[id];
    return [...(error ? [section(`⚠️ ${escape(error)}`)] : []), filledIn(block, values[id])];
  });
  const { callback_id, private_metadata, title, submit, close } = form;
  return {
    type: 'modal',
    callback_id,
    private_metadata,
    title,
    blocks,
    ...(submit ? { submit } : {}),
    ...(close ? { close } : {}),
  } as View;
}

function filledIn(block: Block, typed: Typed[string] | undefined): Block {
  const element = block['element'] as Record<string, unknown> | undefined;
  const state = element && typed?.[String(element['action_id'])];
  if (!state) return block;
  const [key, value] = Object.entries(state).find(([name]) => name !== 'type') ?? [];
  if (key === undefined) return block;
  const initial = key.startsWith('selected_') ? key.replace('selected_', 'initial_') : 'initial_value';
  const { [initial]: _before, ...rest } = element;
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return { ...block, element: isEmpty ? rest : { ...rest, [initial]: value } };
}
