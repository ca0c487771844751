import type { Translate } from '#i18n.ts';
import type { Trigger } from '#rules/rule.ts';
import { section } from '../card.ts';
import { bold, escape, italic, shorten } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { type Button, buttons, divider, header, lines, type Page, pager } from './parts.ts';
import { actionWords, conditionWords, eventWords, ruleName, sendsReplies } from './rule-words.ts';

export interface RuleLine {
  id: number;
  version: number;
  builtin: string | null;
  name: string;
  isEnabled: boolean;
  /** Null when the row can't be read any more. */
  rule: Trigger | null;
  /** In the last seven days; counting ends at `MAX_COUNTED`. */
  firings: number;
}

export interface RulesFacts {
  tab: 'rules';
  rules: Page<RuleLine>;
  groups: ReadonlyMap<number, string>;
}

export const MAX_COUNTED = 1_000;
const MAX_NAME = 100;
const MAX_WORDS = 400;
const CONFIRM_TITLE = 100;
const CONFIRM_TEXT = 300;

export function rulesBlocks({ rules, groups }: RulesFacts, t: Translate): Block[] {
  return [
    header(`${t('home:tab.rules')} · ${rules.total}`),
    ...(rules.total === 0 ? [section(escape(t('rules:empty')))] : rules.items.flatMap((rule) => [...ruleBlocks(rule, groups, t), divider])),
    ...pager('rules', rules, t),
  ];
}

function ruleBlocks(line: RuleLine, groups: RulesFacts['groups'], t: Translate): Block[] {
  const state = line.isEnabled ? `🟢 ${t('rules:state.on')}` : `⚪ ${t('rules:state.off')}`;
  const name = `${bold(escape(shorten(ruleName(line, t), MAX_NAME)))}  ·  ${escape(state)}`;
  if (!line.rule) return [lines([name, `⚠️ ${escape(t('rules:damaged'))}`])];
  const isSilencing = !line.isEnabled && sendsReplies(line.rule);
  return [
    lines([
      name,
      ...ruleWords(line.rule, groups, t),
      escape(firedWords(line.firings, t)),
      ...(isSilencing ? [`⚠️ ${bold(escape(t('rules:off.now')))}`] : []),
    ]),
    buttons(`rule.${line.id}`, ruleButtons(line, line.rule, t)),
  ];
}

/** When it fires, on what, and what it does: three lines of mrkdwn. */
export function ruleWords(rule: Trigger, groups: ReadonlyMap<number, string>, t: Translate): string[] {
  const all = rule.conditions.all.map((one) => conditionWords(one, t)).join('; ');
  const any = rule.conditions.any.map((one) => conditionWords(one, t)).join('; ');
  const line = (label: string, words: string) => (words === '' ? '' : `${italic(escape(label))} ${escape(shorten(words, MAX_WORDS))}`);
  return [
    line(t('rules:label.when'), eventWords(rule.on, t)),
    line(t('rules:label.if'), all),
    line(t(all === '' ? 'rules:label.if_any' : 'rules:label.any'), any),
    line(t('rules:label.then'), rule.actions.map((one) => actionWords(one, groups, t)).join('; ')),
  ];
}

function firedWords(firings: number, t: Translate): string {
  return firings >= MAX_COUNTED ? t('rules:fired_often', { limit: MAX_COUNTED }) : t('rules:fired', { count: firings });
}

function ruleButtons(line: RuleLine, rule: Trigger, t: Translate): Button[] {
  const turn: Button = {
    action: 'rule.switch',
    label: t(line.isEnabled ? 'rules:button.off' : 'rules:button.on'),
    value: `${line.id}:${line.version}`,
  };
  return [
    { action: 'rule.edit', label: t('rules:button.edit'), value: String(line.id) },
    line.isEnabled && sendsReplies(rule) ? { ...turn, style: 'danger', confirm: offConfirm(t) } : turn,
    { action: 'rule.firings', label: t('rules:button.firings'), value: String(line.id) },
  ];
}

function offConfirm(t: Translate): Record<string, unknown> {
  const words = (key: string, limit: number) => ({ type: 'plain_text', text: shorten(t(key), limit) });
  return {
    title: words('rules:off.title', CONFIRM_TITLE),
    text: words('rules:off.text', CONFIRM_TEXT),
    confirm: words('rules:off.confirm', 30),
    deny: words('rules:off.deny', 30),
    style: 'danger',
  };
}
