import type { View } from '@slack/types';
import { z } from 'zod';
import type { Row } from '#db/schema.ts';
import { PRIORITIES } from '#db/words.ts';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { ruleById, saveRule } from '#rules/edit.ts';
import { readTrigger, type Trigger } from '#rules/rule.ts';
import type { Modal } from '#slack/doors.ts';
import { ruleWords } from '#slack/home/admin-rules.ts';
import { lines } from '#slack/home/parts.ts';
import { ruleName, sendsReplies } from '#slack/home/rule-words.ts';
import { type HomeState, readState, stateText } from '#slack/home/state.ts';
import { homeWish } from '#slack/jobs/home.ts';
import { bold, escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { change, queue } from '#tickets/desk.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { choice, plain, textInput } from './fields.ts';
import { isSetter, LEAVE, parseRule, SIDES, templateBlock, wordsBlock } from './rule-parse.ts';

export const RULE = 'rule.edit';

const MAX_TITLE = 24;
const MAX_NAME = 80;
/** An input takes this much; longer lists of words are left as they are. */
const MAX_TYPED = 3_000;
const MAX_TAGS_TYPED = 500;
const MAX_GROUPS = 99;

export interface RuleFormData {
  row: Row<'rules'>;
  groups: ReadonlyMap<number, string>;
  home: HomeState;
}

const metadata = z.object({ ruleId: z.number().int(), version: z.number().int(), home: z.string() });

/** The form of one rule, with the fields that rule has. */
export function ruleView({ row, groups, home }: RuleFormData, t: Translate): View {
  const rule = readTrigger(row);
  return {
    type: 'modal',
    callback_id: RULE,
    title: plain(shorten(t('rules:edit.title'), MAX_TITLE)),
    submit: plain(t('rules:edit.submit')),
    close: plain(t('rules:edit.close')),
    private_metadata: JSON.stringify({ ruleId: row.id, version: row.version, home: stateText(home) } satisfies z.infer<typeof metadata>),
    blocks: [
      lines(ruleWords(rule, groups, t)),
      textInput({ block: 'name', label: t('rules:edit.name'), initial: ruleName(row, t), maxLength: MAX_NAME }),
      enabledInput(rule, t),
      ...(sendsReplies(rule) ? [lines([`⚠️ ${bold(escape(t('rules:off.text')))}`])] : []),
      ...wordsInputs(rule, t),
      ...setterInputs(rule, groups, t),
      ...templateInputs(rule, t),
    ],
  };
}

/** Saved at the version that was shown; Home follows in a moment. */
export const ruleModal: Modal = {
  id: RULE,
  async submit({ desk, person, user, t, metadata: text, state }) {
    await mustBeAdmin(desk.db, person.id);
    const { ruleId, version, home } = metadata.parse(JSON.parse(text));
    const row = await ruleById(desk.db, ruleId);
    if (!row) throw new Failure('rule.gone');
    // What was typed is laid over the rule as it was shown: over another version it would mean something else.
    if (row.version !== version) throw new Failure('rule.changed_meanwhile');
    const parsed = parseRule(state, { rule: readTrigger(row), shownName: ruleName(row, t) });
    if ('errors' in parsed) return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, t(key)])) };
    await change(desk, 'edit rule', async (tx, desk) => {
      await saveRule(desk, { ruleId, version, rule: parsed.rule, byId: person.id });
      await queue(desk, tx, homeWish(desk, user.id, readState(home)));
    });
    return undefined;
  },
};

function enabledInput(rule: Trigger, t: Translate): Block {
  const option = { text: plain(t('rules:edit.enabled')), value: 'enabled' };
  return {
    type: 'input',
    block_id: 'enabled',
    optional: true,
    label: plain(t('rules:edit.state')),
    element: { type: 'checkboxes', action_id: 'value', options: [option], ...(rule.isEnabled ? { initial_options: [option] } : {}) },
  };
}

function wordsInputs(rule: Trigger, t: Translate): Block[] {
  return SIDES.flatMap((side) =>
    rule.conditions[side].flatMap((condition, index) => {
      const initial = condition.fact === 'words' ? condition.contain.join('\n') : '';
      if (initial === '' || initial.length > MAX_TYPED) return [];
      return [
        textInput({
          block: wordsBlock(side, index),
          label: t('rules:edit.words'),
          hint: t('rules:edit.words_hint'),
          initial,
          isLong: true,
        }),
      ];
    }),
  );
}

function setterInputs(rule: Trigger, groups: RuleFormData['groups'], t: Translate): Block[] {
  if (!rule.actions.some(isSetter)) return [];
  const leave = { value: LEAVE, text: t('rules:edit.leave') };
  const group = rule.actions.find((action) => action.do === 'group')?.groupId;
  const priority = rule.actions.find((action) => action.do === 'priority')?.priority;
  const tags = rule.actions.flatMap((action) => (action.do === 'tag' ? action.tags : []));
  const groupOptions = [...groups].slice(0, MAX_GROUPS).map(([id, name]) => ({ value: String(id), text: name }));
  return [
    choice({
      block: 'group',
      label: t('rules:edit.group'),
      options: [leave, ...groupOptions],
      initial: group === undefined ? LEAVE : String(group),
    }),
    choice({
      block: 'priority',
      label: t('rules:edit.priority'),
      options: [leave, ...PRIORITIES.map((one) => ({ value: one, text: t(`slack:priority.${one}`) }))],
      initial: priority ?? LEAVE,
    }),
    textInput({
      block: 'tags',
      label: t('rules:edit.tags'),
      hint: t('rules:edit.tags_hint'),
      initial: tags.join(', '),
      isOptional: true,
      maxLength: MAX_TAGS_TYPED,
    }),
  ];
}

function templateInputs(rule: Trigger, t: Translate): Block[] {
  const options = (['confirmation', 'follow_up', 'solved'] as const).map((one) => ({ value: one, text: t(`rules:template.${one}`) }));
  return rule.actions.flatMap((action, index) =>
    action.do === 'notify'
      ? [choice({ block: templateBlock(index), label: t('rules:edit.template'), options, initial: action.template })]
      : [],
  );
}
