import type { View } from '@slack/types';
import { z } from 'zod';
import { CHANNELS, PRIORITIES } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section, STATUS_EMOJI } from '#slack/card.ts';
import { escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { type MessageSource, messageSource } from './create-source.ts';
import { blockOf, choice, plain, textInput, valueIn } from './fields.ts';

export const CREATE = 'ticket.create';

export interface Candidate {
  /** `person:12`, or `new:` and what was typed. */
  value: string;
  text: string;
}

export interface About {
  lines: string[];
  matters: { id: number; name: string; subject: string; status: keyof typeof STATUS_EMOJI }[];
  /** May the caller add to them? */
  isAppendable: boolean;
}

export interface CreateData {
  openedAt: number;
  channel: string;
  requester: Candidate | null;
  /** What choosing the requester brought: shown, not typed. */
  about: About | null;
  isNew: boolean;
  groups: { id: number; name: string }[];
  draft?: { subject?: string | undefined; description?: string | undefined } | undefined;
  /** Set when the ticket is made of a Slack message. */
  source?: MessageSource | undefined;
  /** The requester wrote that message themselves. */
  isOwnMessage?: boolean;
}

const metadata = z.object({
  openedAt: z.number(),
  channel: z.string(),
  source: messageSource.optional(),
});
export type CreateMetadata = z.infer<typeof metadata>;

export function readMetadata(text: string): CreateMetadata {
  return metadata.parse(JSON.parse(text));
}

/** Call mode: opens at once, with what is known without asking anybody. */
export function blankView(known: Pick<CreateData, 'openedAt' | 'channel'>, t: Translate): View {
  return createView({ ...known, requester: null, about: null, isNew: false, groups: [] }, t);
}

export function createView(data: CreateData, t: Translate): View {
  const blocks: Block[] = [
    requesterInput(data, t),
    ...aboutBlocks(data, t),
    ...(data.isNew ? newPersonInputs(data, t) : []),
    ...wordsInputs(data, t),
    choice({
      block: 'channel',
      label: t('modals:create.channel'),
      options: CHANNELS.slice(0, 5).map((one) => ({ value: one, text: t(`modals:channel.${one}`) })),
      initial: data.source ? 'slack' : 'phone',
    }),
    choice({
      block: 'notify',
      label: t('modals:create.notify'),
      options: [
        { value: 'no', text: t('modals:create.notify_no') },
        { value: 'email', text: t('modals:create.notify_email') },
      ],
      initial: 'no',
    }),
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
      channel: data.channel,
      ...(data.source ? { source: data.source } : {}),
    } satisfies CreateMetadata),
    blocks,
  } as View;
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
    block_id: data.requester ? `requester:${data.requester.value.slice(0, 200)}` : 'requester',
    label: plain(t('modals:create.requester')),
    dispatch_action: true,
    element: {
      type: 'external_select',
      action_id: 'create.requester',
      min_query_length: 2,
      placeholder: plain(t('modals:create.requester_placeholder')),
      ...(data.requester
        ? { initial_option: { text: plain(shorten(data.requester.text, 75)), value: data.requester.value.slice(0, 150) } }
        : {}),
    },
  };
}

function aboutBlocks({ about }: CreateData, t: Translate): Block[] {
  if (!about) return [];
  const lines = about.lines.length > 0 ? [context([escape(about.lines.join('  ·  '))])] : [];
  if (about.matters.length === 0) return lines;
  const open = about.matters.map(
    (matter) => `${STATUS_EMOJI[matter.status]} *${escape(matter.name)}* ${escape(shorten(matter.subject, 80))}`,
  );
  const options = [
    { value: 'new', text: t('modals:create.append_no') },
    ...about.matters.map((matter) => ({
      value: String(matter.id),
      text: shorten(t('modals:create.append_to', { number: matter.name, subject: matter.subject }), 75),
    })),
  ];
  return [
    ...lines,
    section(`${escape(t('modals:create.matters'))}\n${open.join('\n')}`),
    ...(about.isAppendable ? [choice({ block: 'append', label: t('modals:create.append'), options, initial: 'new' })] : []),
  ];
}

function newPersonInputs({ requester }: CreateData, t: Translate): Block[] {
  const typed = requester?.value.slice('new:'.length) ?? '';
  const isName = !typed.includes('@') && !/^\+?[\d\s()-]{5,}$/.test(typed);
  return [
    textInput({
      block: 'new_name',
      label: t('modals:create.new_name'),
      isOptional: true,
      initial: isName ? typed : undefined,
      maxLength: 120,
    }),
    textInput({
      block: 'new_email',
      label: t('modals:create.new_email'),
      isOptional: true,
      initial: typed.includes('@') ? typed : undefined,
      maxLength: 250,
    }),
  ];
}

const input = z.object({
  requester: z.string({ error: 'ticket.requester_missing' }),
  subject: z.string({ error: 'ticket.subject_missing' }),
  description: z.string({ error: 'ticket.description_missing' }),
  channel: z.enum(CHANNELS),
  notify: z.enum(['no', 'email']),
  priority: z.enum(PRIORITIES),
  group: z.coerce.number().int().optional(),
  append: z.string().default('new'),
  newName: z.string().optional(),
  newEmail: z.email('ticket.requester_unclear').optional(),
});
export type CreateInput = z.infer<typeof input>;

/** What was typed, or which block says what is missing. Errors are keys of `failures`. */
export function parseCreate(state: unknown): { input: CreateInput } | { errors: Record<string, string> } {
  const names: Record<string, string> = { newName: 'new_name', newEmail: 'new_email' };
  const block = (name: string) => blockOf(state, names[name] ?? name);
  const read = (name: string) => valueIn(state, block(name));
  const result = input.safeParse(Object.fromEntries(Object.keys(input.shape).map((name) => [name, read(name)])));
  if (result.success) return { input: result.data };
  return {
    errors: Object.fromEntries(result.error.issues.map((issue) => [block(String(issue.path[0])), issue.message])),
  };
}
