import type { View } from '@slack/types';
import { z } from 'zod';
import { PRIORITIES } from '#db/words.ts';
import { LANGUAGES, type Translate } from '#i18n.ts';
import type { Modal } from '#slack/doors.ts';
import { type Actor, change, type Desk } from '#tickets/desk.ts';
import { setGroup, setPriority, setSubject, tagTicket } from '#tickets/fields.ts';
import type { Ticket } from '#tickets/find.ts';
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
    private_metadata: JSON.stringify({ ticketId: ticket.id, shown: shownOf(ticket) }),
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
      textInput({ block: 'tags', label: t('modals:fields.tags'), isOptional: true, initial: ticket.tags.join(', '), maxLength: 3_000 }),
    ],
  } as View;
}

type Shown = Pick<Ticket, 'subject' | 'priority' | 'language' | 'groupId' | 'tags'>;

/** What the form began with: others may change the ticket while it is open. */
function shownOf({ subject, priority, language, groupId, tags }: Ticket): Shown {
  return { subject, priority, language, groupId, tags };
}

const input = z.object({
  subject: z.string(),
  priority: z.enum(PRIORITIES),
  status: z.enum(['keep', 'pending', 'on_hold']),
  language: z.enum(LANGUAGES),
  group: z.coerce.number().int().optional(),
  tags: z.string().default(''),
});
type Input = z.output<typeof input>;

/** Only what the person changed in the form is changed; all of it together or none. */
export const fieldsModal: Modal = {
  id: FIELDS,
  async submit({ desk, person, metadata, state, t }) {
    const read = input.safeParse(Object.fromEntries(Object.keys(input.shape).map((name) => [name, valueIn(state, name)])));
    if (!read.success) return { errors: { subject: t('failures:subject.empty') } };
    const { ticketId, shown } = JSON.parse(metadata) as { ticketId: number; shown: Shown };
    await change(desk, 'change fields', async (tx, desk) => {
      await mustBeAgent(tx, person.id);
      await changeFields(desk, { ticketId, shown, wanted: read.data }, { kind: 'person', id: person.id });
    });
    return undefined;
  },
};

async function changeFields(desk: Desk, form: { ticketId: number; shown: Shown; wanted: Input }, by: Actor): Promise<void> {
  const { ticketId, shown, wanted } = form;
  const tags = wanted.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  if (wanted.subject !== shown.subject.trim()) await setSubject(desk, ticketId, wanted.subject, by);
  if (wanted.priority !== shown.priority) await setPriority(desk, ticketId, wanted.priority, by);
  if (wanted.language !== shown.language) await pickLanguage(desk, ticketId, wanted.language, by);
  const [add, remove] = [tags.filter((tag) => !shown.tags.includes(tag)), shown.tags.filter((tag) => !tags.includes(tag))];
  if (add.length + remove.length > 0) await tagTicket(desk, ticketId, { add, remove }, by);
  if (wanted.group && wanted.group !== shown.groupId) await setGroup(desk, ticketId, wanted.group, by);
  if (wanted.status === 'pending') await pendTicket(desk, ticketId, by);
  if (wanted.status === 'on_hold') await waitTicket(desk, ticketId, by);
}
