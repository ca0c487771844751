import { type Role, ROLES } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section } from '../card.ts';
import { bold, escape, shorten, userMention } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { header, lines, type Page, pager, plain } from './parts.ts';

export interface PersonLine {
  id: number;
  name: string;
  slackId: string | null;
  role: Role;
}

export interface PeopleFacts {
  tab: 'people';
  people: Page<PersonLine>;
  /** Another one each time: a menu Slack has seen before keeps what was picked in it, even if that was refused. */
  stamp: string;
}

const MAX_NAME = 100;

export function peopleBlocks({ people, stamp }: PeopleFacts, t: Translate): Block[] {
  return [
    header(`${t('home:people.title')} · ${people.total}`),
    {
      type: 'actions',
      block_id: `people.add.${stamp}`,
      elements: [{ type: 'users_select', action_id: 'person.add', placeholder: plain(t('home:people.add')) }],
    },
    context([escape(t('home:people.hint'))]),
    ...(people.total === 0 ? [section(escape(t('home:people.empty')))] : people.items.map((person) => personBlock(person, stamp, t))),
    ...pager('people', people, t),
  ];
}

function personBlock(person: PersonLine, stamp: string, t: Translate): Block {
  const slackName = person.slackId ? userMention(person.slackId) : escape(t('home:people.no_slack'));
  const options = ROLES.map((role) => ({ text: plain(t(`home:role.${role}`)), value: `${person.id}:${person.role}:${role}` }));
  const select = {
    type: 'static_select',
    action_id: 'person.role',
    placeholder: plain(t('home:people.role')),
    options,
    initial_option: options[ROLES.indexOf(person.role)],
  };
  return { ...lines([`${bold(escape(shorten(person.name, MAX_NAME)))}  ${slackName}`], select), block_id: `person.${person.id}.${stamp}` };
}
