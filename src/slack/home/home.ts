import type { Role } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { section } from '../card.ts';
import { bold, escape } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { type MailFacts, mailBlocks } from './admin-mail.ts';
import { type PeopleFacts, peopleBlocks } from './admin-people.ts';
import { type RulesFacts, rulesBlocks } from './admin-rules.ts';
import { type WorkFacts, workBlocks } from './agent.ts';
import { type GuideFacts, guideBlocks } from './guide.ts';
import { buttons } from './parts.ts';
import { type OwnFacts, ownBlocks } from './person.ts';
import { type HomeState, stateText, TABS } from './state.ts';

export interface HomeFacts {
  role: Role;
  state: HomeState;
  /** Whether a rule that sends answers is switched on. */
  areRepliesSent: boolean;
  /** What an admin is still to do before the first customer writes; null when there is nothing. */
  guide?: GuideFacts | null;
  content: OwnFacts | WorkFacts | RulesFacts | PeopleFacts | MailFacts;
}

export interface HomeView {
  type: 'home';
  callback_id: string;
  private_metadata: string;
  blocks: Block[];
}

/** A person's Home, in their language: pure. */
export function homeView(facts: HomeFacts, t: Translate): HomeView {
  const blocks = [...tabs(facts, t), ...warning(facts, t), ...guide(facts, t), ...contentBlocks(facts.content, t)];
  return { type: 'home', callback_id: 'home', private_metadata: stateText(facts.state), blocks };
}

/** For guests, bots and people of other workspaces: there is nothing for them here. */
export function strangerView(t: Translate): HomeView {
  return { type: 'home', callback_id: 'home', private_metadata: '', blocks: [section(escape(t('failures:role.members_only')))] };
}

function tabs({ role, content }: HomeFacts, t: Translate): Block[] {
  if (role !== 'admin') return [];
  return [
    buttons(
      'home.tabs',
      TABS.map((tab) => ({
        action: `home.tab:${tab}`,
        label: t(`home:tab.${tab}`),
        value: tab,
        ...(tab === content.tab ? { style: 'primary' as const } : {}),
      })),
    ),
  ];
}

/** An answer that can't leave is never silent. */
function warning({ areRepliesSent, content }: HomeFacts, t: Translate): Block[] {
  if (areRepliesSent || content.tab === 'own') return [];
  return [section(`⚠️ ${bold(escape(t('rules:off.warning', { rule: t('rules:name.reply') })))}`)];
}

function guide({ guide: facts }: HomeFacts, t: Translate): Block[] {
  return facts ? guideBlocks(facts, t) : [];
}

function contentBlocks(content: HomeFacts['content'], t: Translate): Block[] {
  switch (content.tab) {
    case 'own':
      return ownBlocks(content, t);
    case 'work':
      return workBlocks(content, t);
    case 'rules':
      return rulesBlocks(content, t);
    case 'people':
      return peopleBlocks(content, t);
    case 'mail':
      return mailBlocks(content, t);
    default:
      return content satisfies never;
  }
}
