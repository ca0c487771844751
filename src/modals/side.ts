import type { View } from '@slack/types';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { context } from '#slack/card.ts';
import type { Caller, Modal } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { escape } from '#slack/mrkdwn.ts';
import { plainDocument } from '#text/document.ts';
import { mustFind } from '#tickets/find.ts';
import { mustBeAgent } from '#tickets/roles.ts';
import { customersInSlack, openSide } from '#tickets/side.ts';
import { plain, textInput, valueIn } from './fields.ts';

export const SIDE = 'side.open';
const MEMBERS_A_PAGE = 200;
const MAX_PAGES = 25;

export function sideView(data: { ticketId: number; number: string }, t: Translate): View {
  return {
    type: 'modal',
    callback_id: SIDE,
    title: plain(t('modals:side.title', { number: data.number }).slice(0, 24)),
    submit: plain(t('modals:side.submit')),
    close: plain(t('modals:close')),
    private_metadata: String(data.ticketId),
    blocks: [
      {
        type: 'input',
        block_id: 'channel',
        label: plain(t('modals:side.channel')),
        element: {
          type: 'conversations_select',
          action_id: 'value',
          filter: { include: ['public', 'private'], exclude_external_shared_channels: true, exclude_bot_users: true },
        },
      },
      textInput({ block: 'question', label: t('modals:side.question'), isLong: true }),
      context([escape(t('modals:side.hint'))]),
    ],
  } as View;
}

export const sideModal: Modal = {
  id: SIDE,
  async submit(caller) {
    const { desk, person, metadata, state, viewId, t } = caller;
    await mustBeAgent(desk.db, person.id);
    const channel = valueIn(state, 'channel');
    const question = valueIn(state, 'question');
    if (!channel || !question) return { errors: { question: t('failures:side.empty') } };
    const ticket = await mustFind(desk.db, Number(metadata));
    const customers = await customersInSlack(desk.db, ticket);
    try {
      if (customers.size > 0 && (await isAnyoneThere(caller, channel, customers)))
        return { errors: { channel: t('failures:side.requester_there') } };
      const unfit = await unfitnessOf(caller, channel);
      if (unfit) return { errors: { channel: t(`failures:side.${unfit}`) } };
    } catch (error) {
      if (isSlackError(error, 'channel_not_found', 'not_in_channel')) return { errors: { channel: t('failures:side.not_in_channel') } };
      throw error;
    }
    try {
      await openSide(desk, {
        ticketId: ticket.id,
        channel,
        question: plainDocument(question),
        subject: question.split('\n')[0]?.slice(0, 120) ?? '',
        startedById: person.id,
        sourceKey: `view:${viewId}`,
      });
    } catch (error) {
      if (error instanceof Failure && error.key === 'side.requester_there')
        return { errors: { channel: t('failures:side.requester_there') } };
      throw error;
    }
    return undefined;
  },
};

interface ChannelInfo {
  is_member?: boolean;
  is_archived?: boolean;
  is_ext_shared?: boolean;
  is_im?: boolean;
  is_mpim?: boolean;
}

/** Why nothing can be asked there. The picker filters too, but it shows what was true when it opened. */
async function unfitnessOf({ slack }: Caller, channel: string): Promise<'not_in_channel' | 'archived' | 'shared' | null> {
  const { channel: info } = await slack.lanes.call<{ channel: ChannelInfo }>('answer', 'conversations.info', { channel });
  if (info.is_archived) return 'archived';
  if (info.is_ext_shared) return 'shared';
  return info.is_member || info.is_im || info.is_mpim ? null : 'not_in_channel';
}

/** Nothing of a side conversation may be where its customer reads along. */
async function isAnyoneThere({ slack }: Caller, channel: string, people: Set<string>): Promise<boolean> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await slack.lanes.call<{ members: string[]; response_metadata?: { next_cursor?: string } }>(
      'answer',
      'conversations.members',
      { channel, limit: MEMBERS_A_PAGE, ...(cursor ? { cursor } : {}) },
    );
    if (answer.members.some((member) => people.has(member))) return true;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (!cursor) return false;
  }
  // Too many to look at: better refused than read along.
  return true;
}
