import type { View } from '@slack/types';
import { z } from 'zod';
import { LANGUAGES, type Translate } from '#i18n.ts';
import { section } from '#slack/card.ts';
import type { Modal } from '#slack/doors.ts';
import { type HomeState, readState, stateText } from '#slack/home/state.ts';
import { homeWish } from '#slack/jobs/home.ts';
import { bold, escape, shorten } from '#slack/mrkdwn.ts';
import { addAddress } from '#tickets/add-address.ts';
import { type Address, type AddressDraft, markOf } from '#tickets/addresses.ts';
import { change, queue } from '#tickets/desk.ts';
import { editAddress } from '#tickets/edit-address.ts';
import { cleanName } from '#tickets/people.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { checkbox, choice, isTickedIn, plain, textInput, valueIn } from './fields.ts';
import { MAX_MODAL_WORD } from './mailbox-login.ts';

export const ADDRESS = 'address.edit';
/** A choice of nothing in particular. */
const NONE = 'none';
const MAX_OPTIONS = 99;
const MAX_NAME = 120;
const ADDRESS_SHAPE = /^[^\s<>@"(),;:\\[\]]{1,64}@[^\s<>@"(),;:\\[\]]{1,250}$/;

export interface AddressFormData {
  address: Address | null;
  groups: ReadonlyMap<number, string>;
  /** Those that send. */
  mailboxes: ReadonlyMap<number, string>;
  home: HomeState;
}

const metadata = z.object({ addressId: z.number().int().nullable(), mark: z.string(), home: z.string() });

export function addressView(data: AddressFormData, t: Translate): View {
  const { address, home } = data;
  const about = { addressId: address?.id ?? null, mark: address ? markOf(address) : '', home: stateText(home) };
  return {
    type: 'modal',
    callback_id: ADDRESS,
    title: plain(shorten(t(address ? 'mailboxes:address.title_edit' : 'mailboxes:address.title_add'), MAX_MODAL_WORD)),
    submit: plain(shorten(t('mailboxes:settings.submit'), MAX_MODAL_WORD)),
    close: plain(shorten(t('mailboxes:button.cancel'), MAX_MODAL_WORD)),
    private_metadata: JSON.stringify(about satisfies z.infer<typeof metadata>),
    blocks: [
      address
        ? section(bold(escape(shorten(address.address, MAX_NAME))))
        : textInput({ block: 'address', label: t('mailboxes:address.address'), placeholder: 'support@example.com' }),
      textInput({
        block: 'display_name',
        label: t('mailboxes:address.display_name'),
        hint: t('mailboxes:address.display_name_hint'),
        initial: address?.displayName,
        maxLength: MAX_NAME,
      }),
      ...choices(data, t),
      checkbox({
        block: 'default',
        label: t('mailboxes:address.default'),
        text: t('mailboxes:address.default_text'),
        isTicked: address?.isDefault ?? false,
      }),
    ],
  } as View;
}

function choices({ address, groups, mailboxes }: AddressFormData, t: Translate) {
  return [
    choice({
      block: 'group',
      label: t('mailboxes:address.group'),
      options: options(groups, address?.groupId),
      initial: String(address?.groupId ?? [...groups.keys()][0] ?? ''),
    }),
    choice({
      block: 'language',
      label: t('mailboxes:address.language'),
      options: [
        { value: NONE, text: t('mailboxes:address.any_language') },
        ...LANGUAGES.map((one) => ({ value: one as string, text: t(`rules:language.${one}`) })),
      ],
      initial: address?.language ?? NONE,
    }),
    choice({
      block: 'mailbox',
      label: t('mailboxes:address.mailbox'),
      options: [{ value: NONE, text: t('mailboxes:address.through_environment') }, ...options(mailboxes, address?.mailboxId)],
      initial: address?.mailboxId ? String(address.mailboxId) : NONE,
      hint: t('mailboxes:address.mailbox_hint'),
    }),
  ];
}

/** The one that is chosen is always among them, however many there are. */
function options(all: ReadonlyMap<number, string>, chosen: number | null | undefined): { value: string; text: string }[] {
  const chosenFirst = [...all].toSorted(([one], [other]) => Number(other === chosen) - Number(one === chosen));
  return chosenFirst.slice(0, MAX_OPTIONS).map(([id, text]) => ({ value: String(id), text }));
}

export const addressModal: Modal = {
  id: ADDRESS,
  fields: { 'address.taken': 'address', 'address.one_default': 'default', 'address.group_gone': 'group', 'mailbox.gone': 'mailbox' },
  async submit({ desk, person, user, t, metadata: text, state }) {
    await mustBeAdmin(desk.db, person.id);
    const { addressId, mark, home } = metadata.parse(JSON.parse(text));
    const draft = draftIn(state);
    const address = valueIn(state, 'address') ?? '';
    if (addressId === null && !ADDRESS_SHAPE.test(address)) return { errors: { address: t('mailboxes:error.address') } };
    if (draft.displayName === '') return { errors: { display_name: t('mailboxes:error.display_name') } };
    if (addressId === null) await addAddress(desk, { ...draft, address }, person.id);
    else await editAddress(desk, { addressId, mark, draft, byId: person.id });
    await change(desk, 'home after address', (tx, desk) => queue(desk, tx, homeWish(desk, user.id, readState(home))));
    return undefined;
  },
};

function draftIn(state: unknown): AddressDraft {
  const language = valueIn(state, 'language') ?? NONE;
  const mailbox = valueIn(state, 'mailbox') ?? NONE;
  return {
    displayName: cleanName(valueIn(state, 'display_name')),
    groupId: Number(valueIn(state, 'group')),
    language: LANGUAGES.find((one) => one === language) ?? null,
    mailboxId: mailbox === NONE ? null : Number(mailbox),
    isDefault: isTickedIn(state, 'default'),
  };
}
