import type { View } from '@slack/types';
import { z } from 'zod';
import { CHANNELS, PRIORITIES } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { section } from '#slack/card.ts';
import { escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { type About, aboutBlocks } from './create-about.ts';
import { type MessageSource, messageSource } from './create-source.ts';
import { choice, plain, textInput } from './fields.ts';

export const CREATE = 'ticket.create';

export interface Candidate {
  /** `person:12`, or `new:` and what was typed. */
  value: string;
  text: string;
}

export interface Draft {
  subject?: string | undefined;
  description?: string | undefined;
  newName?: string | undefined;
  newEmail?: string | undefined;
}

export interface CreateData {
  openedAt: number;
  responseUrl?: string | undefined;
  requester: Candidate | null;
  /** What choosing the requester brought: shown, not typed. */
  about: About | null;
  isNew: boolean;
  /** How the requester would be told. */
  way?: 'email' | 'slack';
  groups: { id: number; name: string }[];
  draft?: Draft | undefined;
  /** The picker lists who is called that. */
  searched?: string | undefined;
  /** The form was sent in and comes back with a question. */
  isAskedAgain?: boolean;
  /** Set when the ticket is made of a Slack message. */
  source?: MessageSource | undefined;
  /** The requester wrote that message themselves. */
  isOwnMessage?: boolean;
}

const metadata = z.object({
  openedAt: z.number(),
  /** Where the answer goes; without one it is a direct message. */
  responseUrl: z.string().optional(),
  searched: z.string().optional(),
  source: messageSource.optional(),
  /** Tickets that were offered to add to. */
  offered: z.array(z.number()).optional(),
});
export type CreateMetadata = z.infer<typeof metadata>;

export function readMetadata(text: string): CreateMetadata {
  return metadata.parse(JSON.parse(text));
}

/** Call mode: opens at once, with what is known without asking anybody. */
export function blankView(known: Pick<CreateData, 'openedAt' | 'responseUrl' | 'draft'>, t: Translate): View {
  return createView({ ...known, requester: null, about: null, isNew: false, groups: [] }, t);
}

export function createView(data: CreateData, t: Translate): View {
  const blocks: Block[] = [
    ...(data.isAskedAgain ? [section(`⚠️ ${escape(t('modals:create.maybe_same'))}`)] : []),
    requesterInput(data, t),
    ...(data.requester && data.about ? aboutBlocks(data.requester.value, data.about, t) : []),
    ...(data.isNew ? newPersonInputs(data, t) : []),
    ...wordsInputs(data, t),
    choice({
      block: 'channel',
      label: t('modals:create.channel'),
      options: CHANNELS.slice(0, 5).map((one) => ({ value: one, text: t(`modals:channel.${one}`) })),
      initial: data.source ? 'slack' : 'phone',
    }),
    notifyChoice(data, t),
    choice({
      block: 'priority',
      label: t('modals:create.priority'),
      options: PRIORITIES.map((one) => ({ value: one, text: t(`slack:priority.${one}`) })),
      initial: 'normal',
    }),
    ...(data.groups.length > 1
      ? [
          choice({
            block: 'group',
            label: t('modals:create.group'),
            options: data.groups.slice(0, 100).map((group) => ({ value: String(group.id), text: group.name })),
            initial: String(data.groups[0]?.id),
          }),
        ]
      : []),
  ];
  return {
    type: 'modal',
    callback_id: CREATE,
    title: plain(t('modals:create.title')),
    submit: plain(t('modals:create.submit')),
    close: plain(t('modals:close')),
    private_metadata: JSON.stringify({
      openedAt: data.openedAt,
      ...(data.responseUrl ? { responseUrl: data.responseUrl } : {}),
      ...(data.searched ? { searched: data.searched } : {}),
      ...(data.source ? { source: data.source } : {}),
      ...(data.about?.offered.length ? { offered: data.about.offered.map((matter) => matter.id) } : {}),
    } satisfies CreateMetadata),
    blocks,
  } as View;
}

function notifyChoice({ way }: CreateData, t: Translate): Block {
  return choice({
    block: way === 'slack' ? 'notify:slack' : 'notify',
    action: 'notify',
    label: t('modals:create.notify'),
    options: [
      { value: 'no', text: t('modals:create.notify_no') },
      { value: 'email', text: way === 'slack' ? t('modals:create.notify_slack') : t('modals:create.notify_email') },
    ],
    initial: 'no',
  });
}

function wordsInputs({ source, isOwnMessage, draft }: CreateData, t: Translate): Block[] {
  return [
    textInput({
      // The customer reads the subject: a colleague's first words must not stand in it because nobody took them out.
      block: source && !isOwnMessage ? 'subject:own' : 'subject',
      action: 'subject',
      label: t('modals:create.subject'),
      hint: t('modals:create.subject_hint'),
      initial: draft?.subject,
    }),
    textInput({
      block: 'description',
      label: t('modals:create.description'),
      hint: [
        isOwnMessage ? t('modals:create.description_hint_own') : t('modals:create.description_hint'),
        ...(source?.isCut ? [t('modals:create.description_cut')] : []),
        ...(source?.fileCount ? [t('modals:create.description_files', { count: source.fileCount })] : []),
      ].join(' '),
      isLong: true,
      initial: draft?.description,
    }),
  ];
}

function requesterInput(data: CreateData, t: Translate): Block {
  return {
    type: 'input',
    // A new block id makes Slack show the new initial option after an update.
    block_id: data.requester ? `requester:${data.requester.value.slice(0, 200)}` : data.searched ? 'requester:searched' : 'requester',
    label: plain(t('modals:create.requester')),
    dispatch_action: true,
    element: {
      type: 'external_select',
      action_id: 'create.requester',
      min_query_length: data.searched ? 0 : 2,
      placeholder: plain(
        data.searched
          ? shorten(t('modals:create.requester_several', { words: shorten(data.searched, 80) }), 150)
          : t('modals:create.requester_placeholder'),
      ),
      ...(data.requester
        ? { initial_option: { text: plain(shorten(data.requester.text, 75)), value: data.requester.value.slice(0, 150) } }
        : {}),
    },
  };
}

/** Bound to who is new: what was typed of one must not become another's. */
function newPersonInputs({ requester, draft }: CreateData, t: Translate): Block[] {
  const typed = requester?.value.slice('new:'.length) ?? '';
  const isName = !typed.includes('@') && !/^\+?[\d\s()-]{5,}$/.test(typed);
  return [
    textInput({
      block: `new_name:${requester?.value.slice(0, 200)}`,
      action: 'new_name',
      label: t('modals:create.new_name'),
      isOptional: true,
      initial: isName ? typed : draft?.newName,
      maxLength: 120,
    }),
    textInput({
      block: `new_email:${requester?.value.slice(0, 200)}`,
      action: 'new_email',
      label: t('modals:create.new_email'),
      isOptional: true,
      initial: typed.includes('@') ? typed : draft?.newEmail,
      maxLength: 250,
    }),
  ];
}
