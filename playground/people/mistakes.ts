import type { JsonObject, ViewRecord } from '../state.ts';
import { elementsOf, isEmpty, stateValues } from '../view-state.ts';
import { characters, word } from '../words.ts';

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What Slack's client would complain about before it sends a modal, by block. */
export function mistakes(view: ViewRecord): Record<string, string> {
  const values = stateValues(view.blocks, view.typed);
  const found: Record<string, string> = {};
  for (const { block, element, blockId, actionId } of elementsOf(view.blocks)) {
    if (block['type'] !== 'input') continue;
    const value = (values[blockId] as JsonObject)[actionId] as JsonObject;
    const mistake = isEmpty(value)
      ? block['optional'] === true
        ? undefined
        : 'Please complete this required field.'
      : wrong(element, value);
    if (mistake) found[blockId] = mistake;
  }
  return found;
}

function wrong(element: JsonObject, state: JsonObject): string | undefined {
  const value = word(state['value'] ?? '');
  const length = characters(value).length;
  switch (element['type']) {
    case 'plain_text_input':
      if (length < Number(element['min_length'] ?? 0)) return `Please enter at least ${word(element['min_length'])} characters.`;
      return length > Number(element['max_length'] ?? 3_000)
        ? `Please enter at most ${word(element['max_length'] ?? 3_000)} characters.`
        : undefined;
    case 'email_text_input':
      return ADDRESS.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    case 'number_input':
      return wrongNumber(element, value);
    default:
      return undefined;
  }
}

function wrongNumber(element: JsonObject, value: string): string | undefined {
  const number = Number(value);
  if (Number.isNaN(number) || (element['is_decimal_allowed'] !== true && !Number.isInteger(number))) return 'Please enter a valid number.';
  if (number < Number(element['min_value'] ?? -Infinity)) return `Please enter at least ${word(element['min_value'])}.`;
  return number > Number(element['max_value'] ?? Infinity) ? `Please enter at most ${word(element['max_value'])}.` : undefined;
}
