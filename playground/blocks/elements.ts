import limits from '../rules/limits.json' with { type: 'json' };
import { type Check, type Rule, anything, byType, complain, flag, isObject, list, number, oneOf, shape, text } from './check.ts';
import { inputElements } from './inputs.ts';
import {
  actionId,
  confirm,
  conversationFilter,
  exactlyOne,
  focus,
  initialAmong,
  option,
  optionGroups,
  options,
  placeholder,
  plainText,
  slackFile,
  style,
  url,
} from './parts.ts';

const IMAGE = limits.image;
const MAX_VISIBLE = limits.icon_button.visible_to_user_ids.max_items;

const acting = { action_id: actionId, confirm };
const choosing = { ...acting, focus_on_load: focus, placeholder };
const several = { ...choosing, max_selected_items: number({ min: 1, isInteger: true }) };
const listed = { options: options('plain', { min: 1, max: limits.select.options.max_items }), option_groups: optionGroups };

function element(
  type: string,
  about: { required?: Record<string, Rule>; optional?: Record<string, Rule>; more?: Parameters<typeof shape>[2] },
): Rule {
  return shape({ type: oneOf(type), ...about.required }, about.optional ?? {}, about.more);
}

function staticChoice(check: Check, value: Record<string, unknown>, pointer: string): void {
  exactlyOne(check, { value, pointer, names: ['options', 'option_groups'] });
  initialAmong(check, value, pointer);
}

const conversation = { default_to_current_conversation: flag, filter: conversationFilter };
const urlable = { response_url_enabled: flag };
const query = { min_query_length: number({ min: 0, isInteger: true }) };

const selects: Record<string, Rule> = {
  static_select: element('static_select', { optional: { ...choosing, ...listed, initial_option: option('plain') }, more: staticChoice }),
  external_select: element('external_select', { optional: { ...choosing, ...query, initial_option: option('plain') } }),
  users_select: element('users_select', { optional: { ...choosing, initial_user: text({ min: 1 }) } }),
  channels_select: element('channels_select', { optional: { ...choosing, ...urlable, initial_channel: text({ min: 1 }) } }),
  conversations_select: element('conversations_select', {
    optional: { ...choosing, ...conversation, ...urlable, initial_conversation: text({ min: 1 }) },
  }),
  multi_static_select: element('multi_static_select', {
    optional: { ...several, ...listed, initial_options: list(option('plain')) },
    more: staticChoice,
  }),
  multi_external_select: element('multi_external_select', { optional: { ...several, ...query, initial_options: list(option('plain')) } }),
  multi_users_select: element('multi_users_select', { optional: { ...several, initial_users: list(text({ min: 1 })) } }),
  multi_channels_select: element('multi_channels_select', { optional: { ...several, initial_channels: list(text({ min: 1 })) } }),
  multi_conversations_select: element('multi_conversations_select', {
    optional: { ...several, ...conversation, initial_conversations: list(text({ min: 1 })) },
  }),
};

const pickers: Record<string, Rule> = {
  datepicker: element('datepicker', { optional: { ...choosing, initial_date: text({ pattern: /^\d{4}-\d\d-\d\d$/ }) } }),
  timepicker: element('timepicker', {
    optional: { ...choosing, initial_time: text({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/ }), timezone: text({ min: 1 }) },
  }),
  checkboxes: element('checkboxes', {
    required: { options: options('rich', { min: limits.checkboxes.options.min_items, max: limits.checkboxes.options.max_items }) },
    optional: { ...acting, focus_on_load: focus, initial_options: list(option('rich'), { min: 1 }) },
    more: initialAmong,
  }),
  radio_buttons: element('radio_buttons', {
    required: { options: options('rich', { min: limits.radio_buttons.options.min_items, max: limits.radio_buttons.options.max_items }) },
    optional: { ...acting, focus_on_load: focus, initial_option: option('rich') },
    more: initialAmong,
  }),
};

const dateTime: Record<string, Rule> = {
  datetimepicker: element('datetimepicker', {
    optional: { ...acting, focus_on_load: focus, initial_date_time: number({ min: 1e9, max: 1e10 - 1, isInteger: true }) },
  }),
};

export const button = element('button', {
  required: { text: plainText(limits.button.text.max_length) },
  optional: {
    ...acting,
    value: text({ max: limits.button.value.max_length }),
    url,
    style,
    accessibility_label: text({ max: limits.button.accessibility_label.max_length }),
  },
});

const buttons: Record<string, Rule> = {
  button,
  overflow: element('overflow', {
    required: { options: options('menu', { min: limits.overflow.options.min_items, max: limits.overflow.options.max_items }) },
    optional: acting,
  }),
  workflow_button: element('workflow_button', {
    required: { text: plainText(limits.button.text.max_length), workflow: anything },
    optional: { ...acting, style, accessibility_label: text({ max: limits.button.accessibility_label.max_length }) },
  }),
};

export const imageElement: Rule = (check, value, pointer) => {
  element('image', {
    required: { alt_text: text({ min: 1, max: IMAGE.alt_text.max_length }) },
    optional: { image_url: text({ min: 1, max: IMAGE.image_url.max_length, pattern: /^https?:/ }), slack_file: slackFile },
  })(check, value, pointer);
  if (isObject(value)) exactlyOne(check, { value, pointer, names: ['image_url', 'slack_file'] });
};

const feedback = shape(
  { text: plainText(limits.feedback_button.text.max_length), value: text({ min: 1, max: limits.feedback_button.value.max_length }) },
  { accessibility_label: text({ max: limits.feedback_button.accessibility_label.max_length }) },
);

const contextActions: Record<string, Rule> = {
  feedback_buttons: element('feedback_buttons', {
    required: { positive_button: feedback, negative_button: feedback },
    optional: { action_id: actionId },
  }),
  icon_button: element('icon_button', {
    required: { icon: text({ min: 1 }), text: plainText(limits.button.text.max_length) },
    optional: {
      ...acting,
      value: text({ max: limits.button.value.max_length }),
      accessibility_label: text(),
      visible_to_user_ids: list(text(), { max: MAX_VISIBLE }),
    },
  }),
};

export const inSection = byType(notUrlable({ ...buttons, ...selects, ...pickers, image: imageElement }));
export const inActions = byType(notUrlable({ ...buttons, ...selects, ...pickers, ...dateTime, ...only(inputElements, 'rich_text_input') }));
export const inContextActions = byType(contextActions);
export const inInput = byType(urlableInModals({ ...selects, ...pickers, ...dateTime, ...inputElements }));

function only(rules: Record<string, Rule>, ...names: string[]): Record<string, Rule> {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => names.includes(name)));
}

function notUrlable(rules: Record<string, Rule>): Record<string, Rule> {
  return withUrlRule(rules, () => false);
}

function urlableInModals(rules: Record<string, Rule>): Record<string, Rule> {
  return withUrlRule(rules, (check) => check.surface === 'modal');
}

function withUrlRule(rules: Record<string, Rule>, isAllowed: (check: Check) => boolean): Record<string, Rule> {
  const guarded =
    (rule: Rule): Rule =>
    (check, value, pointer) => {
      rule(check, value, pointer);
      if (isObject(value) && value['response_url_enabled'] !== undefined && !isAllowed(check)) {
        complain(check, `${pointer}/response_url_enabled`, {
          code: 'not_allowed',
          message: 'response_url_enabled is only allowed in input blocks of modals',
        });
      }
    };
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, guarded(rule)]));
}
