import type { Translate } from '#i18n.ts';
import { context } from '../card.ts';
import { shorten, splitAtLines } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import type { List } from './state.ts';

export const PAGE_SIZE = 10;
const MAX_SECTION_CHARACTERS = 2_900;
const MAX_HEADER_CHARACTERS = 150;
const MAX_LABEL_CHARACTERS = 75;

export interface Page<T> {
  items: T[];
  /** The first is 0. */
  page: number;
  total: number;
}

/** The page that is there: a list that became shorter shows its last one. */
export function pageWithin(wanted: number | undefined, total: number): number {
  return Math.min(wanted ?? 0, Math.max(0, Math.ceil(total / PAGE_SIZE) - 1));
}

export function plain(text: string) {
  return { type: 'plain_text', text: shorten(text, MAX_LABEL_CHARACTERS), emoji: true };
}

export function header(text: string): Block {
  return { type: 'header', text: { type: 'plain_text', text: shorten(text, MAX_HEADER_CHARACTERS), emoji: true } };
}

export const divider: Block = { type: 'divider' };

export interface Button {
  action: string;
  label: string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
  confirm?: Record<string, unknown>;
}

export function button({ action, label, ...rest }: Button) {
  return { type: 'button', action_id: action, text: plain(label), ...rest };
}

export function buttons(blockId: string, elements: Button[]): Block {
  return { type: 'actions', block_id: blockId, elements: elements.map(button) };
}

const MAX_CONFIRM_TITLE = 100;
const MAX_CONFIRM_TEXT = 300;
const MAX_CONFIRM_BUTTON = 30;

/** What is asked before a button does what can't be undone. */
export function confirmation(asked: { title: string; text: string; confirm: string }, deny: string): Record<string, unknown> {
  const words = (text: string, limit: number) => ({ type: 'plain_text', text: shorten(text, limit) });
  return {
    title: words(asked.title, MAX_CONFIRM_TITLE),
    text: words(asked.text, MAX_CONFIRM_TEXT),
    confirm: words(asked.confirm, MAX_CONFIRM_BUTTON),
    deny: words(deny, MAX_CONFIRM_BUTTON),
    style: 'danger',
  };
}

/** Takes mrkdwn that is escaped already; what Slack would refuse as too long ends early. */
export function lines(texts: string[], accessory?: Record<string, unknown>): Block {
  const [text = ''] = splitAtLines(texts.filter((one) => one !== '').join('\n'), MAX_SECTION_CHARACTERS);
  return { type: 'section', text: { type: 'mrkdwn', text }, ...(accessory ? { accessory } : {}) };
}

/** Nothing for a list that fits one page. */
export function pager(list: List, { items, page, total }: Page<unknown>, t: Translate): Block[] {
  if (total <= PAGE_SIZE) return [];
  const from = page * PAGE_SIZE;
  const isLast = from + items.length >= total;
  const steps: Button[] = [
    ...(page > 0 ? [{ action: 'home.page:previous', label: t('home:button.previous'), value: `${list}:${page - 1}` }] : []),
    ...(isLast ? [] : [{ action: 'home.page:next', label: t('home:button.next'), value: `${list}:${page + 1}` }]),
  ];
  const place = context([t('home:pager', { from: from + 1, to: from + items.length, total })]);
  return steps.length > 0 ? [place, buttons(`pager.${list}`, steps)] : [place];
}
