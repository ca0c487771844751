import type { Reason } from '#db/schema.ts';
import { type DeliveryState, type HoldState, LIVE_HOLDS } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { parkedAt } from '#tickets/restored.ts';
import { context, section } from './card.ts';
import { bold, dateToken, escape, quote, shorten, splitAtLines } from './mrkdwn.ts';
import { reasonText } from './replies/reason.ts';
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
  /** An edit after sending that may go as a correction. */
  isCorrectable: boolean;
  /** False where nothing may ever leave. */
  isSendable: boolean;
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

const MAX_NAMES = 5;
/** Slack's limit of a section is 3 000 characters, and Slack counts what was escaped as it was sent. */
const SECTION_CHARACTERS = 2_900;
const MAX_SECTIONS = 10;

/** The control line in words and buttons: pure. */
export function renderLine(facts: LineFacts, t: Translate): Message {
  const text = lineText(facts, t);
  const blocks: Block[] = [
    ...(facts.words === null ? [] : wordSections(facts.words)),
    section(text),
    ...(facts.rival
      ? [context([escape(t('slack:line.rival', { author: facts.rival.author, words: shorten(facts.rival.words, 300) }))])]
      : []),
    ...buttonRow(facts, t),
  ];
  return { text, blocks };
}

/** The whole of what would be mailed: whoever presses Send now has seen it. */
function wordSections(words: string): Block[] {
  const pieces = splitAtLines(quote(escape(words)), SECTION_CHARACTERS).filter((piece) => piece.trim() !== '');
  const shown = pieces.slice(0, MAX_SECTIONS).map((piece) => section(piece.startsWith('>') ? piece : `>${piece}`));
  return pieces.length > MAX_SECTIONS ? [...shown, section('>…')] : shown;
}

function lineText(facts: LineFacts, t: Translate): string {
  const to = escape(facts.copies > 0 ? t('slack:line.to_copies', { name: facts.recipient, count: facts.copies }) : facts.recipient);
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
      if (facts.after === 'deleted') return deletedText(facts, to, t);
      return `${deliveryText(facts, to, t)}${facts.goesOnIn ? `\n↪️ ${t('slack:line.goes_on', { number: facts.goesOnIn })}` : ''}${facts.after === 'edited' ? `\n✏️ ${escape(t('slack:line.edited_after'))}` : ''}`;
    default:
      return facts.state satisfies never;
  }
}

/** Deleted too late. It says "has it" only where the server took it. */
function deletedText(facts: LineFacts, to: string, t: Translate): string {
  switch (facts.delivery?.state) {
    case 'accepted':
      return `🪦 ${t('slack:line.deleted_after', { to })}`;
    case 'failed':
    case 'bounced':
    case 'cancelled':
      return `🪦 ${escape(t('slack:line.deleted'))} ${deliveryText(facts, to, t)}`;
    default:
      return `🪦 ${t('slack:line.deleted_underway', { to })}`;
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
  const parked = parkedText(part, to, t);
  if (parked) return parked;
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

/** The desk was restored from a backup: whether this left before is for a person to say. */
function parkedText({ state, response }: DeliveryPart, to: string, t: Translate): string | null {
  const backupAt = parkedAt(response);
  if (!backupAt) return null;
  if (state === 'cancelled') return `🚫 ${escape(t('slack:line.left'))}`;
  const at = dateToken(backupAt, '{date_short} {time}', backupAt.toISOString().slice(0, 16).replace('T', ' '));
  return state === 'failed' ? `✋ ${bold(t('slack:line.parked', { to }))} ${t('slack:line.parked_why', { time: at })}` : null;
}

function whyWords(reasons: Reason[], t: Translate): string {
  return escape(reasons.map((reason) => reasonText(t, reason)).join(' '));
}

function buttonRow(facts: LineFacts, t: Translate): Block[] {
  const buttons = buttonsFor(facts, t);
  if (buttons.length === 0) return [];
  const value = String(facts.holdId);
  return [
    {
      type: 'actions',
      block_id: `line.${facts.holdId}`,
      elements: buttons.map(({ action, label }) => ({
        type: 'button',
        action_id: `line.${action}`,
        text: { type: 'plain_text', text: label, emoji: true },
        value,
        ...(action === 'send' ? { style: 'primary' } : {}),
      })),
    },
  ];
}

export const LINE_ACTIONS = ['send', 'internal', 'cancel', 'replace', 'correct', 'retry', 'leave'] as const;
export type LineAction = (typeof LINE_ACTIONS)[number];

interface LineButton {
  action: LineAction;
  label: string;
}

function buttonsFor(facts: LineFacts, t: Translate): LineButton[] {
  if (facts.state === 'released') return afterwards(facts, t);
  if (!LIVE_HOLDS.includes(facts.state)) return [];
  const send = { action: 'send' as const, label: t('slack:button.send') };
  const internal = { action: 'internal' as const, label: t('slack:button.internal') };
  const cancel = { action: 'cancel' as const, label: t('slack:button.cancel') };
  if (!facts.isSendable) return [internal, cancel];
  if (!facts.rival) return [send, internal, cancel];
  return [
    { ...send, label: t('slack:button.send_both') },
    { ...internal, label: t('slack:button.internal_mine') },
    { action: 'replace', label: t('slack:button.replace') },
  ];
}

function afterwards({ after, delivery, isCorrectable }: LineFacts, t: Translate): LineButton[] {
  if (after === 'deleted') return [];
  if (delivery?.state === 'failed' && delivery.parts.some(({ response }) => parkedAt(response)))
    return [
      { action: 'retry', label: t('slack:button.send') },
      { action: 'leave', label: t('slack:button.leave') },
    ];
  if (delivery?.state === 'failed' || delivery?.state === 'bounced') return [{ action: 'retry', label: t('slack:button.retry') }];
  return after === 'edited' && isCorrectable ? [{ action: 'correct', label: t('slack:button.correct') }] : [];
}

function time(at: Date): string {
  return dateToken(at, '{time_secs}', at.toISOString().slice(11, 19));
}
