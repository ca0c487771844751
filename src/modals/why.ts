import type { View } from '@slack/types';
import type { Translate } from '#i18n.ts';
import { context, section } from '#slack/card.ts';
import { ruleName } from '#slack/home/rule-words.ts';
import { bold, code, escape, moment, shorten } from '#slack/mrkdwn.ts';
import { reasonText } from '#slack/replies/reason.ts';
import { responseText } from '#slack/response.ts';
import type { WhyFacts } from '#slack/why.ts';
import { historyLine } from './details.ts';
import { plain } from './fields.ts';
import { inWords } from './rule-firings.ts';

const MAX_LINES = 20;
const MAX_WORDS = 300;

/** *Why?*: what was decided about one thing, and on what grounds. */
export function whyView(facts: WhyFacts, t: Translate): View {
  const reasons = facts.reasons.map((reason) => `• ${escape(shorten(reasonText(t, reason), MAX_WORDS))}`);
  return modal(t, [
    section(bold(escape(t(`modals:why.about.${facts.about}`)))),
    ...paragraph(reasons),
    ...titled(
      t('modals:why.signs'),
      facts.signs.map((sign) => code(escape(shorten(sign, MAX_WORDS)))),
    ),
    ...titled(
      t('modals:why.recipients'),
      facts.recipients.map((recipient) => recipientLine(recipient, t)),
    ),
    ...titled(
      t('modals:why.rules'),
      facts.firings.map((firing) => firingLine(firing, t)),
    ),
    ...titled(
      t('modals:why.history'),
      facts.history.map((happened) => historyLine(happened, t)),
    ),
  ]);
}

/** For what is none of ours. */
export function nothingToTell(t: Translate): View {
  return modal(t, [section(escape(t('modals:why.nothing')))]);
}

function modal(t: Translate, blocks: unknown[]): View {
  return { type: 'modal', title: plain(t('modals:why.title')), close: plain(t('modals:done')), blocks } as View;
}

function paragraph(lines: string[]) {
  return lines.slice(0, MAX_LINES).map((line) => section(line));
}

function titled(title: string, lines: string[]) {
  return lines.length === 0 ? [] : [section(bold(escape(title))), ...lines.slice(0, MAX_LINES).map((line) => context([line]))];
}

function recipientLine({ name, state, response }: WhyFacts['recipients'][number], t: Translate): string {
  const words = [`${name}: ${t(`events:state.${state}`)}`, responseText(t, response)].filter(Boolean).join(' · ');
  return escape(shorten(words, MAX_WORDS));
}

function firingLine({ rule, outcome, at }: WhyFacts['firings'][number], t: Translate): string {
  const words = outcome.map((reason) => t(`why:${reason.key}`, inWords(reason.params ?? {}, t))).join(' ');
  return `${moment(at)} · ${bold(escape(ruleName(rule, t)))} ${escape(shorten(words, MAX_WORDS))}`;
}
