import type { Reason } from '#db/schema.ts';
import type { DeliveryState, HoldState } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section } from './card.ts';
import { bold, dateToken, escape, quote, shorten } from './mrkdwn.ts';
import type { Block, Message } from './slack.ts';

/** What a control line must know. It is the one place where an agent sees what becomes of their words. */
export interface LineFacts {
  holdId: number;
  state: HoldState;
  recipient: string;
  copies: number;
  releaseAt: Date | null;
  reasons: Reason[];
  /** The words themselves, when no message in the thread shows them (they were written in a modal). */
  words: string | null;
  delivery: { id: number; state: DeliveryState; mayHaveArrivedTwice: boolean; parts: DeliveryPart[] } | null;
  /** The author changed or deleted the message after the customer had it. */
  after: 'edited' | 'deleted' | null;
  /** The ticket it left from, when that is another one than it was written in. */
  goesOnIn: string | null;
  /** The reply of somebody else that waits too. */
  rival: { words: string; author: string } | null;
}

/** Those a delivery went the same way for. */
export interface DeliveryPart {
  state: DeliveryState;
  names: string[];
  response: string | null;
  at: Date;
}

const MAX_WORDS = 2_500;
const MAX_NAMES = 5;

/** The control line in words and buttons: pure. */
export function renderLine(facts: LineFacts, t: Translate): Message {
  const text = lineText(facts, t);
  const blocks: Block[] = [
    ...(facts.words === null ? [] : [section(quote(escape(shorten(facts.words, MAX_WORDS))))]),
    section(text),
    ...(facts.rival
      ? [context([escape(t('slack:line.rival', { author: facts.rival.author, words: shorten(facts.rival.words, 300) }))])]
      : []),
    ...buttonRow(facts, t),
  ];
  return { text, blocks };
}

function lineText(facts: LineFacts, t: Translate): string {
  const to = escape(facts.copies > 0 ? t('slack:line.to_copies', { name: facts.recipient, count: facts.copies }) : facts.recipient);
  if (facts.after === 'deleted' && facts.delivery) return `🪦 ${t('slack:line.deleted_after', { to })}`;
  switch (facts.state) {
    case 'lining':
    case 'counting':
      return `⏳ ${t('slack:line.counting', { to, time: facts.releaseAt ? time(facts.releaseAt) : '…' })}`;
    case 'paused':
    case 'waiting':
      return `✋ ${bold(escape(t('slack:line.held')))} ${whyWords(facts.reasons, t)}`;
    case 'cancelled':
      return `🚫 ${escape(t('slack:line.cancelled'))}${facts.reasons.length > 0 ? ` ${whyWords(facts.reasons, t)}` : ''}`;
    case 'noted':
      return `📝 ${escape(t('slack:line.noted'))}`;
    case 'replaced':
      return `🚫 ${escape(t('slack:line.replaced'))}`;
    case 'released':
      return `${deliveryText(facts, to, t)}${facts.goesOnIn ? `\n↪️ ${t('slack:line.goes_on', { number: facts.goesOnIn })}` : ''}${facts.after === 'edited' ? `\n✏️ ${escape(t('slack:line.edited_after'))}` : ''}`;
    default:
      return facts.state satisfies never;
  }
}

/** One line for all; where they fared differently, one for each, by name. */
function deliveryText({ delivery }: LineFacts, to: string, t: Translate): string {
  const twice = delivery?.mayHaveArrivedTwice ? ` ${escape(t('slack:line.twice'))}` : '';
  const [first, ...others] = delivery?.parts ?? [];
  if (!first) return `📤 ${t('slack:line.leaving', { to })}`;
  if (others.length === 0) return partText(first, to, t) + (first.state === 'accepted' ? twice : '');
  return [first, ...others].map((part) => partText(part, escape(namesOf(part)), t)).join('\n') + twice;
}

function namesOf({ names }: DeliveryPart): string {
  return [...names.slice(0, MAX_NAMES), ...(names.length > MAX_NAMES ? ['…'] : [])].join(', ');
}

function partText(part: DeliveryPart, to: string, t: Translate): string {
  const response = part.response ? ` ${escape(shorten(part.response, 200))}` : '';
  switch (part.state) {
    case 'accepted':
      return `📨 ${t('slack:line.accepted', { to, time: time(part.at) })}`;
    case 'delayed':
      return `🐢 ${t('slack:line.delayed', { to })}${response}`;
    case 'unknown':
      return `❔ ${t('slack:line.unknown', { to })}`;
    case 'failed':
      return `⚠️ ${bold(t('slack:line.failed', { to }))}${response}`;
    case 'bounced':
      return `⚠️ ${bold(t('slack:line.bounced', { to }))}${response}`;
    case 'cancelled':
      return `🚫 ${escape(t('slack:line.cancelled'))}`;
    default:
      return `📤 ${t('slack:line.leaving', { to })}`;
  }
}

function whyWords(reasons: Reason[], t: Translate): string {
  return escape(reasons.map((reason) => t(`why:${reason.key}`, reason.params)).join(' '));
}

function buttonRow(facts: LineFacts, t: Translate): Block[] {
  const actions = buttonsFor(facts);
  if (actions.length === 0) return [];
  const value = String(facts.holdId);
  return [
    {
      type: 'actions',
      block_id: `line.${facts.holdId}`,
      elements: actions.map((action) => ({
        type: 'button',
        action_id: `line.${action}`,
        text: { type: 'plain_text', text: t(`slack:button.${action}`), emoji: true },
        value,
        ...(action === 'send' ? { style: 'primary' } : {}),
      })),
    },
  ];
}

export const LINE_ACTIONS = ['send', 'internal', 'cancel', 'replace', 'correct', 'retry'] as const;
export type LineAction = (typeof LINE_ACTIONS)[number];

function buttonsFor(facts: LineFacts): LineAction[] {
  if (facts.state === 'counting' || facts.state === 'lining') return ['send', 'internal', 'cancel'];
  if (facts.state === 'waiting' || facts.state === 'paused')
    return facts.rival ? ['send', 'internal', 'replace', 'cancel'] : ['send', 'internal', 'cancel'];
  if (facts.state !== 'released') return [];
  if (facts.delivery?.state === 'failed' || facts.delivery?.state === 'bounced') return ['retry'];
  return facts.after === 'edited' ? ['correct'] : [];
}

function time(at: Date): string {
  return dateToken(at, '{time_secs}', at.toISOString().slice(11, 19));
}
