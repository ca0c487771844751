import type { View } from '@slack/types';
import { z } from 'zod';
import { PRIORITIES } from '#db/words.ts';
import { LANGUAGES, type Translate } from '#i18n.ts';
import type { Modal } from '#slack/doors.ts';
import { change } from '#tickets/desk.ts';
import { setGroup, setPriority, setSubject, tagTicket } from '#tickets/fields.ts';
import { mustFind, type Ticket } from '#tickets/find.ts';
import { pickLanguage } from '#tickets/language.ts';
import { pendTicket } from '#tickets/pend.ts';
import { mustBeAgent } from '#tickets/roles.ts';
import { waitTicket } from '#tickets/wait.ts';
import { choice, plain, textInput, valueIn } from './fields.ts';

export const FIELDS = 'ticket.fields';

export function fieldsView(data: { ticket: Ticket; number: string; groups: { id: number; name: string }[] }, t: Translate): View {
  const { ticket } = data;
  const statuses = ['keep', 'pending', 'on_hold'];
  return {
    type: 'modal',
    callback_id: FIELDS,
    title: plain(t('modals:fields.title', { number: data.number }).slice(0, 24)),
    submit: plain(t('modals:fields.submit')),
    close: plain(t('modals:close')),
    private_metadata: String(ticket.id),
    blocks: [
      textInput({ block: 'subject', label: t('modals:fields.subject'), initial: ticket.subject }),
      choice({
        block: 'priority',
        label: t('modals:fields.priority'),
        options: PRIORITIES.map((one) => ({ value: one, text: t(`slack:priority.${one}`) })),
        initial: ticket.priority,
      }),
      choice({
        block: 'status',
        label: t('modals:fields.status'),
        options: statuses.map((one) => ({
          value: one,
          text: one === 'keep' ? t(`slack:status.${ticket.status}`) : t(`slack:status.${one}`),
        })),
        initial: 'keep',
      }),
      choice({
        block: 'language',
        label: t('modals:fields.language'),
        options: LANGUAGES.map((one) => ({ value: one, text: t(`modals:language.${one}`) })),
        initial: ticket.language,
      }),
      ...(data.groups.length > 1
        ? [
            choice({
              block: 'group',
              label: t('modals:fields.group'),
              options: data.groups.slice(0, 100).map((group) => ({ value: String(group.id), text: group.name })),
              initial: String(ticket.groupId),
            }),
          ]
        : []),
      textInput({ block: 'tags', label: t('modals:fields.tags'), isOptional: true, initial: ticket.tags.join(', '), maxLength: 500 }),
    ],
  } as View;
}

const input = z.object({
  subject: z.string(),
  priority: z.enum(PRIORITIES),
  status: z.enum(['keep', 'pending', 'on_hold']),
  language: z.enum(LANGUAGES),
  group: z.coerce.number().int().optional(),
  tags: z.string().default(''),
});

/** Only what differs is changed; all of it together or none. */
export const fieldsModal: Modal = {
  id: FIELDS,
  async submit({ desk, person, metadata, state }) {
    const wanted = input.parse(Object.fromEntries(Object.keys(input.shape).map((name) => [name, valueIn(state, name)])));
    const by = { kind: 'person' as const, id: person.id };
    await change(desk, 'change fields', async (tx, desk) => {
      await mustBeAgent(tx, person.id);
      const ticket = await mustFind(tx, Number(metadata));
      const tags = wanted.tags.split(',').map((tag) => tag.trim());
      await setSubject(desk, ticket.id, wanted.subject, by);
      await setPriority(desk, ticket.id, wanted.priority, by);
      await pickLanguage(desk, ticket.id, wanted.language, by);
      await tagTicket(desk, ticket.id, { add: tags, remove: ticket.tags.filter((tag) => !tags.includes(tag)) }, by);
      if (wanted.group) await setGroup(desk, ticket.id, wanted.group, by);
      if (wanted.status === 'pending') await pendTicket(desk, ticket.id, by);
      if (wanted.status === 'on_hold') await waitTicket(desk, ticket.id, by);
    });
  },
};
