import type { Row } from '#db/schema.ts';
import type { Translate } from '#i18n.ts';
import type { Ticket } from '#tickets/find.ts';
import type { Notice } from '#tickets/frozen.ts';
import { bold, escape, moment, shorten, userMention } from './mrkdwn.ts';
import type { Block, Message } from './slack.ts';

export interface CardFacts {
  ticket: Ticket;
  name: string;
  group: Row<'groups'>;
  requester: { name: string; contact: string | null; organization: string | null };
  assignee: { name: string; slackId: string | null } | null;
  /** Of answers that did not leave. */
  trouble: 'failed' | 'bounced' | 'delayed' | 'unknown' | null;
  /** What Tiketti sent of itself and did not reach the customer. */
  missed: Notice | null;
  /** The first words of the description. */
  excerpt: string;
  /** Where the ticket lives now, when this card is only a pointer. */
  movedTo?: string;
}

export const STATUS_EMOJI = { new: '🆕', open: '🟢', pending: '🟡', on_hold: '⏸️', solved: '✅', closed: '🔒' } as const;
export const PRIORITY_EMOJI = { low: '⬇️', normal: '', high: '🔺', urgent: '🚨' } as const;
const MAX_SUBJECT = 140;
const MAX_EXCERPT = 280;

/** One ticket's card, in the group's language: pure. */
export function renderCard(facts: CardFacts, t: Translate): Message {
  const { ticket, name } = facts;
  const title = `${name} · ${shorten(ticket.subject, MAX_SUBJECT)}`;
  if (facts.movedTo) {
    return { text: escape(title), blocks: [section(`${bold(escape(title))}\n${t('slack:card.moved', { link: facts.movedTo })}`)] };
  }
  return {
    text: escape(t('slack:card.text', { title, requester: facts.requester.name })),
    blocks: [
      section(`${bold(escape(title))}\n${requesterLine(facts, t)}`),
      ...(facts.excerpt ? [context([shortEscaped(facts.excerpt, MAX_EXCERPT)])] : []),
      fields(facts, t),
      ...(facts.trouble ? [section(`⚠️ ${bold(escape(t(`slack:card.trouble.${facts.trouble}`)))}`)] : []),
      ...(facts.missed ? [context([`📭 ${escape(t(`slack:card.missed.${facts.missed}`))}`])] : []),
      context([t(`slack:policy.${facts.group.policy}`)]),
      buttons(facts, t),
    ],
  };
}

function requesterLine({ requester, ticket }: CardFacts, t: Translate): string {
  const parts = [requester.name, requester.contact === requester.name ? null : requester.contact, requester.organization].filter(
    (part) => part !== null,
  );
  const unverified = ticket.verdict === 'fail' ? `  ⚠️ ${escape(t('slack:card.unverified'))}` : '';
  return `👤 ${escape(shorten(parts.join(' · '), 200))}${unverified}`;
}

function fields({ ticket, assignee }: CardFacts, t: Translate): Block {
  const who = assignee ? (assignee.slackId ? userMention(assignee.slackId) : escape(assignee.name)) : escape(t('slack:card.nobody'));
  const texts = [
    `${bold(escape(t('slack:card.status')))} ${STATUS_EMOJI[ticket.status]} ${escape(t(`slack:status.${ticket.status}`))}`,
    `${bold(escape(t('slack:card.assignee')))} ${who}`,
    `${bold(escape(t('slack:card.priority')))} ${PRIORITY_EMOJI[ticket.priority]} ${escape(t(`slack:priority.${ticket.priority}`))}`,
    `${bold(escape(t('slack:card.language')))} ${escape(languageChip(ticket, t))}`,
    `${bold(escape(t('slack:card.opened')))} ${moment(ticket.createdAt)}`,
    ...(ticket.tags.length > 0
      ? [`${bold(escape(t('slack:card.tags')))} ${escape(shorten(ticket.tags.map((tag) => `#${tag}`).join(' '), 200))}`]
      : []),
  ];
  return { type: 'section', fields: texts.map((text) => ({ type: 'mrkdwn', text })) };
}

function languageChip(ticket: Ticket, t: Translate): string {
  const confidence = ticket.languageConfidence === null ? '' : ` ${(ticket.languageConfidence / 100).toFixed(2)}`;
  return `${ticket.language} · ${t(`slack:language_source.${ticket.languageSource}`)}${confidence}`;
}

function buttons({ ticket, group }: CardFacts, t: Translate): Block {
  const isDone = ticket.status === 'solved' || ticket.status === 'closed';
  const value = String(ticket.id);
  const one = (action: string, label: string, style?: 'primary') => ({
    type: 'button',
    action_id: `card.${action}`,
    text: { type: 'plain_text', text: label, emoji: true },
    value,
    ...(style ? { style } : {}),
  });
  const more = (what: string, label: string) => ({ text: { type: 'plain_text', text: label, emoji: true }, value: `${what}:${value}` });
  return {
    type: 'actions',
    block_id: 'card.buttons',
    elements: [
      ...(ticket.assigneeId === null && !isDone ? [one('take', t('slack:button.take'), 'primary')] : []),
      ...(ticket.status === 'closed' || group.policy === 'alerts-only' ? [] : [one('reply', t('slack:button.reply'))]),
      one('note', t('slack:button.note')),
      ...(isDone ? [] : [one('solve', t('slack:button.solve'))]),
      ...(ticket.status === 'solved' ? [one('reopen', t('slack:button.reopen'))] : []),
      {
        type: 'overflow',
        action_id: 'card.more',
        options: [more('details', t('slack:more.details')), more('fields', t('slack:more.fields')), more('side', t('slack:more.side'))],
      },
    ],
  };
}

export function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function context(texts: string[]): Block {
  return { type: 'context', elements: texts.map((text) => ({ type: 'mrkdwn', text })) };
}

function shortEscaped(text: string, limit: number): string {
  return escape(shorten(text, limit));
}
