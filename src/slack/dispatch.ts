import type { App } from '@slack/bolt';
import { Failure } from '#failure.ts';
import { failureText, translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { fits, fitting, once } from './ack.ts';
import type { Caller, Clicked, Doors, Guard, Told } from './doors.ts';
import type { Message, Slack } from './slack.ts';
import { registerSubmissions } from './submission.ts';
import { personOfUser, rememberedUser } from './users.ts';

type Body = Record<string, unknown> & {
  user?: { id: string };
  user_id?: string;
  trigger_id?: string;
  response_url?: string;
  view?: { id: string; hash: string; callback_id: string; private_metadata: string; state: { values: unknown } };
  container?: { message_ts?: string; channel_id?: string; thread_ts?: string };
  message?: { ts: string; thread_ts?: string; user?: string; text?: string; blocks?: unknown; files?: unknown };
  channel?: { id: string };
};

/** Hands every Slack id to the one function that answers it. One listener a kind: Bolt would run all that match. */
export function registerDoors(app: App, desk: Desk, slack: Slack, doors: Doors): void {
  const guard = wrapper(desk, slack);

  for (const command of Object.keys(doors.commands)) {
    app.command(command, async ({ ack, body, respond }) => {
      const typed = { text: body.text ?? '', channel: body.channel_id, triggerId: body.trigger_id, responseUrl: body.response_url };
      await once(desk, ack, async (ackOnce) => {
        const say = async (message: Message | void) => {
          if (!message) return ackOnce();
          const answer = { ...message, response_type: 'ephemeral' as const };
          if (!ackOnce.isDone && fits(answer)) return ackOnce(answer);
          await ackOnce();
          await respond(answer);
        };
        const instantly = async () => doors.instant(desk, slack, { ...typed, userId: body.user_id, command });
        if (await orExplain({ desk, slack }, body.user_id, instantly, say)) return ackOnce();
        await guard(body.user_id, async (caller) => say((await doors.commands[command]?.({ ...caller, ...typed })) ?? undefined), say);
      });
    });
  }

  app.action(/.*/, async ({ ack, body, action, respond }) => {
    const payload = body as unknown as Body;
    const one = action as unknown as Record<string, unknown> & { action_id: string };
    const whisper = async (message: Message) => whisperTo(slack, payload, respond as never, message);
    await once(desk, ack, async (ackOnce) => {
      const door = doors.actions[one.action_id] ?? doors.actions[one.action_id.split(':')[0] ?? ''];
      if (!door) {
        desk.log.warn({ action: one.action_id }, 'A click on something nobody answers.');
        return ackOnce();
      }
      await guard(
        payload.user?.id ?? '',
        (caller) => door({ ...caller, ...clickedOf(payload, one), whisper }),
        (message) => (message ? whisper(message) : undefined),
      );
      return ackOnce();
    });
  });

  registerSubmissions(app, { desk, slack, doors, guard });

  app.options(/.*/, async ({ ack, body }) => {
    const payload = body as unknown as Body & { action_id: string; value: string };
    await once(desk, ack as (response?: unknown) => Promise<void>, async (ackOnce) => {
      let options: Awaited<ReturnType<Doors['options'][string]>> = [];
      await guard(payload.user?.id ?? '', async (caller) => {
        options = (await doors.options[payload.action_id]?.({ ...caller, query: payload.value, view: viewOf(payload) })) ?? [];
      });
      return ackOnce({ options: fitting(options) });
    });
  });

  app.shortcut(/.*/, async ({ ack, body, respond }) => {
    const payload = body as unknown as Body & { callback_id: string };
    const shortcut = doors.shortcuts[payload.callback_id];
    const whisper = async (message: Message) => whisperTo(slack, payload, respond as never, message);
    await once(desk, ack as (response?: unknown) => Promise<void>, async (ackOnce) => {
      const run = guard(
        payload.user?.id ?? '',
        async (caller) =>
          shortcut?.run({
            ...caller,
            triggerId: payload.trigger_id ?? '',
            responseUrl: payload.response_url ?? null,
            message: messageOf(payload),
            whisper,
          }),
        (message) => (message ? whisper(message) : undefined),
      );
      await run;
      return ackOnce();
    });
  });
}

/** Finds who it is, and turns what went wrong into a sentence they can read. */
function wrapper(desk: Desk, slack: Slack): Guard {
  return async (userId, work, tell = () => undefined) => {
    let t = translator(rememberedUser(slack, userId)?.locale);
    try {
      const known = await personOfUser(desk, slack, userId);
      if (!known) {
        await tell({ text: t('failures:role.members_only') });
        return;
      }
      t = translator(known.user.locale);
      await work({ desk, slack, person: known.person, user: known.user, t });
    } catch (error) {
      if (!(error instanceof Failure)) desk.log.error({ error }, 'Something a person did in Slack failed.');
      await tell({ text: error instanceof Failure ? failureText(t, error) : t('failures:internal') });
    }
  };
}

/** For what may not wait for a look at who it is. True also when it failed: the person has read so. */
async function orExplain(at: Pick<Caller, 'desk' | 'slack'>, userId: string, work: () => Promise<boolean>, tell: Told): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    at.desk.log.error({ error }, 'Something a person did in Slack failed.');
    await tell({ text: translator(rememberedUser(at.slack, userId)?.locale)('failures:internal') });
    return true;
  }
}

function clickedOf(payload: Body, action: Record<string, unknown> & { action_id: string }): Omit<Clicked, 'whisper'> {
  const place =
    payload.channel && payload.message
      ? { channel: payload.channel.id, ts: payload.message.ts, threadTs: payload.message.thread_ts ?? null }
      : null;
  return { actionId: action.action_id, value: valueOf(action), triggerId: payload.trigger_id ?? '', place, view: viewOf(payload) };
}

function valueOf(action: Record<string, unknown>): string {
  const option = action['selected_option'] as { value?: string } | null | undefined;
  const direct =
    action['value'] ?? option?.value ?? action['selected_user'] ?? action['selected_channel'] ?? action['selected_conversation'];
  return typeof direct === 'string' ? direct : '';
}

function viewOf({ view }: Body): Clicked['view'] {
  return view
    ? { id: view.id, hash: view.hash, callbackId: view.callback_id, metadata: view.private_metadata, state: view.state?.values }
    : null;
}

function messageOf(payload: Body) {
  if (!payload.message || !payload.channel) return null;
  const { ts, thread_ts: threadTs, user, text, blocks, files } = payload.message;
  return { channel: payload.channel.id, ts, threadTs: threadTs ?? null, userId: user ?? null, text: text ?? '', blocks, files };
}

async function whisperTo(
  slack: Slack,
  payload: Body,
  respond: ((message: Record<string, unknown>) => Promise<unknown>) | undefined,
  message: Message,
): Promise<void> {
  const threadTs = payload.message?.thread_ts ?? payload.container?.thread_ts;
  if (payload.response_url && respond) {
    await respond({ ...message, response_type: 'ephemeral', replace_original: false, ...(threadTs ? { thread_ts: threadTs } : {}) });
    return;
  }
  const { channel } = await slack.lanes.call<{ channel: { id: string } }>('answer', 'conversations.open', { users: payload.user?.id });
  await slack.lanes.call('answer', 'chat.postMessage', { channel: channel.id, ...message });
}
