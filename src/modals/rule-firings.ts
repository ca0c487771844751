import type { View } from '@slack/types';
import type { Reason } from '#db/schema.ts';
import type { Params, Translate } from '#i18n.ts';
import { section } from '#slack/card.ts';
import { lines } from '#slack/home/parts.ts';
import { bold, escape, moment, shorten } from '#slack/mrkdwn.ts';
import { plain } from './fields.ts';

export const MAX_FIRINGS = 30;
const MAX_NAME = 150;
const MAX_SUBJECT = 140;
const MAX_OUTCOME = 300;

export interface FiringLine {
  at: Date;
  ticket: string | null;
  subject: string | null;
  outcome: Reason[];
}

/** What a rule did lately, the newest first. */
export function firingsView({ rule, firings }: { rule: string; firings: FiringLine[] }, t: Translate): View {
  const shown = firings.slice(0, MAX_FIRINGS).map((firing) => firingBlock(firing, t));
  return {
    type: 'modal',
    title: plain(shorten(t('rules:firings.title'), 24)),
    close: plain(t('rules:firings.close')),
    blocks: [section(bold(escape(shorten(rule, MAX_NAME)))), ...(shown.length > 0 ? shown : [section(escape(t('rules:firings.empty')))])],
  };
}

function firingBlock({ at, ticket, subject, outcome }: FiringLine, t: Translate) {
  const about = ticket === null ? '' : bold(escape(`${ticket} · ${shorten(subject ?? '', MAX_SUBJECT)}`));
  const what = outcome.map((reason) => t(`why:${reason.key}`, inWords(reason.params ?? {}, t))).join(' ');
  return lines([[`🕑 ${moment(at)}`, about].filter((one) => one !== '').join('  ·  '), escape(shorten(what, MAX_OUTCOME))]);
}

/** Our own words among the params are told in the reader's. */
export function inWords(params: Params, t: Translate): Params {
  const { template, priority } = params;
  return {
    ...params,
    ...(template === undefined ? {} : { template: t(`rules:template.${template}`) }),
    ...(priority === undefined ? {} : { priority: t(`slack:priority.${priority}`) }),
  };
}
