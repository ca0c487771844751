import type { Translate } from '#i18n.ts';
import { context } from '../card.ts';
import { bold, channelMention, escape } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { languageWord } from './admin-addresses.ts';
import { button, type Button, buttons, divider, header, lines } from './parts.ts';

export interface GuideFacts {
  /** The default group's; null before there is one. */
  channel: { id: string; isIn: boolean } | null;
  isMailHere: boolean;
  /** Somebody said that these are right. */
  locale: { isSeen: boolean; language: string; timeZone: string };
  hasTeam: boolean;
  isRuleSeen: boolean;
}

interface Step {
  isDone: boolean;
  /** Escaped. */
  text: string;
  button: Button;
}

/** Nothing is left to do: it goes away by itself. */
export function isGuideDone(facts: GuideFacts): boolean {
  return facts.channel?.isIn === true && facts.isMailHere && facts.locale.isSeen && facts.hasTeam && facts.isRuleSeen;
}

/** What is to be done before the first customer writes: one line and one button each. */
export function guideBlocks(facts: GuideFacts, t: Translate): Block[] {
  const steps = stepsOf(facts, t);
  const done = steps.filter(({ isDone }) => isDone).length;
  return [
    header(t('guide:title')),
    context([escape(t('guide:progress', { done, total: steps.length }))]),
    ...steps.map((step) => lines([`${step.isDone ? '✅' : '⬜'} ${step.text}`], button(step.button))),
    buttons('guide', [{ action: 'guide.dismiss', label: t('guide:button.dismiss') }]),
    divider,
  ];
}

function stepsOf({ channel, isMailHere, locale, hasTeam, isRuleSeen }: GuideFacts, t: Translate): Step[] {
  const { isSeen, language, timeZone } = locale;
  const spoken = t(isSeen ? 'guide:locale.done' : 'guide:locale.todo', { language: languageWord(language, t), timeZone });
  return [
    channelStep(channel, t),
    {
      isDone: isMailHere,
      text: escape(t(isMailHere ? 'guide:mail.done' : 'guide:mail.todo')),
      button: { action: 'guide.go:mail', value: 'mail', label: t('guide:button.mail') },
    },
    {
      isDone: isSeen,
      text: escape(spoken),
      button: { action: 'guide.looked:locale', value: 'locale', label: t(isSeen ? 'guide:button.again' : 'guide:button.right') },
    },
    {
      isDone: hasTeam,
      text: escape(t(hasTeam ? 'guide:team.done' : 'guide:team.todo')),
      button: { action: 'guide.go:people', value: 'people', label: t('guide:button.people') },
    },
    {
      isDone: isRuleSeen,
      text: escape(t(isRuleSeen ? 'guide:rule.done' : 'guide:rule.todo')),
      button: { action: 'guide.go:rules', value: 'rules', label: t('guide:button.rules') },
    },
  ];
}

function channelStep(channel: GuideFacts['channel'], t: Translate): Step {
  const again = { action: 'guide.again', label: t('guide:button.again') };
  if (!channel) return { isDone: false, text: escape(t('guide:channel.none')), button: again };
  const open = { action: 'open.link', label: t('guide:button.channel'), url: `https://slack.com/archives/${channel.id}` };
  if (channel.isIn) return { isDone: true, text: `${escape(t('guide:channel.done'))} ${channelMention(channel.id)}`, button: open };
  return { isDone: false, text: `${escape(t('guide:channel.todo'))} ${bold(channelMention(channel.id))}`, button: again };
}
