import { completeBlocks } from './blocks/complete.ts';
import { validateBlocks } from './blocks/validate.ts';
import { composeAppText } from './composer.ts';
import { newToken, newTs } from './ids.ts';
import { addMessage, changeMessage, removeMessage } from './messages.ts';
import type { Channel, JsonObject, ResponseUrl } from './state.ts';
import { type World, findMessage, now } from './world.ts';
import { word } from './words.ts';

const MAX_USES = 5;
const LIFE_MILLISECONDS = 30 * 60_000;
const OK = 200;
const NOT_FOUND = 404;

export function issueResponseUrl(
  world: World,
  about: { user: string; channel: string; messageTs?: string | null; isEphemeral?: boolean },
): string {
  for (const old of Object.values(world.state.responseUrls))
    if (now(world) - old.issuedAt > 2 * LIFE_MILLISECONDS) delete world.state.responseUrls[old.token];
  const token = newToken(world.state);
  world.state.responseUrls[token] = {
    token,
    user: about.user,
    channel: about.channel,
    messageTs: about.messageTs ?? null,
    isEphemeral: about.isEphemeral ?? false,
    issuedAt: now(world),
    uses: 0,
  };
  return `${world.url}/response/${token}`;
}

/** What an app's POST to a response_url does, and the answer. */
export function respond(world: World, token: string, body: JsonObject): { status: number; body: string } {
  const known = world.state.responseUrls[token];
  const fate = used(world, known, body);
  world.recorder.call({
    method: 'response_url',
    body,
    ok: fate === 'ok',
    t: now(world),
    ...(fate === 'ok' ? {} : { error: fate }),
    ...(known ? { received_at: known.issuedAt } : {}),
  });
  if (fate === 'ok') return { status: OK, body: 'ok' };
  return { status: fate === 'used_url' || fate === 'expired_url' ? NOT_FOUND : OK, body: JSON.stringify({ ok: false, error: fate }) };
}

function used(world: World, known: ResponseUrl | undefined, body: JsonObject): string {
  if (!known || now(world) - known.issuedAt > LIFE_MILLISECONDS) return 'expired_url';
  if (known.uses >= MAX_USES) return 'used_url';
  const channel = world.state.channels[known.channel];
  if (!channel) return 'expired_url';
  known.uses += 1;
  const blocks = body['blocks'];
  if (blocks !== undefined && validateBlocks(blocks, 'message').length > 0) return 'invalid_blocks';
  return carriedOut(world, { known, channel, body });
}

function carriedOut(world: World, { known, channel, body }: { known: ResponseUrl; channel: Channel; body: JsonObject }): string {
  const original = known.messageTs ? findMessage(world, channel.id, known.messageTs) : undefined;
  if (body['delete_original'] === true) {
    if (original) removeMessage(world, channel, original);
    else forgetEphemeral(world, known);
    return 'ok';
  }
  const given = typeof body['blocks'] === 'object' && body['blocks'] !== null ? (body['blocks'] as JsonObject[]) : [];
  const composed = composeAppText(world.state, word(body['text'] ?? ''));
  const blocks = given.length > 0 ? completeBlocks(world, given) : composed.blocks;
  if (composed.text === '' && blocks.length === 0) return 'no_text';
  const isReplacing = body['replace_original'] === true && known.messageTs !== null;
  if (isReplacing && original) {
    changeMessage(world, channel, { message: original, to: { text: composed.text, blocks } });
    return 'ok';
  }
  const threadTs = typeof body['thread_ts'] === 'string' ? body['thread_ts'] : null;
  if (isReplacing) {
    forgetEphemeral(world, known);
  } else if (body['response_type'] === 'in_channel') {
    addMessage(world, channel, {
      subtype: 'bot_message',
      text: composed.text,
      blocks,
      bot_id: world.state.app.botId,
      app_id: world.state.app.id,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
    return 'ok';
  }
  showOnlyTo(world, known.user, { channel: channel.id, text: composed.text, blocks, threadTs, ts: isReplacing ? known.messageTs : null });
  return 'ok';
}

export function showOnlyTo(
  world: World,
  user: string,
  what: { channel: string; text: string; blocks: JsonObject[]; threadTs: string | null; ts: string | null },
): string {
  const ts = what.ts ?? newTs(world.state, world.clock.now());
  world.state.ephemerals.push({ user, channel: what.channel, ts, text: what.text, blocks: what.blocks, threadTs: what.threadTs });
  world.bus.changed('ephemeral', { user, channel: what.channel, ts });
  return ts;
}

function forgetEphemeral(world: World, known: ResponseUrl): void {
  world.state.ephemerals = world.state.ephemerals.filter((shown) => !(shown.user === known.user && shown.ts === known.messageTs));
  world.bus.changed('ephemeral', { user: known.user, channel: known.channel });
}
