import type { Channel } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section, STATUS_EMOJI } from '#slack/card.ts';
import { escape, moment, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { choice } from './fields.ts';

export interface Matter {
  id: number;
  name: string;
  subject: string;
  status: keyof typeof STATUS_EMOJI;
}

/** What choosing the requester brings: shown, not typed. */
export interface About {
  /** Who they are: organization, addresses and numbers, language. */
  lines: string[];
  contacts: { at: Date; via: Channel; ticket: string }[];
  /** Open, or solved a few days ago. */
  matters: Matter[];
  /** Those this may be about, for whoever may add to them. */
  offered: Matter[];
}

/** Bound to the requester, so that no choice outlives a change of requester. */
export const appendBlock = (requester: string) => `append:${requester.slice(0, 200)}`;

export function aboutBlocks(requester: string, about: About, t: Translate): Block[] {
  const { lines, contacts, matters, offered } = about;
  const facts = [
    ...(lines.length > 0 ? [escape(shorten(lines.join('  ·  '), 1_500))] : []),
    ...(contacts.length > 0
      ? [`${escape(t('modals:create.last_contacts'))} ${contacts.map((one) => contactText(one, t)).join('  ·  ')}`]
      : []),
  ];
  const listed = matters.map((matter) => `${STATUS_EMOJI[matter.status]} *${escape(matter.name)}* ${escape(shorten(matter.subject, 80))}`);
  return [
    ...(facts.length > 0 ? [context(facts)] : []),
    ...(listed.length > 0 ? [section(`${escape(t('modals:create.matters'))}\n${listed.join('\n')}`)] : []),
    ...(offered.length > 0 ? [appendChoice(requester, offered, t)] : []),
  ];
}

function contactText({ at, via, ticket }: About['contacts'][number], t: Translate): string {
  const channel = t(`modals:channel.${via}`);
  return `${moment(at)} ${escape(`${channel} ${ticket}`)}`;
}

function appendChoice(requester: string, offered: Matter[], t: Translate): Block {
  return choice({
    block: appendBlock(requester),
    action: 'append',
    label: t('modals:create.append'),
    options: [
      { value: 'new', text: t('modals:create.append_no') },
      ...offered.map((matter) => ({
        value: String(matter.id),
        text: shorten(t('modals:create.append_to', { number: matter.name, subject: matter.subject }), 75),
      })),
    ],
    initial: 'new',
  });
}
