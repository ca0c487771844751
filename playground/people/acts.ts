import { type Answer, deliverInteraction } from '../deliver.ts';
import { emit } from '../events.ts';
import { newTs } from '../ids.ts';
import { channelInPayload, interactionBase } from '../interactions.ts';
import { renderHistory } from '../render.ts';
import { nameInPayload } from '../render-channel.ts';
import { issueResponseUrl, showOnlyTo } from '../response-url.ts';
import { completeBlocks } from '../blocks/complete.ts';
import { validateBlocks } from '../blocks/validate.ts';
import { compose, composeAppText } from '../composer.ts';
import { addMessage } from '../messages.ts';
import type { Channel, JsonObject, Person } from '../state.ts';
import { issueTrigger } from '../triggers.ts';
import { renderView } from '../views.ts';
import { type World, findMessage, isMember, person } from '../world.ts';
import { room } from './posts.ts';

/** What a person sees right after acting. */
export interface Outcome {
  isAcked: boolean;
  /** Why not: Slack would show the person an error. */
  reason?: string;
  triggerId: string;
  /** What the ack carried. */
  payload: JsonObject;
  /** The text the ack answered with. */
  text?: string;
  /** The modal that this act has opened by now. */
  viewId?: string;
}

export async function command(world: World, about: { as: string; channel: string; command: string; text?: string }): Promise<Outcome> {
  const by = person(world, about.as);
  const channel = room(world, about.channel, by.id);
  if (!isMember(channel, by.id)) throw new Error(`${by.name} is not in ${channel.name || channel.id}.`);
  const known = world.manifest.commands;
  const name = about.command.startsWith('/') ? about.command : `/${about.command}`;
  const declared = known?.find((entry) => entry.command === name);
  if (known && !declared) throw new Error(`${name} is not in the manifest. It has: ${known.map((entry) => entry.command).join(', ')}`);
  const triggerId = issueTrigger(world, { user: by.id, channelId: channel.id });
  const { team, app } = world.state;
  const typed = about.text ?? '';
  const answer = await deliverInteraction(world, 'slash_commands', {
    token: 'verification-token',
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: nameInPayload(channel),
    user_id: by.id,
    user_name: by.name,
    command: name,
    text: declared?.shouldEscape ? escapedArguments(world, typed) : typed,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: issueResponseUrl(world, { user: by.id, channel: channel.id }),
    trigger_id: triggerId,
  });
  return outcome(world, triggerId, shown(world, answer, { by, channel }));
}

function escapedArguments(world: World, typed: string): string {
  return compose(world, typed)
    .text.replaceAll(/<@(\w+)>/g, (_, id: string) => `<@${id}|${world.state.people[id]?.name ?? ''}>`)
    .replaceAll(
      /<(?:mailto:[^|>]*\|([^>]*)|(https?:[^|>]*))>/g,
      (_, address: string | undefined, url: string | undefined) => address ?? `<${url}>`,
    );
}

/** The text of a command's ack becomes a message. */
function shown(world: World, answer: Answer, to: { by: Person; channel: Channel }): Answer {
  if (!answer.isAcked) return answer;
  const { text, blocks, response_type: kind } = answer.payload;
  const given = Array.isArray(blocks) ? (blocks as JsonObject[]) : [];
  if (validateBlocks(given, 'message').length > 0) {
    world.recorder.problem('invalid_ack', JSON.stringify(validateBlocks(given, 'message')));
    return answer;
  }
  const composed = composeAppText(world.state, typeof text === 'string' ? text : '');
  const complete = given.length > 0 ? completeBlocks(world, given) : composed.blocks;
  if (composed.text === '' && complete.length === 0) return answer;
  const { app } = world.state;
  if (kind === 'in_channel')
    addMessage(world, to.channel, { subtype: 'bot_message', text: composed.text, blocks: complete, bot_id: app.botId, app_id: app.id });
  else showOnlyTo(world, to.by.id, { channel: to.channel.id, text: composed.text, blocks: complete, threadTs: null, ts: null });
  return answer;
}

export async function shortcut(world: World, about: { as: string; callbackId: string }): Promise<Outcome> {
  const by = person(world, about.as);
  checkShortcut(world, 'global', about.callbackId);
  const triggerId = issueTrigger(world, { user: by.id });
  const answer = await deliverInteraction(world, 'interactive', {
    ...interactionBase(world, 'shortcut', by),
    callback_id: about.callbackId,
    trigger_id: triggerId,
    action_ts: newTs(world.state, world.clock.now()),
  });
  return outcome(world, triggerId, answer);
}

export async function messageShortcut(
  world: World,
  about: { as: string; channel: string; ts: string; callbackId: string },
): Promise<Outcome> {
  const by = person(world, about.as);
  checkShortcut(world, 'message', about.callbackId);
  const channel = room(world, about.channel, by.id);
  const message = findMessage(world, channel.id, about.ts);
  if (!message) throw new Error(`There is no message ${about.ts} in ${channel.name || channel.id}.`);
  const triggerId = issueTrigger(world, { user: by.id, channelId: channel.id });
  const answer = await deliverInteraction(world, 'interactive', {
    ...interactionBase(world, 'message_action', by),
    callback_id: about.callbackId,
    trigger_id: triggerId,
    action_ts: newTs(world.state, world.clock.now()),
    response_url: issueResponseUrl(world, { user: by.id, channel: channel.id, messageTs: about.ts }),
    message_ts: about.ts,
    channel: channelInPayload(channel),
    message: renderHistory(world, channel, message),
  });
  return outcome(world, triggerId, answer);
}

function checkShortcut(world: World, type: 'global' | 'message', callbackId: string): void {
  const known = world.manifest.shortcuts;
  if (known && !known.some((entry) => entry.type === type && entry.callbackId === callbackId)) {
    throw new Error(`There is no ${type} shortcut ${callbackId} in the manifest.`);
  }
}

/** Opens the app's Home, or another tab of it. */
export function openHome(world: World, as: string, tab: 'home' | 'messages' = 'home'): void {
  const by = person(world, as);
  const view = world.state.views[world.state.homes[by.id] ?? ''];
  emit(world, {
    type: 'app_home_opened',
    user: by.id,
    channel: room(world, 'bot', by.id).id,
    tab,
    ...(view && tab === 'home' ? { view: renderView(world, view) } : {}),
  });
}

export function outcome(world: World, triggerId: string, answer: Answer): Outcome {
  const opened = Object.values(world.state.views).find((view) => view.openedBy === triggerId);
  const viewId = opened ? { viewId: opened.id } : {};
  if (!answer.isAcked) return { isAcked: false, reason: answer.reason, triggerId, payload: {}, ...viewId };
  const { text } = answer.payload;
  return { isAcked: true, triggerId, payload: answer.payload, ...(typeof text === 'string' ? { text } : {}), ...viewId };
}
