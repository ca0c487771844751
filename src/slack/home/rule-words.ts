import { LANGUAGES, type Translate } from '#i18n.ts';
import { DEFAULT_TRIGGERS } from '#rules/defaults.ts';
import type { Action, Condition, Trigger } from '#rules/rule.ts';

/** A shipped rule is named in the reader's language until an admin gives it another name. */
export function ruleName(rule: { builtin: string | null; name: string }, t: Translate): string {
  const shipped = DEFAULT_TRIGGERS.find((one) => one.builtin === rule.builtin);
  return shipped?.name === rule.name ? t(`rules:name.${shipped.builtin}`) : rule.name;
}

/** Whether answers leave by this rule. */
export function sendsReplies(rule: Pick<Trigger, 'actions'>): boolean {
  return rule.actions.some((action) => action.do === 'sendReply');
}

export function eventWords(on: Trigger['on'], t: Translate): string {
  return either(
    on.map((event) => t(`rules:on.${event}`)),
    t,
  );
}

export function conditionWords(condition: Condition, t: Translate): string {
  switch (condition.fact) {
    case 'words':
      return t('rules:condition.words', { words: condition.contain.join(', ') });
    case 'channel':
      return t('rules:condition.channel', {
        list: either(
          condition.in.map((one) => t(`rules:channel.${one}`)),
          t,
        ),
      });
    case 'status':
      return t('rules:condition.status', {
        list: either(
          condition.in.map((one) => t(`slack:status.${one}`)),
          t,
        ),
      });
    case 'visibility':
      return t('rules:condition.visibility', {
        list: either(
          condition.in.map((one) => t(`rules:visibility.${one}`)),
          t,
        ),
      });
    case 'direction':
      return t('rules:condition.direction', {
        list: either(
          condition.in.map((one) => t(`rules:direction.${one}`)),
          t,
        ),
      });
    case 'language':
      return t('rules:condition.language', {
        list: either(
          condition.in.map((one) => languageWord(one, t)),
          t,
        ),
      });
    case 'answerable':
    case 'automatic':
    case 'followUp':
    case 'repliedRecently':
      return t(`rules:condition.${condition.fact}.${condition.in[0] ?? 'yes'}`);
    default:
      return condition satisfies never;
  }
}

export function actionWords(action: Action, groups: ReadonlyMap<number, string>, t: Translate): string {
  switch (action.do) {
    case 'notify':
      return t(`rules:action.notify.${action.template}`);
    case 'sendReply':
      return t('rules:action.sendReply');
    case 'group':
      return t('rules:action.group', { group: groups.get(action.groupId) ?? t('rules:action.group_gone') });
    case 'priority':
      return t('rules:action.priority', { priority: t(`slack:priority.${action.priority}`) });
    case 'tag':
      return t('rules:action.tag', { tags: action.tags.map((tag) => `#${tag}`).join(' ') });
    default:
      return action satisfies never;
  }
}

function languageWord(code: string, t: Translate): string {
  return (LANGUAGES as readonly string[]).includes(code) ? t(`rules:language.${code}`) : code;
}

/** `a, b or c` */
function either(words: string[], t: Translate): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${t('rules:or')} ${words.at(-1)}`;
}
