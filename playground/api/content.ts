import { validateBlocks } from '../blocks/validate.ts';
import { composeAppText } from '../composer.ts';
import { completeBlocks } from '../blocks/complete.ts';
import { refuse } from '../refusal.ts';
import type { JsonObject, Message } from '../state.ts';
import { type Call, needScope, structured, text } from './call.ts';
import { characters } from '../words.ts';

const MAX_TEXT = 40_000;
const MAX_MARKDOWN = 12_000;
const MAX_ATTACHMENTS = 100;
const MAX_METADATA_BYTES = 8_000;
const NOTHING_TO_SHOW = "This content can't be displayed.";

export type Content = Pick<Message, 'text' | 'blocks' | 'attachments'>;

/** Text, blocks and attachments of a message as Slack would keep them; undefined when none is given. */
export function contentOf(call: Call): Content | undefined {
  const given = text(call, 'text');
  const blocks = structured(call, 'blocks', 'invalid_blocks_format') as JsonObject[] | undefined;
  const attachments = structured(call, 'attachments', 'invalid_attachments') as JsonObject[] | undefined;
  const markdown = text(call, 'markdown_text');
  if (markdown !== undefined && (given !== undefined || blocks !== undefined)) refuse('markdown_text_conflict');
  if (markdown !== undefined && characters(markdown).length > MAX_MARKDOWN) refuse('msg_too_long');
  if (blocks !== undefined) checkBlocks(blocks);
  if (attachments !== undefined) checkAttachments(attachments);
  if (!given && !markdown && !blocks?.length && !attachments?.length) return undefined;
  const composed = composeAppText(call.world.state, truncated(given ?? markdown ?? ''));
  const shown = blocks?.length ? completeBlocks(call.world, blocks) : composed.blocks;
  return {
    text: composed.text === '' && blocks?.length ? NOTHING_TO_SHOW : composed.text,
    ...(shown.length > 0 ? { blocks: shown } : {}),
    ...(attachments?.length ? { attachments: attachments.map((entry, index) => ({ id: index + 1, ...entry })) } : {}),
  };
}

function checkBlocks(blocks: unknown): void {
  const problems = validateBlocks(blocks, 'message');
  if (problems.length === 0) return;
  refuse('invalid_blocks', {
    errors: problems.map((problem) => `${problem.message} [json-pointer:${problem.pointer}]`),
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`) },
  });
}

function checkAttachments(attachments: unknown): void {
  if (!Array.isArray(attachments)) return refuse('invalid_attachments');
  if (attachments.length > MAX_ATTACHMENTS) refuse('too_many_attachments');
  for (const attachment of attachments as JsonObject[]) if (attachment['blocks'] !== undefined) checkBlocks(attachment['blocks']);
}

function truncated(given: string): string {
  return characters(given).length > MAX_TEXT ? characters(given).slice(0, MAX_TEXT).join('') : given;
}

/** Undefined: none given. Null: an empty object, which takes it away. */
export function metadataOf(call: Call): Message['metadata'] | null {
  const metadata = structured(call, 'metadata', 'invalid_metadata_format') as JsonObject | null | undefined;
  if (metadata === undefined) return undefined;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return refuse('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return null;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return refuse('invalid_metadata_format');
  if (Object.values(payload).some((value) => typeof value === 'object' && value !== null && !Array.isArray(value)))
    refuse('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) refuse('metadata_too_large');
  return { event_type: type, event_payload: payload };
}

/** Another name or picture turns the post into a bot_message. */
export function disguiseOf(call: Call): Partial<Message> {
  const username = text(call, 'username');
  const emoji = text(call, 'icon_emoji');
  const url = text(call, 'icon_url');
  if (!username && !emoji && !url) return {};
  needScope(call.world, 'chat:write.customize');
  const icons: JsonObject = emoji ? { emoji } : url ? { image_36: url, image_48: url, image_72: url } : {};
  return { subtype: 'bot_message', username: username ?? call.world.state.app.name, ...(Object.keys(icons).length > 0 ? { icons } : {}) };
}
