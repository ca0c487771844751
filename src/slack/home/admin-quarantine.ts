import type { Translate } from '#i18n.ts';
import { section } from '../card.ts';
import { bold, escape, moment, shorten } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { buttons, header, lines } from './parts.ts';

export interface QuarantineFacts {
  count: number;
  newest: { id: number; from: string | null; reasons: string[]; at: Date }[];
}

const MAX_ADDRESS = 120;
const MAX_REASONS = 300;

/** Mail held for a person to judge: how much there is, and what the newest of it is. */
export function quarantineBlocks({ count, newest }: QuarantineFacts, t: Translate): Block[] {
  if (count === 0) return [header(t('home:quarantine.title')), section(escape(t('home:quarantine.empty')))];
  return [
    header(`${t('home:quarantine.title')} · ${count}`),
    section(escape(t('home:quarantine.count', { count }))),
    ...newest.flatMap(({ id, from, reasons, at }) => [
      lines([
        `✉️ ${bold(escape(shorten(from ?? t('home:quarantine.no_sender'), MAX_ADDRESS)))}  ·  🕑 ${moment(at)}`,
        escape(shorten(reasons.join('; ') || t('home:quarantine.no_reason'), MAX_REASONS)),
      ]),
      buttons(`quarantine.${id}`, [
        { action: 'mail.release', label: t('home:quarantine.release'), value: String(id) },
        { action: 'mail.discard', label: t('home:quarantine.discard'), value: String(id) },
      ]),
    ]),
  ];
}
