import type { View } from '@slack/types';
import type { Translate } from '#i18n.ts';
import type { Reason } from '#db/schema.ts';
import { DELIVERY_STATES, HOLD_STATES, PRIORITIES, STATUSES } from '#db/words.ts';
import { context, section } from '#slack/card.ts';
import { ruleName } from '#slack/home/rule-words.ts';
import { dateToken, escape, shorten } from '#slack/mrkdwn.ts';
import type { Happened } from '#tickets/history.ts';
import { plain } from './fields.ts';

const MAX_LINES = 60;

/** A ticket's history in words, newest first: what happened, who did it, and why. */
export function detailsView(data: { number: string; subject: string; history: Happened[] }, t: Translate): View {
  const lines = data.history.slice(0, MAX_LINES).map((happened) => context([historyLine(happened, t)]));
  return {
    type: 'modal',
    title: plain(t('modals:details.title', { number: data.number }).slice(0, 24)),
    close: plain(t('modals:done')),
    blocks: [
      section(`*${escape(shorten(data.subject, 200))}*`),
      ...(lines.length > 0 ? lines : [section(escape(t('modals:details.empty')))]),
    ],
  } as View;
}

export function historyLine({ event, actor, rule, people }: Happened, t: Translate): string {
  const who = rule ? ruleName(rule, t) : (actor ?? t(`events:actor.${event.actorKind}`));
  const what = t(`events:${nameOf(event)}`, { ...wordsOf(event.data, t), ...tagChangeOf(event), ...people });
  const why = reasonsOf(event.data).map((reason) => t(`why:${reason.key}`, reason.params));
  return [
    dateToken(event.at, '{date_short} {time}', event.at.toISOString()),
    escape(shorten(`${who}: ${what}`.replaceAll(/\s+/g, ' ').trim(), 300)),
    ...why.map((one) => `_${escape(shorten(one, 200))}_`),
  ].join(' · ');
}

/** Nobody is somebody's name in no language: being assigned to nobody has words of its own. */
function nameOf({ type, data }: Happened['event']): string {
  return type === 'ticket.assigned' && data['to'] === null ? 'ticket.unassigned' : type;
}

function wordsOf(data: Record<string, unknown>, t: Translate): Record<string, string> {
  const words = Object.entries(data).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, translated(String(value), t)]]
      : Array.isArray(value)
        ? [[name, value.filter((one) => typeof one === 'string').join(', ')]]
        : [],
  );
  return Object.fromEntries(words);
}

/** Each side of a change of tags carries its sign; a side nothing happened on is empty. */
function tagChangeOf({ type, data }: Happened['event']): Record<string, string> {
  if (type !== 'ticket.tagged') return {};
  const signed = (tags: unknown, sign: string) => (Array.isArray(tags) ? tags.map((tag) => sign + String(tag)).join(' ') : '');
  return { added: signed(data['added'], '+'), removed: signed(data['removed'], '−') };
}

/** Statuses, priorities and states are told in the reader's words; anything else as it is. */
function translated(value: string, t: Translate): string {
  if ((STATUSES as readonly string[]).includes(value)) return t(`slack:status.${value}`);
  if ((PRIORITIES as readonly string[]).includes(value)) return t(`slack:priority.${value}`);
  return [...DELIVERY_STATES, ...HOLD_STATES].some((state) => state === value) ? t(`events:state.${value}`) : value;
}

function reasonsOf(data: Record<string, unknown>): Reason[] {
  const why = [data['why']].flat();
  return why.filter((one): one is Reason => typeof one === 'object' && one !== null && 'key' in one);
}

export function loadingView(t: Translate): View {
  return {
    type: 'modal',
    title: plain('Tiketti'),
    close: plain(t('modals:close')),
    blocks: [section(escape(t('modals:loading')))],
  } as View;
}
