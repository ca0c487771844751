import { newBlockId } from '../ids.ts';
import { withEmojiNames } from '../emoji.ts';
import { rewriteAppText } from '../rewrite.ts';
import type { Json, JsonObject } from '../state.ts';
import type { World } from '../world.ts';
import { word } from '../words.ts';

const INTERACTIVE =
  /^(button|checkboxes|datepicker|datetimepicker|timepicker|radio_buttons|overflow|(multi_)?(static|external|users|conversations|channels)_select|plain_text_input|number_input|email_text_input|url_text_input|rich_text_input|file_input|feedback_buttons|icon_button|workflow_button)$/;

/** Blocks as Slack hands them back: every id filled in, text objects completed and rewritten. */
export function completeBlocks(world: World, blocks: JsonObject[]): JsonObject[] {
  return blocks.map((block) => ({ ...(completed(world, block) as JsonObject), block_id: block['block_id'] ?? newBlockId(world.state) }));
}

function completed(world: World, node: Json): Json {
  if (Array.isArray(node)) return node.map((entry) => completed(world, entry));
  if (typeof node !== 'object' || node === null) return node;
  const type = node['type'];
  if (type === 'rich_text') return structuredClone(node);
  if (type === 'plain_text') return { ...node, text: withEmojiNames(word(node['text'])), emoji: node['emoji'] ?? true };
  if (type === 'mrkdwn' && node['verbatim'] === true) return { ...node };
  if (type === 'mrkdwn') return { ...node, text: rewriteAppText(word(node['text'])), verbatim: false };
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, completed(world, value)]));
  if (typeof type === 'string' && INTERACTIVE.test(type)) return { ...inner, action_id: inner['action_id'] ?? newBlockId(world.state) };
  return inner;
}
