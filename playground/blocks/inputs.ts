import limits from '../rules/limits.json' with { type: 'json' };
import { type Check, type Rule, complain, flag, list, number, oneOf, onlyOn, shape, text } from './check.ts';
import { actionId, dispatchConfig, focus, placeholder } from './parts.ts';
import { richTextBlock } from './rich-text.ts';

const MAX_LENGTH = limits.plain_text_input.max_length.max;
const FILES = limits.file_input.max_files;
const typing = { action_id: actionId, dispatch_action_config: dispatchConfig, focus_on_load: focus, placeholder };

/** Elements that only input blocks may hold. */
export const inputElements: Record<string, Rule> = {
  plain_text_input: shape(
    { type: oneOf('plain_text_input') },
    {
      ...typing,
      initial_value: text({ max: MAX_LENGTH }),
      multiline: flag,
      min_length: number({ min: 0, max: MAX_LENGTH, isInteger: true }),
      max_length: number({ min: 1, max: MAX_LENGTH, isInteger: true }),
    },
    (check, value, pointer) => inOrder(check, { value, pointer, names: ['min_length', 'max_length'] }),
  ),
  number_input: shape(
    { type: oneOf('number_input'), is_decimal_allowed: flag },
    { ...typing, initial_value: numeral(), min_value: numeral(), max_value: numeral() },
    (check, value, pointer) => inOrder(check, { value, pointer, names: ['min_value', 'max_value'] }),
  ),
  email_text_input: shape({ type: oneOf('email_text_input') }, { ...typing, initial_value: text() }),
  url_text_input: shape({ type: oneOf('url_text_input') }, { ...typing, initial_value: text() }),
  rich_text_input: shape(
    { type: oneOf('rich_text_input') },
    {
      ...typing,
      initial_value: richTextBlock,
      min_lines: number({ min: 1, isInteger: true }),
      max_lines: number({ min: 1, isInteger: true }),
    },
  ),
  file_input: onlyOn(
    ['modal'],
    shape(
      { type: oneOf('file_input') },
      { action_id: actionId, filetypes: list(text({ min: 1 })), max_files: number({ min: FILES.min, max: FILES.max, isInteger: true }) },
    ),
  ),
};

function numeral(): Rule {
  return text({ min: 1, pattern: /^-?\d+(\.\d+)?$/ });
}

function inOrder(
  check: Check,
  { value, pointer, names: [low, high] }: { value: Record<string, unknown>; pointer: string; names: [string, string] },
): void {
  if (value[low] === undefined || value[high] === undefined || Number(value[low]) <= Number(value[high])) return;
  complain(check, `${pointer}/${low}`, { code: 'out_of_range', message: `${low} must not be more than ${high}` });
}
