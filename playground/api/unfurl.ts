import type { ChatUnfurlResponse } from '@slack/web-api';
import { changeMessage } from '../messages.ts';
import { refuse } from '../refusal.ts';
import type { JsonObject } from '../state.ts';
import { findMessage } from '../world.ts';
import { validateBlocks } from '../blocks/validate.ts';
import { completeBlocks } from '../blocks/complete.ts';
import { type Call, type Method, type Result, structured, text } from './call.ts';
import { visibleChannel } from './channels.ts';

export const unfurlMethods: Record<string, Method> = { 'chat.unfurl': unfurl };

/** Puts a preview under somebody's link; the message changes by it, and everybody hears of that. */
function unfurl(call: Call): Result<ChatUnfurlResponse> {
  const { world } = call;
  const [channelId = '', stamp = ''] = (text(call, 'unfurl_id') ?? '').split('-');
  const channel = channelId ? (world.state.channels[channelId] ?? refuse('cannot_find_channel')) : visibleChannel(call);
  const message = findMessage(world, channel.id, stamp || (text(call, 'ts') ?? '')) ?? refuse('cannot_find_message');
  const unfurls = structured(call, 'unfurls') as Record<string, JsonObject> | undefined;
  if (typeof unfurls !== 'object' || unfurls === null) return refuse('missing_unfurls');
  const previews = Object.entries(unfurls).map(([url, preview], index) => {
    const blocks = (preview['blocks'] ?? []) as JsonObject[];
    if (validateBlocks(blocks, 'message').length > 0) refuse('cannot_unfurl_url');
    if (!message.text.includes(url.replaceAll('&', '&amp;'))) refuse('cannot_unfurl_url');
    return { ...preview, id: index + 1, from_url: url, app_unfurl_url: url, is_app_unfurl: true, blocks: completeBlocks(world, blocks) };
  });
  changeMessage(world, channel, { message, to: { attachments: previews } });
  return {};
}
