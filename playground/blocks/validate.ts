import limits from '../rules/limits.json' with { type: 'json' };
import {
  type BlockProblem,
  type Check,
  type Rule,
  type Surface,
  complain,
  flag,
  isObject,
  list,
  newCheck,
  oneOf,
  shape,
  text,
} from './check.ts';
import { anyBlock } from './kinds.ts';
import { options, optionGroups, plainText } from './parts.ts';

export type { BlockProblem, Surface } from './check.ts';

const MAX_BLOCKS_IN_MESSAGE = 50;
const VIEW = limits.view;

/** Everything Slack would refuse in a message's blocks. */
export function validateBlocks(blocks: unknown, surface: Surface): BlockProblem[] {
  const check = newCheck(surface);
  const max = surface === 'message' ? MAX_BLOCKS_IN_MESSAGE : VIEW.blocks.max_items;
  list(anyBlock, { max })(check, blocks, '/blocks');
  return check.problems;
}

/** Everything Slack would refuse in a view; `type` is what the method wants, if it wants one. */
export function validateView(view: unknown, type: 'modal' | 'home' | null = null): BlockProblem[] {
  const given = isObject(view) ? view['type'] : undefined;
  const check = newCheck(given === 'home' ? 'home' : 'modal');
  if (!isObject(view)) complain(check, '/view', { code: 'wrong_type', message: 'must provide an object' });
  else if (type !== null && given !== type)
    complain(check, '/view/type', { code: 'not_allowed', message: `must be one of: ${type}`, constraint: type });
  else (given === 'home' ? home : modal)(check, view, '/view');
  return check.problems;
}

const shared: Record<string, Rule> = {
  private_metadata: text({ max: VIEW.private_metadata.max_length }),
  callback_id: text({ max: VIEW.callback_id.max_length }),
  external_id: text({ max: VIEW.callback_id.max_length }),
};
const blocks = list(anyBlock, { min: VIEW.blocks.min_items, max: VIEW.blocks.max_items });

const home = shape({ type: oneOf('home'), blocks }, shared);

const modal = shape(
  { type: oneOf('modal'), title: plainText(VIEW.title.max_length), blocks },
  {
    ...shared,
    submit: plainText(VIEW.submit.max_length),
    close: plainText(VIEW.close.max_length),
    clear_on_close: flag,
    notify_on_close: flag,
  },
  needsSubmit,
);

function needsSubmit(check: Check, view: Record<string, unknown>): void {
  const given = Array.isArray(view['blocks']) ? (view['blocks'] as unknown[]) : [];
  if (view['submit'] !== undefined || !given.some((block) => isObject(block) && block['type'] === 'input')) return;
  complain(check, '/view', { code: 'missing_required', message: 'missing required field: submit', constraint: 'submit' });
}

/** What an app may answer to somebody who types into an external select. */
export function validateOptions(payload: unknown): BlockProblem[] {
  const check = newCheck('modal');
  const some = options('plain', { min: 0, max: limits.select.options.max_items });
  if (!isObject(payload)) complain(check, '', { code: 'wrong_type', message: 'must provide an object' });
  else if (payload['option_groups'] !== undefined) optionGroups(check, payload['option_groups'], '/option_groups');
  else some(check, payload['options'], '/options');
  return check.problems;
}
