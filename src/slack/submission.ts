import type { App } from '@slack/bolt';
import { Failure } from '#failure.ts';
import { failureText, type Translate, translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { fits, once } from './ack.ts';
import type { Doors, Guard, Modal, Submitted } from './doors.ts';
import { formAgain, type SentForm } from './form-again.ts';
import { isSlackError } from './lanes.ts';
import type { Slack } from './slack.ts';
import { rememberedUser } from './users.ts';
import { wordsView } from './words-view.ts';

interface Sent {
  user?: { id: string };
  trigger_id?: string;
  view?: SentForm & { id: string };
}

/** A form that was sent in. What was typed is never lost: it stays until the work is done, or comes back with a sentence. */
export function registerSubmissions(
  app: App,
  { desk, slack, doors, guard }: { desk: Desk; slack: Slack; doors: Doors; guard: Guard },
): void {
  app.view(/.*/, async ({ ack, body }) => {
    const { user, trigger_id: triggerId, view } = body as unknown as Sent;
    const modal = view ? doors.modals[view.callback_id] : undefined;
    if (!view || !modal) return ack();
    const t = translator(rememberedUser(slack, user?.id ?? '')?.locale);
    // The form can't stand open unanswered; it is kept here and shown again if it must be.
    const saving = () => submittedResponse({ update: wordsView(t('modals:saving')) });
    await once(
      desk,
      ack as (response?: unknown) => Promise<void>,
      async (ackOnce) => {
        let result: Submitted = undefined;
        await guard(
          user?.id ?? '',
          async (caller) => {
            const submission = { viewId: view.id, metadata: view.private_metadata, state: view.state.values, triggerId: triggerId ?? '' };
            result = await submitOrExplain(desk, modal, () => modal.submit({ ...caller, ...submission }), { t: caller.t, view });
          },
          async (message) => {
            result = message ? refusal(view, message.text) : undefined;
          },
        );
        const response = submittedResponse(result);
        if (!ackOnce.isDone && fits(response)) await ackOnce(response);
        else {
          await ackOnce(saving());
          await showLate(slack, { userId: user?.id ?? '', view, result, t });
        }
        await afterwards(result);
      },
      saving,
    );
  });
}

async function afterwards(result: Submitted): Promise<void> {
  if (result && 'update' in result) await result.after?.();
}

async function submitOrExplain(
  desk: Desk,
  modal: Modal,
  submitting: () => Promise<Submitted>,
  { t, view }: { t: Translate; view: SentForm },
): Promise<Submitted> {
  try {
    return await submitting();
  } catch (error) {
    if (error instanceof Failure) return refusal(view, failureText(t, error), modal.fields?.[error.key]);
    desk.log.error({ error, modal: modal.id }, 'A form could not be taken.');
    return refusal(view, t('failures:internal'));
  }
}

/** On the field it is about, else on the first: Slack shows errors on inputs only. */
function refusal(view: SentForm, text: string, field?: string): Submitted {
  const inputs = (view.blocks ?? []).filter((block) => block.type === 'input').map((block) => String(block['block_id']));
  const block = inputs.find((id) => id === field || id.startsWith(`${field}:`)) ?? inputs[0];
  return block === undefined ? { update: wordsView(text) } : { errors: { [block]: text } };
}

/** What comes of it after Slack's time was over takes the place of "Saving…"; whoever closed that reads a message. */
async function showLate(
  slack: Slack,
  { userId, view, result, t }: { userId: string; view: SentForm & { id: string }; result: Submitted; t: Translate },
): Promise<void> {
  try {
    await slack.lanes.call('answer', 'views.update', { view_id: view.id, view: lateView(view, result, t) });
  } catch (error) {
    if (!isSlackError(error, 'not_found', 'view_not_found')) throw error;
    if (!result || 'clear' in result) return;
    const text = 'errors' in result ? Object.values(result.errors).join('\n') : wordsIn(result.update);
    const { channel } = await slack.lanes.call<{ channel: { id: string } }>('answer', 'conversations.open', { users: userId });
    await slack.lanes.call('answer', 'chat.postMessage', { channel: channel.id, text });
  }
}

function lateView(view: SentForm, result: Submitted, t: Translate) {
  if (!result || 'clear' in result) return wordsView(t('modals:saved'), t('modals:done'));
  return 'errors' in result ? formAgain(view, result.errors) : result.update;
}

function wordsIn(view: { blocks: unknown[] }): string {
  return view.blocks.map((block) => (block as { text?: { text?: string } }).text?.text ?? '').join('\n');
}

function submittedResponse(result: Submitted): unknown {
  if (!result) return undefined;
  if ('errors' in result) return { response_action: 'errors', errors: result.errors };
  if ('update' in result) return { response_action: 'update', view: result.update };
  return { response_action: 'clear' };
}
